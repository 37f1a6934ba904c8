package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import me.musclemap.telemetry.catalogue.Catalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedStack.class)
class HttpTest {
    private final TestStack stack;

    HttpTest(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void healthSaysWhatIsThere() {
        var report = TestStack.json(stack.get("/health").body());
        assertThat(report.at("/status").asText()).isEqualTo("ok");
        assertThat(report.at("/redis/connected").asBoolean()).isTrue();
        assertThat(stack.get("/ready").body()).isEqualTo("{\"status\":\"ready\"}");
    }

    @Test
    void theCatalogueMayBeKeptByAnEdge() {
        HttpResponse<String> muscles = stack.get("/api/muscles");
        assertThat(TestStack.json(muscles.body()).get("data")).hasSize(44);
        assertThat(muscles.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(v -> assertThat(v).contains("s-maxage=3600"));
        assertThat(TestStack.json(stack.get("/api/exercises").body()).get("data"))
                .hasSize(218);
    }

    @ParameterizedTest
    @ValueSource(strings = {"workout_count", "total_volume", "current_streak", "credits_earned", "buddy_level"})
    void whoIsOnALeaderboardFindsHimselfAtHisPlace(String metric) {
        var board = TestStack.json(stack.get("/api/leaderboards/simple?window=monthly&limit=100&metric=" + metric)
                .body());
        assertThat(board.get("data")).hasSizeGreaterThan(2);
        assertThat(board.at("/data/0/rank").asText()).isEqualTo("1");
        // The first of those whose token we can make: others registered in other tests.
        JsonNode entry = StreamSupport.stream(board.get("data").spliterator(), false)
                .filter(one -> seeded(one.get("userId").asText()).isPresent())
                .findFirst()
                .orElseThrow();
        int user = seeded(entry.get("userId").asText()).orElseThrow();
        String path = "/api/leaderboards/user-rank?window=monthly&metric=" + metric;
        var own = TestStack.json(
                stack.send("GET", path, "", stack.token(user), Map.of()).body());
        assertThat(own.at("/data/rank").asText()).isEqualTo(entry.get("rank").asText());
        assertThat(own.at("/data/value").asLong()).isEqualTo(entry.get("value").asLong());
        assertThat(stack.get(path).statusCode()).as("nobody has no rank").isEqualTo(401);
    }

    private static OptionalInt seeded(String id) {
        return IntStream.range(0, 500)
                .filter(i -> TestStack.DATA.userId(i).equals(id))
                .findFirst();
    }

    @Test
    void anUnknownMetricIsRefusedInTheProductsShape() {
        HttpResponse<String> answer = stack.get("/api/leaderboards/simple?metric=height");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(TestStack.json(answer.body()).at("/error/code").asText()).isEqualTo("VALIDATION_ERROR");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"query\":7}",
                "{\"query\":\"\"}",
                "{\"query\":\"{\"}",
                "{\"query\":\"{ nothing }\"}",
                "{\"query\":\"{ me { id } }\",\"variables\":[]}",
                "{\"query\":\"query($a: Int!) { exercises(limit: $a) { id } }\"}",
                "{\"query\":\"query($a: Int!) { exercises(limit: $a) { id } }\",\"variables\":{\"a\":\"x\"}}",
                "{\"query\":\"query A { me { id } } query B { me { id } }\"}",
                "{\"query\":\"query A { me { id } }\",\"operationName\":\"Z\"}",
                "{\"query\":\"{ conversationMessages(conversationId: \\\"' or 1=1 --\\\") { id } }\"}",
                "{\"query\":\"mutation { logSet(input: {sessionId: \\\"\\\\u0000\\\", exerciseId: \\\"ex-001\\\", setNumber: 1}) { session { id } } }\"}"
            })
    void whatIsWrongIsTheCallersFaultAndTellsNothing(String body) {
        HttpResponse<String> answer =
                stack.send("POST", "/api/graphql", body, stack.token(20), Map.of("Content-Type", "application/json"));
        assertThat(answer.statusCode()).isBetween(200, 499);
        assertThat(TestStack.json(answer.body()).get("errors")).isNotEmpty();
        assertThat(answer.body())
                .doesNotContain("Exception")
                .doesNotContain("select ")
                .doesNotContain("\tat ")
                .doesNotContain("INTERNAL");
    }

    /** A body that does not say how long it is. */
    @Test
    void aBodyInChunksIsReadUpToTenMegabytes() throws Exception {
        assertThat(inChunks("{\"query\":\"{ me { id } }\"}").body()).contains(TestStack.DATA.userId(22));
        assertThat(inChunks("x".repeat(10 * 1024 * 1024 + 1)).statusCode()).isEqualTo(413);
    }

    /** Longer than what is waited for before anybody looks at it; the connection then serves the next one. */
    @Test
    void aLongBodyIsReadAndItsConnectionServesOn() throws Exception {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), stack.url("/").getPort())) {
            for (int size : new int[] {300_000, 10, 70_000}) {
                byte[] body =
                        ("{\"query\":\"{ me { id } }\"" + " ".repeat(size) + "}").getBytes(StandardCharsets.UTF_8);
                var out = socket.getOutputStream();
                out.write(("POST /api/graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + stack.token(23)
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(body);
                assertThat(answer(socket.getInputStream())).contains("200 OK", TestStack.DATA.userId(23));
            }
        }
    }

    /** Head and body of one answer that says how long it is. */
    private static String answer(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            assertThat(c).as("the connection is open").isNotNegative();
            head.append((char) c);
        }
        var length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        return head + new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
    }

    private HttpResponse<String> inChunks(String body) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(stack.url("/api/graphql"))
                .header("Authorization", "Bearer " + stack.token(22))
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void clientReportsAreTakenAndVitalsNeedACollector() {
        assertThat(stack.send("POST", "/api/client-error", "{\"phase\":\"x\"}", null, Map.of())
                        .body())
                .isEqualTo("{\"received\":true}");
        assertThat(stack.send("POST", "/api/trace/frontend-log", "{}", null, Map.of())
                        .statusCode())
                .isEqualTo(204);
        HttpResponse<String> vitals = stack.send("POST", "/api/vitals", "{}", null, Map.of());
        assertThat(vitals.statusCode()).isEqualTo(503);
        assertThat(vitals.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aRequestKeepsTheTraceOfItsCaller() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        HttpResponse<String> answer = stack.send(
                "GET", "/api/muscles", "", null, Map.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));
        assertThat(answer.headers().firstValue("x-trace-id")).hasValue(trace);
    }

    @Test
    void everyMetricIsInTheCatalogue() {
        stack.data("{ exercises(limit: 1) { id } }", Map.of(), null);
        String metrics = stack.get("/metrics").body();
        assertThat(metrics)
                .contains("http_server_request_duration_seconds_count{")
                .contains("http_route=\"/api/graphql\"")
                .contains("db_client_operation_duration_seconds_count{")
                .contains("hikaricp_connections_active{")
                .contains("cache_requests_total{")
                .contains("websocket_connections");
        assertThat(Catalogue.shipped().check(metrics)).isEmpty();
    }

    @Test
    void whatClientsInventMakesNoNewSeries() {
        invent(0, 5);
        stack.get("/metrics"); // a scrape is a request too, and counted when it is over
        long before = seriesOfRequests();
        invent(5, 45);
        assertThat(seriesOfRequests()).isEqualTo(before);
        assertThat(stack.get("/metrics").body().length())
                .as("a scrape a second must not cost much")
                .isLessThan(1_000_000);
    }

    /** Operation names, paths, methods and error texts that nobody has seen. */
    private void invent(int from, int until) {
        for (int i = from; i < until; i++) {
            stack.post("query Invented" + i + " { me { id } }", Map.of(), stack.token(21));
            stack.post("query Wrong" + i + " { nothing" + i + " }", Map.of(), null);
            stack.get("/api/invented/" + i);
            stack.send("INVENT" + i, "/api/muscles", "", null, Map.of("traceparent", "nonsense" + i));
        }
    }

    private long seriesOfRequests() {
        return stack.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("http_server_") || line.startsWith("graphql_server_"))
                .count();
    }

    @Test
    void aSocketTellsTheCountsAndAnswersPings() throws InterruptedException {
        TestSocket messages = TestSocket.open(stack.url("/api/community/ws/public"));
        var snapshot = TestStack.json(messages.next());
        assertThat(snapshot.at("/type").asText()).isEqualTo("snapshot");
        assertThat(snapshot.at("/data/totalUsers/value").asInt()).isGreaterThanOrEqualTo(500);
        assertThat(snapshot.at("/data/activeNow/threshold").isBoolean()).isTrue();
        messages.say("{\"type\":\"ping\"}");
        assertThat(messages.next()).isEqualTo("{\"type\":\"pong\"}");
        messages.abort();
    }

    @Test
    void aMembersSocketMakesHimPresent() throws InterruptedException {
        TestSocket messages = TestSocket.open(stack.url("/api/community/ws?token=" + stack.token(30)));
        assertThat(TestStack.json(messages.next()).at("/type").asText()).isEqualTo("snapshot");
        var presence = stack.data(
                "query($ids: [ID!]!) { userPresence(userIds: $ids) { status } }",
                Map.of("ids", List.of(TestStack.DATA.userId(30))),
                stack.token(31));
        assertThat(presence.at("/userPresence/0/status").asText()).isEqualTo("online");
        messages.abort();
    }

    @Test
    void aSocketWithoutAGoodTokenIsClosed() throws InterruptedException {
        TestSocket messages = TestSocket.open(stack.url("/api/community/ws?token=nonsense"));
        assertThat(messages.next()).isEqualTo("closed 1008 invalid token");
    }
}
