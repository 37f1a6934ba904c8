package me.musclemap.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vitals on their way through the API, seen from the collector's side. */
@SuppressWarnings("NullAway.Init") // set before each test
class VitalsTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Headers received = new Headers();
    private volatile int status = 204;
    private HttpServer collector;
    private Javalin api;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/api/vitals", exchange -> {
            received = exchange.getRequestHeaders();
            if (status != 204) {
                exchange.getResponseHeaders().set("Retry-After", "30");
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        collector.start();
        var vitals = new Vitals(Optional.of(
                URI.create("http://127.0.0.1:" + collector.getAddress().getPort())));
        api = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.post("/api/vitals", context -> context.future(() -> vitals.forward(context)));
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        api.stop();
        collector.stop(0);
    }

    @Test
    void whatTheCollectorLooksAtArrivesAndNothingElse() throws Exception {
        String[] passed = {
            "Sec-GPC", "1",
            "DNT", "1",
            "Referer", "https://mm.example/workouts",
            "Origin", "https://mm.example",
            "User-Agent", "a browser",
            "CF-IPCountry", "DE",
            "CF-Connecting-IP", "203.0.113.9"
        };

        post(passed, "Cookie", "session=secret", "Authorization", "Bearer secret");

        for (int i = 0; i < passed.length; i += 2) {
            assertThat(received.getFirst(passed[i])).as(passed[i]).isEqualTo(passed[i + 1]);
        }
        assertThat(received).doesNotContainKeys("Cookie", "Authorization");
    }

    @Test
    void theAddressThatWeSawFollowsThoseThatWeAreTold() throws Exception {
        post(new String[0]);
        assertThat(received.get("X-Forwarded-For")).containsExactly("127.0.0.1");

        post(new String[] {"X-Forwarded-For", "198.51.100.7", "X-Forwarded-For", "203.0.113.9"});
        assertThat(received.get("X-Forwarded-For")).containsExactly("198.51.100.7, 203.0.113.9, 127.0.0.1");
    }

    @Test
    void whoIsToldToWaitIsToldHowLong() throws Exception {
        status = 429;

        HttpResponse<String> answer = post(new String[0]);

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("30");
    }

    private HttpResponse<String> post(String[] headers, String... more) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/api/vitals"))
                .timeout(Duration.ofSeconds(20))
                .POST(BodyPublishers.ofString("{}"));
        for (String[] some : new String[][] {headers, more}) {
            for (int i = 0; i < some.length; i += 2) {
                request.header(some[i], some[i + 1]);
            }
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
