package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled operations against the library, which executes whatever has a directive in it. */
@ExtendWith(SharedStack.class)
class CompiledTest {
    private static final String BY_LIBRARY = "__typename @include(if: true)";

    private final TestStack stack;

    CompiledTest(TestStack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "me { id email username level roles createdAt }",
                "me { name: username, id, id } myStats { level xp } again: myStats { level strength }",
                "me { ... on User { id } ...More }",
                "exercises(limit: 7, equipment: \"barbell\") { id name primaryMuscles difficulty __typename }",
                "exercises(limit: $limit) { id }",
                "me { id } me { username }",
                "activeWorkoutSession { id sets { id reps weightKg performedAt isPR1RM } totalVolume }",
                "myStatsWithRankings { stats { level } rankings }",
                "statLeaderboard(stat: \"power\", limit: $limit) { entries { rank statValue userId } total nextCursor }",
                "publicCommunityStats { totalUsers { value display } recentActivity { type timestamp } milestone { reached } }",
                "economyWallet { balance { credits } transactions { amount createdAt } }",
                "conversations { id participants { userId } lastMessage { content } unreadCount }",
                "tips(context: $nothing) { id seen }",
                "conversationMessages(conversationId: \"no such\") { id } me { id }",
                "userPresence(userIds: $many) { status }",
                "nearestOutdoorVenues(input: {latitude: 42.3, longitude: -71, limit: 3}) { id name distance }"
            })
    void anAnswerIsTheLibrarysAnswer(String selection) {
        Map<String, Object> variables =
                Map.of("limit", 4, "many", java.util.List.of(TestStack.DATA.userId(1), TestStack.DATA.userId(2)));
        String declared = (selection.contains("$limit") ? "$limit: Int" : "")
                + (selection.contains("$nothing") ? "$nothing: String" : "")
                + (selection.contains("$many") ? "$many: [ID!]!" : "");
        String head = "query Q" + (declared.isEmpty() ? "" : "(" + declared + ")");
        String more = selection.contains("...More") ? " fragment More on User { level xp }" : "";
        JsonNode compiled = answer(head + " { __typename " + selection + " }" + more, variables);
        JsonNode library = answer(head + " { " + BY_LIBRARY + " " + selection + " }" + more, variables);
        strip(compiled);
        strip(library);
        assertThat(compiled.has("data")).isTrue();
        assertThat(compiled).isEqualTo(library);
    }

    private JsonNode answer(String query, Map<String, Object> variables) {
        return TestStack.json(stack.post(query, variables, stack.token(2)).body());
    }

    /** Where an error is in the text differs, because the texts do. */
    private static void strip(JsonNode answer) {
        answer.path("errors").forEach(e -> ((com.fasterxml.jackson.databind.node.ObjectNode) e).remove("locations"));
    }

    @Test
    void aFailedMutationRunsOnce() {
        var before = stack.data("{ activeWorkoutSession { id totalReps } }", Map.of(), stack.token(44));
        String session = before.at("/activeWorkoutSession/id").asText();
        var input = Map.of("sessionId", session, "exerciseId", "ex-001", "setNumber", 1, "reps", 3, "weightKg", 10);
        String mutation =
                "mutation($in: LogSetInput!) { one: logSet(input: $in) { session { id } } two: logSet(input: {sessionId: \"none\", exerciseId: \"ex-001\", setNumber: 1, reps: 1}) { session { id } } }";
        HttpResponse<String> answer = stack.post(mutation, Map.of("in", input), stack.token(44));
        JsonNode json = TestStack.json(answer.body());
        assertThat(json.at("/errors/0/extensions/code").asText()).isEqualTo("NOT_FOUND");
        assertThat(json.at("/errors/0/path/0").asText()).isEqualTo("two");
        var after = stack.data("{ activeWorkoutSession { totalReps } }", Map.of(), stack.token(44));
        assertThat(after.at("/activeWorkoutSession/totalReps").asInt()
                        - before.at("/activeWorkoutSession/totalReps").asInt())
                .isEqualTo(3);
    }

    @Test
    void theSameQuestionOfAnotherIsSentTheSameBytes() {
        String query = "query Exercises { exercises(limit: 200) { id name description } }";
        String first = stack.post(query, Map.of(), stack.token(1)).body();
        double hits = hits();
        assertThat(stack.post(query, Map.of(), null).body()).isEqualTo(first);
        assertThat(hits()).isEqualTo(hits + 1);
        stack.data("{ me { id } }", Map.of(), stack.token(3));
        assertThat(stack.data("{ me { id } }", Map.of(), stack.token(4))
                        .at("/me/id")
                        .asText())
                .as("what depends on who asks is not kept")
                .isEqualTo(TestStack.DATA.userId(4));
    }

    private double hits() {
        return stack.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("cache_requests_total{")
                        && line.contains("\"answer\"")
                        && line.contains("\"hit\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void anEdgeMayKeepTheCatalogueAndNothingElse() {
        HttpResponse<String> plain = stack.get("/api/exercises");
        String tag = plain.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again =
                stack.send("GET", "/api/exercises", "", null, Map.of("If-None-Match", "\"x\", " + tag));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        HttpResponse<String> gzip =
                stack.send("GET", "/api/exercises", "", null, Map.of("Accept-Encoding", "gzip", "If-None-Match", tag));
        assertThat(gzip.statusCode()).as("compressed bytes are other bytes").isEqualTo(200);
        assertThat(gzip.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(gzip.headers().allValues("Vary")).contains("Accept-Encoding");
        for (String path : new String[] {"/health", "/api/leaderboards/simple", "/api/community/presence"}) {
            assertThat(stack.get(path).headers().firstValue("Cache-Control"))
                    .as(path)
                    .hasValue("private, no-store");
        }
        assertThat(stack.post("{ me { id } }", Map.of(), stack.token(5))
                        .headers()
                        .firstValue("Cache-Control"))
                .hasValue("private, no-store");
    }
}
