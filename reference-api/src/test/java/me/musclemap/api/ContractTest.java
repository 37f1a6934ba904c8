package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of the product's clients that is answered here has the product's shape: generated from its description. What
 * may be null or empty must hold something all the same, unless it is listed in {@code empty-here.txt}: a resolver that
 * gives nothing has the right shape too.
 */
@ExtendWith(SharedStack.class)
class ContractTest {
    /** The user whom the operations are played as; he has a session in progress and a conversation. */
    private static final int USER = 4;

    /** One who logs his sleep, as each tenth user does. */
    private static final int SLEEPER = 10;

    private static final Set<String> EMPTY_HERE = emptyHere();

    private final TestStack stack;

    /** The places that were seen, without numbers of elements, and whether one of them held something. */
    private final Map<String, Boolean> held = new TreeMap<>();

    ContractTest(TestStack stack) {
        this.stack = stack;
    }

    static Stream<Operation> operations() throws IOException {
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
        var empty = held.keySet().stream()
                .filter(place -> !Boolean.TRUE.equals(held.get(place)))
                .collect(Collectors.toSet());
        assertThat(EMPTY_HERE)
                .as("what holds nothing, of all that the data holds")
                .containsAll(empty);
    }

    private static Set<String> emptyHere() {
        try (var in = ContractTest.class.getResourceAsStream("/empty-here.txt")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int user(String operation) {
        return switch (operation) {
            case "CompleteWorkoutSession" -> USER + 2;
            case "SleepHistory", "RecoveryStatus" -> SLEEPER;
            default -> USER;
        };
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
            case "ConversationMessages", "TypingUsers", "MarkConversationRead" ->
                Map.of("conversationId", conversation());
            case "SetTypingStatus" -> Map.of("conversationId", conversation(), "isTyping", true);
            case "Exercise" -> Map.of("id", "ex-001");
            case "ExerciseHistory" -> Map.of("exerciseIds", List.of("ex-003", "no-such"));
            case "UpdateSet" -> Map.of("input", Map.of("setId", set(), "reps", 9));
            case "PauseWorkoutSession" -> Map.of("sessionId", TestStack.DATA.sessionId(USER));
            case "CreateWorkout" ->
                Map.of(
                        "input",
                        Map.of(
                                "exercises",
                                List.of(Map.of("exerciseId", "ex-001", "sets", 3, "reps", 8, "weight", 50)),
                                "notes",
                                "written down"));
            case "GeneratePrescription" ->
                Map.of("input", Map.of("timeAvailable", 45, "location", "gym", "goals", List.of("strength")));
            case "LogSleep" ->
                Map.of(
                        "input",
                        Map.of(
                                "bedTime",
                                "2026-01-14T22:00:00Z",
                                "wakeTime",
                                "2026-01-15T05:30:00Z",
                                "quality",
                                4,
                                "sleepEnvironment",
                                Map.of("screenBeforeBed", true)));
            case "SendHighFive" ->
                Map.of(
                        "input",
                        Map.of("recipientId", TestStack.DATA.userId(1), "type", "cheer", "message", "well done"));
            case "UpdatePresence" -> Map.of("status", "online");
            case "SendMessage" -> Map.of("conversationId", conversation(), "content", "hello");
            default -> new HashMap<>();
        };
    }

    private String conversation() {
        return stack.data("{ conversations { id } }", Map.of(), stack.token(USER))
                .at("/conversations/0/id")
                .asText();
    }

    private String set() {
        return stack.data("{ activeWorkoutSession { sets { id } } }", Map.of(), stack.token(USER))
                .at("/activeWorkoutSession/sets/0/id")
                .asText();
    }

    private void checkValue(String path, String type, JsonNode fields, JsonNode value) {
        boolean required = type.endsWith("!");
        String bare = required ? type.substring(0, type.length() - 1) : type;
        String place = path.replaceAll("\\[[0-9]+]", "");
        held.merge(
                place,
                !(value.isNull() || value.isMissingNode() || (value.isArray() && value.isEmpty())),
                Boolean::logicalOr);
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

    private void checkFields(String path, JsonNode fields, JsonNode value) {
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
