package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several instances over the same databases. */
@ExtendWith(SharedStack.class)
class InstancesTest {
    private final TestStack stack;

    InstancesTest(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void whatIsSentOnOneInstanceIsHeardOnTheOther() throws InterruptedException {
        JsonNode conversation = stack.data("{ conversations { id participants { userId } } }", Map.of(), stack.token(0))
                .at("/conversations/0");
        String id = conversation.get("id").asText();
        int other = userOf(conversation.at("/participants"), 0);
        try (TestStack.Instance second = stack.another(0, Api.Sharing.USUAL)) {
            var socket = TestSocket.open(
                    URI.create("http://127.0.0.1:" + second.port() + "/api/messaging/ws?token=" + stack.token(other)));
            socket.say("{\"type\":\"ping\"}");
            assertThat(socket.next()).isEqualTo("{\"type\":\"pong\"}");
            // The subscription is on its way while the pong is: the first messages may come before it.
            String heard = "";
            for (int attempt = 0; heard.isEmpty() && attempt < 50; attempt++) {
                stack.data(
                        "mutation($c: ID!, $t: String!) { sendMessage(conversationId: $c, content: $t) { id } }",
                        Map.of("c", id, "t", "hello from afar"),
                        stack.token(0));
                heard = socket.poll(200);
            }
            assertThat(TestStack.json(heard).at("/data/content").asText()).isEqualTo("hello from afar");
            assertThat(TestStack.json(heard).at("/data/conversationId").asText())
                    .isEqualTo(id);

            var sender = TestSocket.open(stack.url("/api/messaging/ws?token=" + stack.token(0)));
            sender.say("{\"type\":\"typing\",\"conversationId\":\"" + id + "\"}");
            assertThat(TestStack.json(socket.next("typing")).at("/data/userId").asText())
                    .isEqualTo(TestStack.DATA.userId(0));
            assertThat(stack.data(
                                    "query($c: ID!) { typingUsers(conversationId: $c) { userId } }",
                                    Map.of("c", id),
                                    stack.token(other))
                            .at("/typingUsers/0/userId")
                            .asText())
                    .isEqualTo(TestStack.DATA.userId(0));
            sender.abort();
            socket.abort();
        }
    }

    private static int userOf(JsonNode participants, int not) {
        for (JsonNode participant : participants) {
            for (int i = 0; i < 500; i++) {
                if (i != not
                        && TestStack.DATA
                                .userId(i)
                                .equals(participant.get("userId").asText())) {
                    return i;
                }
            }
        }
        throw new AssertionError("nobody else in " + participants);
    }

    @Test
    void theCommunityHearsOfAFinishedWorkout() throws InterruptedException {
        var socket = TestSocket.open(stack.url("/api/community/ws/public"));
        assertThat(TestStack.json(socket.next()).at("/type").asText()).isEqualTo("snapshot");
        String session = stack.data("{ activeWorkoutSession { id } }", Map.of(), stack.token(90))
                .at("/activeWorkoutSession/id")
                .asText();
        stack.data(
                "mutation($in: CompleteWorkoutSessionInput!) { completeWorkoutSession(input: $in) { totalSets } }",
                Map.of("in", Map.of("sessionId", session)),
                stack.token(90));
        String heard = socket.next("activity");
        assertThat(TestStack.json(heard).at("/data/type").asText()).isEqualTo("workout.completed");
        assertThat(heard).doesNotContain(TestStack.DATA.userId(90));
        socket.abort();
    }

    @Test
    void twoInstancesShareAPortWithoutAffinity() throws Exception {
        int port = free();
        var sharing = new Api.Sharing(true, 100, false);
        try (TestStack.Instance first = stack.another(port, sharing);
                TestStack.Instance second = stack.another(port, sharing)) {
            assertThat(second.port()).isEqualTo(first.port());
            String session = "";
            for (int i = 0; i < 20; i++) {
                // A new connection each time, so that the kernel chooses again.
                HttpClient client = HttpClient.newHttpClient();
                String query = i == 0
                        ? "mutation { startWorkoutSession(input: {}) { session { id } } }"
                        : "{ activeWorkoutSession { id } }";
                var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/graphql"))
                        .header("Authorization", "Bearer " + stack.token(91))
                        .POST(BodyPublishers.ofString("{\"query\":\"" + query + "\"}"));
                HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                JsonNode data = TestStack.json(answer.body()).get("data");
                String id = data.findValue("id").asText();
                session = session.isEmpty() ? id : session;
                assertThat(id).isEqualTo(session);
            }
            assertThat(requests(first)).as("the kernel gave some to the one").isPositive();
            assertThat(requests(second)).as("and some to the other").isPositive();
        }
    }

    private static long requests(TestStack.Instance instance) {
        return instance.telemetry().registry().find("http.server.request.duration").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private static int free() throws IOException {
        try (var probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    @Test
    void whoIsStillWorkedOnIsAnsweredBeforeTheEnd() throws Exception {
        String session = stack.data("{ activeWorkoutSession { id } }", Map.of(), stack.token(92))
                .at("/activeWorkoutSession/id")
                .asText();
        TestStack.Instance instance = stack.another(0, Api.Sharing.USUAL);
        var socket = TestSocket.open(URI.create("http://127.0.0.1:" + instance.port() + "/api/live/stream"));
        CompletableFuture<HttpResponse<String>> answer;
        CompletableFuture<Void> closed;
        try (Connection blocker = DriverManager.getConnection(
                stack.databases().jdbcUrl(),
                stack.databases().user(),
                stack.databases().password())) {
            blocker.setAutoCommit(false);
            blocker.createStatement()
                    .execute("select 1 from active_workout_sessions where id = '" + session + "' for update");
            String body =
                    "{\"query\":\"mutation($in: LogSetInput!) { logSet(input: $in) { setLogged { reps } } }\",\"variables\":{\"in\":{\"sessionId\":\""
                            + session + "\",\"exerciseId\":\"ex-001\",\"setNumber\":9,\"reps\":9}}}";
            answer = HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + instance.port() + "/api/graphql"))
                                    .header("Authorization", "Bearer " + stack.token(92))
                                    .POST(BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.ofString());
            awaitBlocked(blocker);
            closed = CompletableFuture.runAsync(instance::close);
            assertThat(socket.next()).isEqualTo("closed 1001 the server is stopping");
            blocker.rollback();
        }
        assertThat(answer.get().body()).contains("\"reps\":9");
        closed.get();
    }

    private static void awaitBlocked(Connection connection) throws Exception {
        awaitBlocked(connection, 1);
    }

    private static void awaitBlocked(Connection connection, int many) throws Exception {
        for (int attempt = 0; attempt < 400; attempt++) {
            // Within a transaction PostgreSQL keeps the list of its processes as it was first asked for.
            connection.createStatement().execute("select pg_stat_clear_snapshot()");
            try (var rows = connection
                    .createStatement()
                    .executeQuery("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")) {
                rows.next();
                if (rows.getInt(1) >= many) {
                    return;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("fewer than " + many + " wait for the lock");
    }

    /** More work than fits is refused at once; what was let in is answered, and nothing piles up behind it. */
    @Test
    void whatDoesNotFitIsRefusedAndWhatWasLetInIsAnswered() throws Exception {
        int fits = 4;
        String session = stack.data("{ activeWorkoutSession { id } }", Map.of(), stack.token(96))
                .at("/activeWorkoutSession/id")
                .asText();
        HttpClient client = HttpClient.newHttpClient();
        try (TestStack.Instance narrow = stack.narrow(fits);
                Connection blocker = DriverManager.getConnection(
                        stack.databases().jdbcUrl(),
                        stack.databases().user(),
                        stack.databases().password())) {
            blocker.setAutoCommit(false);
            blocker.createStatement()
                    .execute("select 1 from active_workout_sessions where id = '" + session + "' for update");
            var letIn = new java.util.ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < fits; i++) {
                letIn.add(client.sendAsync(
                        graphql(
                                narrow.port(),
                                "mutation { logSet(input: {sessionId: \\\"" + session
                                        + "\\\", exerciseId: \\\"ex-001\\\", setNumber: 1, reps: " + (i + 1)
                                        + "}) { setLogged { reps } } }"),
                        BodyHandlers.ofString()));
            }
            awaitBlocked(blocker, fits);
            for (int i = 0; i < 30; i++) {
                HttpResponse<String> refused =
                        client.send(graphql(narrow.port(), "{ me { id } }"), BodyHandlers.ofString());
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            }
            var probe = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + narrow.port() + "/health"))
                    .build();
            assertThat(client.send(probe, BodyHandlers.ofString()).statusCode())
                    .as("probes are let in")
                    .isEqualTo(200);
            blocker.rollback();
            for (var answer : letIn) {
                assertThat(answer.get().body()).contains("\"reps\":");
            }
            assertThat(client.send(graphql(narrow.port(), "{ me { id } }"), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private HttpRequest graphql(int port, String query) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/graphql"))
                .header("Authorization", "Bearer " + stack.token(96))
                .POST(BodyPublishers.ofString("{\"query\":\"" + query + "\"}"))
                .build();
    }

    @Test
    void aSocketBeyondTheBoundIsToldToComeBack() {
        try (TestStack.Instance small = stack.another(0, new Api.Sharing(false, 0, false))) {
            assertThat(statusOf(small.port(), "13")).isEqualTo("503");
            assertThat(statusOf(small.port(), "8")).isEqualTo("426");
        }
    }

    private static String statusOf(int port, String version) {
        try (var socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET /api/live/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: " + version
                                    + "\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(12);
            return new String(head, 9, 3, java.nio.charset.StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A client that opens a socket and then reads nothing. */
    @Test
    void whoReadsTooSlowlyIsDisconnectedAndHoldsNothing() throws Exception {
        try (var deaf = new java.net.Socket()) {
            deaf.setReceiveBufferSize(4_096);
            deaf.connect(new java.net.InetSocketAddress(
                    java.net.InetAddress.getLoopbackAddress(), stack.url("/").getPort()));
            deaf.getOutputStream()
                    .write(("GET /api/messaging/ws?token=" + stack.token(94)
                                    + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(new String(deaf.getInputStream().readNBytes(12), java.nio.charset.StandardCharsets.US_ASCII))
                    .endsWith("101");
            String message = "{\"type\":\"message\",\"data\":\"" + "x".repeat(16_000) + "\"}";
            try (var redis = me.musclemap.api.cache.RedisStore.open(
                    stack.databases().redisUri(), stack.telemetry().database("redis"))) {
                for (int i = 0; i < 5_000 && undelivered("too_slow") == 0; i++) {
                    redis.publish("rt:user:" + TestStack.DATA.userId(94), message, () -> {});
                    if (i % 100 == 99) {
                        Thread.sleep(20);
                    }
                }
            }
            assertThat(undelivered("too_slow")).isEqualTo(1);
        }
    }

    private double undelivered(String reason) {
        return stack.telemetry()
                .registry()
                .get("websocket.undelivered")
                .tag("reason", reason)
                .counter()
                .count();
    }
}
