package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is left when something is gone. Kills what it starts, so it has a stack of its own. */
class DegradationTest {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @AfterAll
    static void stopThreads() {
        THREADS.shutdownNow();
    }

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

            for (int i = 1; i <= 61; i++) {
                assertThat(stack.send("GET", "/api/muscles", "", null, Map.of("X-Forwarded-For", "192.0.2.50"))
                                .statusCode())
                        .as("request %d of a minute, counted in this process", i)
                        .isEqualTo(i <= 60 ? 200 : 429);
            }

            kill(stack.databases().postgresPid());
            long began = System.nanoTime();
            HttpResponse<String> answer = stack.post("{ me { id } }", Map.of(), stack.token(1));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body())
                    .contains("SERVICE_UNAVAILABLE")
                    .doesNotContain("Exception")
                    .doesNotContain("jdbc");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as("soon").isLessThan(Duration.ofSeconds(5));
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

    /** A PostgreSQL that hangs refuses nothing: who asks it would wait for the longest timeout, which is 15 s. */
    @Test
    void aPostgresThatHangsIsFoundOutAndASlowStatementIsNotCut() throws Exception {
        try (var stack = TestStack.start()) {
            HttpResponse<String> login = stack.post(
                    "mutation { login(input: {email: \"user70@headroom.example\", password: \"headroom-6\"}) { token } }",
                    Map.of(),
                    null);
            String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
            String session = session(stack);
            assertThat(logSetBehindALock(stack, session)).as("slow, not lost").contains("\"reps\":7");

            List<ProcessHandle> stopped = new ArrayList<>();
            try {
                long began = System.nanoTime();
                signalAll("STOP", stack.databases().postgresPid(), stopped);
                var waiting = new ArrayList<CompletableFuture<HttpResponse<String>>>();
                for (int i = 0; i < 20; i++) {
                    int user = i;
                    waiting.add(CompletableFuture.supplyAsync(
                            () -> stack.post("{ activeWorkoutSession { id } }", Map.of(), stack.token(user)), THREADS));
                }
                for (var one : waiting) {
                    assertThat(one.get().statusCode()).isEqualTo(503);
                    assertThat(one.get().headers().firstValue("Retry-After")).isPresent();
                }
                for (int i = 0; i < 40; i++) {
                    assertThat(stack.post("{ activeWorkoutSession { id } }", Map.of(), stack.token(i))
                                    .statusCode())
                            .isEqualTo(503);
                }
                assertThat(stack.send("POST", "/api/auth/refresh", "", null, Map.of("Cookie", cookie))
                                .statusCode())
                        .isEqualTo(503);
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as("one waits 15 s without a watch, and 40 that wait 0.9 s for a connection 36 s")
                        .isLessThan(Duration.ofSeconds(10));
            } finally {
                signal("CONT", stopped);
            }
            assertThat(untilItAnswers(stack)).isEqualTo(session);
            assertThat(stack.send("POST", "/api/auth/refresh", "", null, Map.of("Cookie", cookie))
                            .statusCode())
                    .as("the token of a renewal that failed is good")
                    .isEqualTo(200);
        }
    }

    private static String session(TestStack stack) {
        return stack.data("{ activeWorkoutSession { id } }", Map.of(), stack.token(90))
                .at("/activeWorkoutSession/id")
                .asText();
    }

    /** The only statement there is waits two seconds for a lock, which is longer than a server may be silent. */
    private static String logSetBehindALock(TestStack stack, String session) throws Exception {
        try (Connection blocker = DriverManager.getConnection(
                stack.databases().jdbcUrl(),
                stack.databases().user(),
                stack.databases().password())) {
            blocker.setAutoCommit(false);
            blocker.createStatement()
                    .execute("select 1 from active_workout_sessions where id = '" + session + "' for update");
            var answer = CompletableFuture.supplyAsync(
                    () -> stack.post(
                                    "mutation($s: ID!) { logSet(input: {sessionId: $s, exerciseId: \"ex-001\", "
                                            + "setNumber: 1, reps: 7}) { setLogged { reps } } }",
                                    Map.of("s", session),
                                    stack.token(90))
                            .body(),
                    THREADS);
            Thread.sleep(2_000);
            blocker.rollback();
            return answer.get();
        }
    }

    private static String untilItAnswers(TestStack stack) {
        HttpResponse<String> answer = stack.post("{ activeWorkoutSession { id } }", Map.of(), stack.token(90));
        for (int attempt = 0; attempt < 200 && answer.statusCode() != 200; attempt++) {
            pause();
            answer = stack.post("{ activeWorkoutSession { id } }", Map.of(), stack.token(90));
        }
        return TestStack.json(answer.body()).at("/data/activeWorkoutSession/id").asText();
    }

    /** A server and all its children: one that is alone would leave those at work that are connected. */
    private static void signalAll(String name, long pid, List<ProcessHandle> reached) throws Exception {
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        reached.add(server);
        server.descendants().forEach(reached::add);
        signal(name, reached);
    }

    private static void signal(String name, List<ProcessHandle> processes) throws Exception {
        String pids = processes.stream().map(one -> Long.toString(one.pid())).collect(Collectors.joining(" "));
        // One of them may have ended since.
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + pids).start().waitFor();
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
