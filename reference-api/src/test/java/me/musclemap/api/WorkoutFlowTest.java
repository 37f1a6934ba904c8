package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedStack.class)
class WorkoutFlowTest {
    private static final String START = "mutation { startWorkoutSession { session { id totalReps } } }";
    private static final String LOG =
            "mutation($input: LogSetInput!) { logSet(input: $input) { session { id totalVolume totalReps } "
                    + "setLogged { id tu isPRWeight } prsAchieved { prType newValue } } }";
    private static final String ACTIVE =
            "{ activeWorkoutSession { id totalVolume totalReps sets { id reps weightKg exerciseName } } }";
    private static final String COMPLETE =
            "mutation($input: CompleteWorkoutSessionInput!) { completeWorkoutSession(input: $input) "
                    + "{ workout { id } totalSets totalReps totalVolume xpEarned } }";
    private static final String STATS = "{ myStats { totalWorkouts xp } }";

    private final TestStack stack;

    WorkoutFlowTest(TestStack stack) {
        this.stack = stack;
    }

    private static Map<String, ?> set(String session, String id, int number, int reps, double kilograms) {
        return Map.of(
                "input",
                Map.of(
                        "sessionId",
                        session,
                        "exerciseId",
                        "ex-002",
                        "setNumber",
                        number,
                        "reps",
                        reps,
                        "weightKg",
                        kilograms,
                        "clientSetId",
                        id));
    }

    @Test
    void setsAreKeptAndBecomeAWorkout() {
        String token = stack.token(101); // an odd number: no session in progress
        int workouts =
                stack.data(STATS, Map.of(), token).at("/myStats/totalWorkouts").asInt();
        String session = stack.data(START, Map.of(), token)
                .at("/startWorkoutSession/session/id")
                .asText();
        JsonNode first =
                stack.data(LOG, set(session, "flow-set-1", 1, 10, 400), token).get("logSet");
        assertThat(first.at("/session/totalVolume").asDouble()).isEqualTo(4_000);
        assertThat(first.at("/setLogged/isPRWeight").asBoolean())
                .as("nobody seeded lifts 400 kg")
                .isTrue();
        assertThat(first.at("/setLogged/tu").asDouble()).isPositive();
        JsonNode second =
                stack.data(LOG, set(session, "flow-set-2", 2, 5, 20), token).get("logSet");
        assertThat(second.at("/setLogged/isPRWeight").asBoolean()).isFalse();

        JsonNode active = stack.data(ACTIVE, Map.of(), token).get("activeWorkoutSession");
        assertThat(active.get("totalReps").asInt()).isEqualTo(15);
        assertThat(active.get("sets")).hasSize(2);
        assertThat(active.at("/sets/0/weightKg").asDouble()).isEqualTo(400);

        JsonNode done = stack.data(COMPLETE, Map.of("input", Map.of("sessionId", session)), token)
                .get("completeWorkoutSession");
        assertThat(done.get("totalSets").asInt()).isEqualTo(2);
        assertThat(done.get("totalVolume").asDouble()).isEqualTo(4_100);
        assertThat(stack.data(ACTIVE, Map.of(), token)
                        .get("activeWorkoutSession")
                        .isNull())
                .isTrue();
        assertThat(stack.data(STATS, Map.of(), token)
                        .at("/myStats/totalWorkouts")
                        .asInt())
                .as("the cached statistics were dropped")
                .isEqualTo(workouts + 1);
    }

    @Test
    void whatPeopleDoIsCounted() {
        double registrations = count("musclemap.registrations");
        double started = count("musclemap.workout.sessions.started");
        double sets = count("musclemap.sets.logged");
        double completed = count("musclemap.workout.sessions.completed");
        double workouts = count("musclemap.workouts", "source", "session");
        String token = stack.data(
                        "mutation { register(input: {email: \"counted@example.org\", username: \"counted\", password: \"long enough\"}) "
                                + "{ token } }",
                        Map.of(),
                        null)
                .at("/register/token")
                .asText();
        String session = stack.data(START, Map.of(), token)
                .at("/startWorkoutSession/session/id")
                .asText();
        stack.data(LOG, set(session, "counted-set-1", 1, 10, 40), token);
        stack.data(LOG, set(session, "counted-set-1", 1, 10, 40), token); // the same set once more
        stack.data(LOG, set(session, "counted-set-2", 2, 10, 40), token);
        stack.data(COMPLETE, Map.of("input", Map.of("sessionId", session)), token);
        assertThat(count("musclemap.registrations") - registrations).isEqualTo(1);
        assertThat(count("musclemap.workout.sessions.started") - started).isEqualTo(1);
        assertThat(count("musclemap.sets.logged") - sets).isEqualTo(2);
        assertThat(count("musclemap.workout.sessions.completed") - completed).isEqualTo(1);
        assertThat(count("musclemap.workouts", "source", "session") - workouts).isEqualTo(1);
    }

    private double count(String name, String... labels) {
        return stack.telemetry().registry().get(name).tags(labels).counter().count();
    }

    @Test
    void aSetThatIsSentTwiceIsCountedOnce() {
        String token = stack.token(8);
        String session = TestStack.DATA.sessionId(8);
        int before = stack.data(ACTIVE, Map.of(), token)
                .at("/activeWorkoutSession/totalReps")
                .asInt();
        stack.data(LOG, set(session, "twice-set-1", 1, 7, 50), token);
        JsonNode again =
                stack.data(LOG, set(session, "twice-set-1", 1, 7, 50), token).get("logSet");
        assertThat(again.at("/session/totalReps").asInt()).isEqualTo(before + 7);
    }

    @Test
    void startingAgainGivesTheSessionThatIsThere() {
        JsonNode started = stack.data(START, Map.of(), stack.token(10));
        assertThat(started.at("/startWorkoutSession/session/id").asText()).isEqualTo(TestStack.DATA.sessionId(10));
        assertThat(started.at("/startWorkoutSession/session/totalReps").asInt()).isPositive();
    }

    @Test
    void nobodyLogsIntoTheSessionOfAnother() {
        assertThat(stack.errorCode(LOG, set(TestStack.DATA.sessionId(12), "thief-set-1", 1, 5, 10), stack.token(13)))
                .isEqualTo("NOT_FOUND");
    }

    @Test
    void whatNoPersonCanDoIsRefused() {
        assertThat(stack.errorCode(LOG, set(TestStack.DATA.sessionId(12), "heavy-set-1", 1, 5, 5_000), stack.token(12)))
                .isEqualTo("BAD_USER_INPUT");
    }

    @Test
    void anUnknownExerciseIsNotFound() {
        var input = Map.of("sessionId", TestStack.DATA.sessionId(12), "exerciseId", "ex-999", "setNumber", 1);
        assertThat(stack.errorCode(LOG, Map.of("input", input), stack.token(12)))
                .isEqualTo("NOT_FOUND");
    }

    @Test
    void aWorkoutWithoutSetsIsNotCompleted() {
        String token = stack.token(103);
        String session = stack.data(START, Map.of(), token)
                .at("/startWorkoutSession/session/id")
                .asText();
        assertThat(stack.errorCode(COMPLETE, Map.of("input", Map.of("sessionId", session)), token))
                .isEqualTo("BAD_USER_INPUT");
        assertThat(stack.data(ACTIVE, Map.of(), token)
                        .at("/activeWorkoutSession/id")
                        .asText())
                .isEqualTo(session);
    }
}
