package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is left when something is gone. Kills what it starts, so it has a stack of its own. */
class DegradationTest {
    @Test
    void withoutRedisItAnswersAndWithoutPostgresItSaysWhenToComeBack() throws IOException {
        var received = new AtomicReference<>(new byte[0]);
        HttpServer collector = collector(received);
        try (var stack = TestStack.start(
                URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/"))) {
            String beacon = "{\"metric\":\"LCP\",  \"value\": 1, \"page\":\"/käse\"}";
            assertThat(stack.send("POST", "/api/vitals", beacon, null, Map.of("Content-Type", "text/plain"))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(received.get())
                    .as("byte for byte")
                    .isEqualTo(beacon.getBytes(java.nio.charset.StandardCharsets.UTF_8));

            kill(stack.databases().redisPid());
            assertThat(stack.data("{ me { id } }", Map.of(), stack.token(1))
                            .at("/me/id")
                            .asText())
                    .isEqualTo(TestStack.DATA.userId(1));
            assertThat(stack.data("{ exercises(limit: 500) { id } }", Map.of(), null)
                            .get("exercises"))
                    .hasSize(218);
            assertThat(stack.data("{ communityPresence { redisEnabled } }", Map.of(), null)
                            .at("/communityPresence/redisEnabled")
                            .asBoolean())
                    .isFalse();
            assertThat(TestStack.json(stack.get("/health").body()).at("/status").asText())
                    .isEqualTo("degraded");
            assertThat(stack.get("/ready").statusCode()).isEqualTo(200);
            assertThat(stack.send("POST", "/api/auth/refresh", "", null, Map.of("Cookie", "refresh_token=x"))
                            .statusCode())
                    .isEqualTo(503);

            kill(stack.databases().postgresPid());
            long began = System.nanoTime();
            HttpResponse<String> answer = stack.post("{ me { id } }", Map.of(), stack.token(1));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body())
                    .contains("SERVICE_UNAVAILABLE")
                    .doesNotContain("Exception")
                    .doesNotContain("jdbc");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as("soon").isLessThan(Duration.ofSeconds(10));
            assertThat(stack.get("/ready").statusCode()).isEqualTo(503);
            var health = TestStack.json(stack.get("/health").body());
            assertThat(health.at("/status").asText()).isEqualTo("degraded");
            assertThat(health.at("/degraded")).hasSize(2);

            stack.databases().revive();
            for (int attempt = 0; attempt < 200 && answer.statusCode() != 200; attempt++) {
                answer = stack.post("{ me { id } }", Map.of(), stack.token(1));
                pause();
            }
            assertThat(TestStack.json(answer.body()).at("/data/me/id").asText())
                    .as("it recovers by itself")
                    .isEqualTo(TestStack.DATA.userId(1));
            for (int attempt = 0; attempt < 200 && health.at("/degraded").size() > 0; attempt++) {
                health = TestStack.json(stack.get("/health").body());
                pause();
            }
            assertThat(health.at("/status").asText()).isEqualTo("ok");
        } finally {
            collector.stop(0);
        }
    }

    /** A Redis that hangs is worse than one that is gone: nobody refuses the connection. */
    @Test
    void aRedisThatHangsCostsPatienceOnlyWhereNothingCanReplaceIt() throws Exception {
        try (var stack = TestStack.start()) {
            String login = "mutation($input: LoginInput!) { login(input: $input) { token } }";
            var input = Map.of("email", "user71@headroom.example", "password", "headroom-7");
            String cookie = stack.post(login, Map.of("input", input), null)
                    .headers()
                    .firstValue("Set-Cookie")
                    .orElseThrow();
            stack.data("{ me { id } }", Map.of(), stack.token(1));
            signal("STOP", stack.databases().redisPid());
            try {
                stack.data("{ me { id } }", Map.of(), stack.token(1)); // finds out
                long began = System.nanoTime();
                for (int i = 0; i < 40; i++) {
                    stack.data("{ me { id } myStats { level } }", Map.of(), stack.token(i));
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as("two values each, a quarter of a second each, would be 20 s")
                        .isLessThan(Duration.ofSeconds(10));
                var renewed = CompletableFuture.supplyAsync(() -> stack.send(
                        "POST",
                        "/api/auth/refresh",
                        "",
                        null,
                        Map.of("Cookie", cookie.substring(0, cookie.indexOf(';')))));
                Thread.sleep(600); // longer than a question that something else can answer would wait
                signal("CONT", stack.databases().redisPid());
                assertThat(renewed.get().statusCode()).isEqualTo(200);
            } finally {
                signal("CONT", stack.databases().redisPid());
            }
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
                        .start()
                        .waitFor())
                .isZero();
    }

    private static HttpServer collector(AtomicReference<byte[]> received) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/vitals", exchange -> {
            received.set(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }
}
