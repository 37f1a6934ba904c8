package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import me.musclemap.api.cost.Costs;
import me.musclemap.api.store.Database;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The service made as dear as the real product says so everywhere, and is. */
@ExtendWith(SharedStack.class)
class CostProfileTest {
    private static final String EXERCISES = "query Exercises { exercises(limit: 5) { id } }";

    private final TestStack stack;
    private final HttpClient client = HttpClient.newHttpClient();

    CostProfileTest(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void itIsLabelled() throws Exception {
        try (var dear = stack.asDearAsProduction()) {
            HttpResponse<String> health = get(dear.port(), "/health");
            assertThat(TestStack.json(health.body()).at("/costProfile").asText())
                    .isEqualTo("production");
            assertThat(health.headers().firstValue("X-Cost-Profile")).hasValue("production");
            assertThat(get(dear.port(), "/metrics").body()).contains("headroom_cost_profile{profile=\"production\"} 1");
            assertThat(ask(dear.port(), EXERCISES).headers().firstValue("X-Cost-Profile"))
                    .hasValue("production");
        }
        assertThat(TestStack.json(stack.get("/health").body())
                        .at("/costProfile")
                        .asText())
                .isEqualTo("reference");
        assertThat(stack.get("/health").headers().firstValue("X-Cost-Profile")).isEmpty();
    }

    /** Twenty requests of 5.4 ms each, by the threads that answer requests and nobody else's. */
    @Test
    void aRequestCostsWhatWasMeasuredAndDoesNotWithoutTheProfile() throws Exception {
        int requests = 20;
        double measured = requests * figures().at("/Exercises/apiSeconds").asDouble();
        try (var usual = stack.another(0, Api.Sharing.USUAL);
                var dear = stack.asDearAsProduction()) {
            ask(usual.port(), EXERCISES);
            ask(dear.port(), EXERCISES);
            double usualSeconds = serverSeconds(usual.port(), requests);
            double dearSeconds = serverSeconds(dear.port(), requests);
            assertThat(dearSeconds).isGreaterThanOrEqualTo(0.95 * measured);
            assertThat(usualSeconds).as("the same without the profile").isLessThan(0.8 * measured);
        }
    }

    private double serverSeconds(int port, int requests) throws Exception {
        long before = serverNanos();
        for (int i = 0; i < requests; i++) {
            assertThat(ask(port, EXERCISES).body()).contains("ex-001");
        }
        return (serverNanos() - before) / 1e9;
    }

    private static long serverNanos() {
        var threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("http"))
                .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getThreadId())))
                .sum();
    }

    @Test
    void eachOperationCostsItsOwnFigureHereAndInPostgres() throws Exception {
        var telemetry =
                Telemetry.start(TelemetryConfig.of("reference-api", "test").logFrom("ERROR"));
        try (var database = Database.open(
                stack.databases().jdbcUrl(),
                List.of(),
                stack.databases().user(),
                stack.databases().password(),
                1,
                telemetry)) {
            Costs costs = Costs.production(database);
            var threads = ManagementFactory.getThreadMXBean();
            costs.charge("Login", Costs.ANY_MUTATION, () -> "warm");
            for (var figure : figures().properties()) {
                long before = threads.getCurrentThreadCpuTime();
                costs.charge(figure.getKey(), "", () -> "done");
                double seconds = (threads.getCurrentThreadCpuTime() - before) / 1e9;
                double asked = figure.getValue().get("apiSeconds").asDouble();
                assertThat(seconds).as(figure.getKey()).isBetween(asked, 3 * asked + 0.01);
            }
            long before = threads.getCurrentThreadCpuTime();
            costs.charge("of no figure", Costs.ANY_MUTATION, () -> "done");
            assertThat((threads.getCurrentThreadCpuTime() - before) / 1e9)
                    .isGreaterThanOrEqualTo(
                            figures().at("/any mutation/apiSeconds").asDouble());
            assertThat(telemetry.registry().find("db.client.operation.duration").timers().stream()
                            .filter(timer ->
                                    "cost.postgres".equals(timer.getId().getTag("db_operation_name")))
                            .mapToLong(Timer::count)
                            .sum())
                    .as("work that PostgreSQL was given")
                    .isGreaterThanOrEqualTo(10);
        } finally {
            telemetry.registry().close(); // not the logging, which the whole process shares
        }
    }

    private static JsonNode figures() throws Exception {
        try (var in = Costs.class.getResourceAsStream("/cost-profiles/production.json")) {
            return new ObjectMapper().readTree(in).get("operations");
        }
    }

    private HttpResponse<String> ask(int port, String query) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/graphql"))
                .header("Authorization", "Bearer " + stack.token(2))
                .POST(BodyPublishers.ofString("{\"query\":\"" + query + "\"}"));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
