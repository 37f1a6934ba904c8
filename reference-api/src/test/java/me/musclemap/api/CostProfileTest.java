package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The service made as dear as the real product says so everywhere, and is. */
@ExtendWith(SharedStack.class)
class CostProfileTest {
    private final TestStack stack;

    CostProfileTest(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void itIsLabelledAndCostsAtLeastWhatWasMeasured() throws Exception {
        try (var dear = stack.asDearAsProduction()) {
            HttpResponse<String> health = get(dear.port(), "/health");
            assertThat(TestStack.json(health.body()).at("/costProfile").asText())
                    .isEqualTo("production");
            assertThat(health.headers().firstValue("X-Cost-Profile")).hasValue("production");
            assertThat(get(dear.port(), "/metrics").body()).contains("headroom_cost_profile{profile=\"production\"} 1");
            var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long before = system.getProcessCpuTime();
            for (int i = 0; i < 20; i++) {
                var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dear.port() + "/api/graphql"))
                        .header("Authorization", "Bearer " + stack.token(2))
                        .POST(BodyPublishers.ofString("{\"query\":\"query Me { me { id } }\"}"));
                assertThat(HttpClient.newHttpClient()
                                .send(request.build(), BodyHandlers.ofString())
                                .body())
                        .contains(TestStack.DATA.userId(2));
            }
            assertThat(system.getProcessCpuTime() - before).isGreaterThan(20 * 2_000_000L);
        }
        assertThat(TestStack.json(stack.get("/health").body())
                        .at("/costProfile")
                        .asText())
                .isEqualTo("reference");
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }
}
