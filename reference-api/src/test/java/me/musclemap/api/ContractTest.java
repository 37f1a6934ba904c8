package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the product's clients that is answered here has the product's shape: generated from its description. */
@ExtendWith(SharedStack.class)
class ContractTest {
    /** Operations of the product's main journeys that are not answered yet. Grows shorter, never longer. */
    private static final Set<String> MISSING = Set.of(
            "Milestones",
            "RecoveryScore",
            "Exercise",
            "ExerciseHistory",
            "UpdateSet",
            "PauseWorkoutSession",
            "CreateWorkout",
            "GeneratePrescription",
            "CommunityFeed",
            "Leaderboards",
            "JourneyOverview",
            "MyWorkouts",
            "MyWorkoutStats",
            "Archetypes",
            "ArchetypeCategories",
            "AchievementDefinitions",
            "MyAchievements",
            "RecoveryStatus",
            "SleepHistory",
            "LogSleep",
            "MarkConversationRead",
            "SetTypingStatus",
            "MyFullProfile",
            "HighFiveUsers",
            "SendHighFive",
            "UpdatePresence",
            "CreditsBalance",
            "Goals");

    /** The user whom the operations are played as; he has a session in progress and a conversation. */
    private static final int USER = 4;

    private final TestStack stack;

    ContractTest(TestStack stack) {
        this.stack = stack;
    }

    static Stream<Operation> operations() throws IOException {
        return all().filter(operation -> !MISSING.contains(operation.name()));
    }

    private static Stream<Operation> all() throws IOException {
        try (var in = ContractTest.class.getResourceAsStream("/operations.json")) {
            JsonNode operations = new ObjectMapper().readTree(in);
            return StreamSupport.stream(operations.spliterator(), false).map(Operation::new);
        }
    }

    /** One operation of the description; prints as its name. */
    record Operation(JsonNode json) {
        String name() {
            return json.get("name").asText();
        }

        String document() {
            var declared = new ArrayList<String>();
            var passed = new ArrayList<String>();
            json.get("arguments").forEach(argument -> {
                String name = argument.get("name").asText();
                declared.add("$" + name + ": " + argument.get("type").asText());
                passed.add(name + ": $" + name);
            });
            String selects = selection(json.get("selects"));
            return json.get("kind").asText() + " " + name()
                    + (declared.isEmpty() ? "" : "(" + String.join(", ", declared) + ")") + " { "
                    + json.get("rootField").asText() + (passed.isEmpty() ? "" : "(" + String.join(", ", passed) + ")")
                    + (selects.isEmpty() ? "" : " { " + selects + " }") + " }";
        }

        private static String selection(JsonNode fields) {
            var parts = new ArrayList<String>();
            fields.properties()
                    .forEach(field -> parts.add(
                            field.getValue().isTextual()
                                    ? field.getKey()
                                    : field.getKey() + " { "
                                            + selection(field.getValue().get("fields")) + " }"));
            return String.join(" ", parts);
        }

        @Override
        public String toString() {
            return name();
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void hasTheShapeThatTheProductsClientsRead(Operation operation) {
        JsonNode data =
                stack.data(operation.document(), variables(operation.name()), stack.token(user(operation.name())));
        JsonNode root = data.get(operation.json().get("rootField").asText());
        checkValue(
                operation.name(),
                operation.json().get("returns").asText(),
                operation.json().get("selects"),
                root);
    }

    @Test
    void noOperationIsMissingThatIsAnswered() throws IOException {
        List<String> answered = all().filter(operation -> MISSING.contains(operation.name()))
                .filter(operation -> !stack.errorCode(operation.document(), Map.of(), stack.token(USER))
                        .equals("GRAPHQL_VALIDATION_FAILED"))
                .map(Operation::name)
                .toList();
        assertThat(answered).as("take these off the list of missing operations").isEmpty();
    }

    private static int user(String operation) {
        return operation.equals("CompleteWorkoutSession") ? USER + 2 : USER;
    }

    private Map<String, ?> variables(String operation) {
        return switch (operation) {
            case "Register" ->
                Map.of(
                        "input",
                        Map.of(
                                "email",
                                "contract@headroom.example",
                                "username",
                                "contract",
                                "password",
                                "long-enough"));
            case "Login" -> Map.of("input", Map.of("email", "user4@headroom.example", "password", "headroom-4"));
            case "Exercises" -> Map.of("limit", 500);
            case "NearestOutdoorVenues" -> Map.of("input", Map.of("latitude", 42.36, "longitude", -71.06, "limit", 3));
            case "LogSet" ->
                Map.of(
                        "input",
                        Map.of(
                                "sessionId",
                                TestStack.DATA.sessionId(USER),
                                "exerciseId",
                                "ex-001",
                                "setNumber",
                                3,
                                "reps",
                                8,
                                "weightKg",
                                60.5));
            case "CompleteWorkoutSession" -> Map.of("input", Map.of("sessionId", TestStack.DATA.sessionId(USER + 2)));
            case "UserPresence" -> Map.of("userIds", List.of(TestStack.DATA.userId(1), "nobody"));
            case "ConversationMessages", "TypingUsers" -> Map.of("conversationId", conversation());
            case "SendMessage" -> Map.of("conversationId", conversation(), "content", "hello");
            default -> new HashMap<>();
        };
    }

    private String conversation() {
        return stack.data("{ conversations { id } }", Map.of(), stack.token(USER))
                .at("/conversations/0/id")
                .asText();
    }

    private static void checkValue(String path, String type, JsonNode fields, JsonNode value) {
        boolean required = type.endsWith("!");
        String bare = required ? type.substring(0, type.length() - 1) : type;
        if (value.isNull() || value.isMissingNode()) {
            assertThat(required)
                    .as("%s of type %s must not be null", path, type)
                    .isFalse();
            return;
        }
        if (bare.startsWith("[")) {
            assertThat(value.isArray()).as("%s is a list", path).isTrue();
            String element = bare.substring(1, bare.length() - 1);
            for (int i = 0; i < value.size(); i++) {
                checkValue(path + "[" + i + "]", element, fields, value.get(i));
            }
            return;
        }
        switch (bare) {
            case "ID", "String", "DateTime" ->
                assertThat(value.isTextual()).as("%s is text: %s", path, value).isTrue();
            case "Int" ->
                assertThat(value.isInt())
                        .as("%s is a whole number: %s", path, value)
                        .isTrue();
            case "Float" ->
                assertThat(value.isNumber())
                        .as("%s is a number: %s", path, value)
                        .isTrue();
            case "Boolean" ->
                assertThat(value.isBoolean())
                        .as("%s is true or false: %s", path, value)
                        .isTrue();
            case "JSON" ->
                assertThat(value.isObject())
                        .as("%s is an object: %s", path, value)
                        .isTrue();
            default -> checkFields(path, fields, value);
        }
    }

    private static void checkFields(String path, JsonNode fields, JsonNode value) {
        assertThat(value.isObject()).as("%s is an object: %s", path, value).isTrue();
        fields.properties().forEach(field -> {
            JsonNode description = field.getValue();
            assertThat(value.has(field.getKey()))
                    .as("%s.%s is there", path, field.getKey())
                    .isTrue();
            checkValue(
                    path + "." + field.getKey(),
                    description.isTextual()
                            ? description.asText()
                            : description.get("$type").asText(),
                    description.isTextual() ? description : description.get("fields"),
                    value.get(field.getKey()));
        });
    }
}
