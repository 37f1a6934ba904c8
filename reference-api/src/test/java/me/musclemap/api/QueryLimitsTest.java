package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a document may cost, how it is named by its hash, and how several are sent at once. */
@ExtendWith(SharedStack.class)
class QueryLimitsTest {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final TestStack stack;

    QueryLimitsTest(TestStack stack) {
        this.stack = stack;
    }

    private HttpResponse<String> post(String body) {
        return stack.send("POST", "/api/graphql", body, stack.token(30), JSON);
    }

    private void assertRefused(String query, String because, String event) {
        double before = events(event);
        JsonNode error = TestStack.json(
                        stack.post(query, Map.of(), stack.token(30)).body())
                .at("/errors/0");
        assertThat(error.at("/extensions/code").asText()).isEqualTo("GRAPHQL_VALIDATION_FAILED");
        assertThat(error.at("/message").asText()).contains(because);
        assertThat(events(event)).as("a security event").isEqualTo(before + 1);
    }

    private double events(String kind) {
        return stack.telemetry()
                .registry()
                .get("musclemap.security.events")
                .tag("event", kind)
                .counter()
                .count();
    }

    @Test
    void elevenLevelsAreTooDeepEvenThroughFragments() {
        String deep =
                "{ __schema { types { ...F } } } fragment F on __Type { ofType { ofType { ofType { ofType { ofType { ofType "
                        + "{ ofType { ofType { ofType { name } } } } } } } } } }";
        assertRefused(deep, "11 levels deep", "query_depth");
    }

    @Test
    void elevenAliasesAreTooMany() {
        String names =
                IntStream.rangeClosed(1, 11).mapToObj(i -> "a" + i + ": id").collect(Collectors.joining(" "));
        assertRefused("{ me { " + names + " } }", "11 aliases", "query_aliases");
        String ten =
                IntStream.rangeClosed(1, 10).mapToObj(i -> "a" + i + ": id").collect(Collectors.joining(" "));
        assertThat(stack.data("{ me { " + ten + " } }", Map.of(), stack.token(30))
                        .at("/me/a10")
                        .asText())
                .isEqualTo(TestStack.DATA.userId(30));
    }

    @Test
    void listsOfListsCostTenTimesTenTimes() {
        // 10 x (2 + 10 x (2 + 9 + 10 x 1)) = 2,120: the archetypes of each category with all but one field of a list
        assertRefused(
                "{ archetypeCategories { archetypes { id name description philosophy icon color categoryId primaryStats bonuses other: id } } }",
                "2120 points",
                "query_cost");
    }

    @Test
    void fragmentsThatDoubleEachOtherAreCountedAndNotExpanded() {
        String bomb = IntStream.range(0, 12)
                .mapToObj(i -> "fragment F" + i + " on User { ...F" + (i + 1) + " ...F" + (i + 1) + " }")
                .collect(Collectors.joining(" ", "{ me { ...F0 } } ", " fragment F12 on User { id }"));
        assertRefused(bomb, "points", "query_cost");
    }

    @Test
    void theArchetypePageIsRegisteredWithItsExactCost() {
        String page =
                "query ArchetypeCategories { archetypeCategories { id name description icon displayOrder __typename "
                        + "archetypes { id name description philosophy icon color categoryId primaryStats bonuses __typename } } }";
        HttpResponse<String> answer = stack.post(page, Map.of(), null);
        JsonNode categories = TestStack.json(answer.body()).at("/data/archetypeCategories");
        assertThat(categories).hasSize(13);
        assertThat(categories.at("/0/archetypes")).hasSize(8);
        // 13 x (2 + 5 + 8 x (2 + 8 + 3))
        assertThat(answer.headers().firstValue("x-query-complexity")).hasValue("1443");
        assertThat(answer.headers().firstValue("x-query-complexity-max")).hasValue("1000");
    }

    @Test
    void aHashIsUnknownUntilTheTextCameWithIt() {
        String query = "query Persisted($limit: Int) { exercises(limit: $limit) { id name } }";
        String known = persisted(sha256(query), "");
        JsonNode unknown = TestStack.json(post(known).body());
        assertThat(unknown.at("/errors/0/message").asText()).isEqualTo("PersistedQueryNotFound");
        assertThat(unknown.at("/errors/0/extensions/code").asText()).isEqualTo("PERSISTED_QUERY_NOT_FOUND");
        assertThat(TestStack.json(post(persisted(sha256(query), query)).body()).at("/data/exercises"))
                .hasSize(2);
        assertThat(TestStack.json(post(known).body()).at("/data/exercises")).hasSize(2);
        assertThat(stack.secondsToLive("gql:apq:" + sha256(query))).isBetween(86_000L, 86_400L);
    }

    @Test
    void aHashOfAnotherTextAndABadDocumentAreNotKept() {
        assertThat(post(persisted(sha256("{ me { id } }"), "{ me { username } }"))
                        .statusCode())
                .isEqualTo(400);
        String bad = "{ nothing }";
        assertThat(post(persisted(sha256(bad), bad)).statusCode()).isEqualTo(200);
        assertThat(post(persisted(sha256(bad), "")).body()).contains("PersistedQueryNotFound");
    }

    private static String persisted(String hash, String query) {
        var body = JsonNodeFactory.instance.objectNode();
        if (!query.isEmpty()) {
            body.put("query", query);
        }
        body.putObject("variables").put("limit", 2);
        body.putObject("extensions")
                .putObject("persistedQuery")
                .put("version", 1)
                .put("sha256Hash", hash);
        return body.toString();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void tenOperationsTravelTogetherAndElevenDoNot() {
        ArrayNode batch = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 9; i++) {
            batch.addObject().put("query", "{ me { id } }");
        }
        batch.addObject().put("query", "{ nothing }");
        JsonNode answers = TestStack.json(post(batch.toString()).body());
        assertThat(answers).hasSize(10);
        assertThat(answers.at("/8/data/me/id").asText()).isEqualTo(TestStack.DATA.userId(30));
        assertThat(answers.at("/9/errors/0/extensions/code").asText()).isEqualTo("GRAPHQL_VALIDATION_FAILED");
        batch.addObject().put("query", "{ me { id } }");
        assertThat(post(batch.toString()).statusCode()).isEqualTo(400);
        assertThat(post("[]").statusCode()).isEqualTo(400);
    }
}
