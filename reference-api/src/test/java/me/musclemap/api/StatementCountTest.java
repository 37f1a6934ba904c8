package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many statements an answer takes does not depend on how much is in it. */
@ExtendWith(SharedStack.class)
class StatementCountTest {
    private final TestStack stack;

    StatementCountTest(TestStack stack) {
        this.stack = stack;
    }

    private long statements() {
        return stack.telemetry().registry().find("db.client.operation.duration").timers().stream()
                .filter(timer -> "postgresql".equals(timer.getId().getTag("db_system_name")))
                .filter(timer -> !"session.count_active".equals(timer.getId().getTag("db_operation_name")))
                .mapToLong(Timer::count)
                .sum();
    }

    private long statements(String query, Map<String, ?> variables) {
        long before = statements();
        stack.data(query, variables, stack.token(20));
        return statements() - before;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|{ myWorkouts(limit: %d) { id exercises { exerciseId name } } }",
                "1|{ sleepHistory(limit: %d) { logs { id } } }",
                "2|{ communityFeed(limit: %d) { id username likes comments liked } }",
                "1|{ myAchievements(limit: %d) { achievements { id achievementName } total } }",
                "1|{ recoverableSessions(limit: %d) { id } }"
            })
    void aLongPageTakesNoMoreStatementsThanAShortOne(int most, String query) {
        assertThat(statements(query.formatted(1), Map.of())).isBetween(1L, (long) most);
        assertThat(statements(query.formatted(50), Map.of())).isBetween(1L, (long) most);
    }

    @Test
    void fiftyExercisesAreLookedUpInOneStatement() {
        List<String> ids =
                IntStream.rangeClosed(1, 50).mapToObj("ex-%03d"::formatted).toList();
        String query = "query($ids: [ID!]!) { exerciseHistory(exerciseIds: $ids) { exerciseId exerciseName } }";
        assertThat(statements(query, Map.of("ids", ids))).isEqualTo(1);
    }

    @Test
    void thirteenCategoriesOfArchetypesTakeAtMostTwo() {
        String query = "{ archetypeCategories { id archetypes { id } } }";
        assertThat(statements(query, Map.of())).isLessThanOrEqualTo(2);
        assertThat(statements(query, Map.of()))
                .as("the second time they are kept")
                .isZero();
    }

    @Test
    void aCountedRequestForTwoKeptValuesAsksRedisOnce() {
        String body = "{\"query\":\"{ me { id } myStats { level } }\"}";
        var from = Map.of("X-Forwarded-For", "192.0.2.40");
        stack.send("POST", "/api/graphql", body, stack.token(21), from); // makes them
        long before = questionsToRedis();
        var answer = stack.send("POST", "/api/graphql", body, stack.token(21), from);
        assertThat(questionsToRedis() - before).isEqualTo(1);
        assertThat(answer.headers().firstValue("x-ratelimit-limit")).hasValue("1000");
        assertThat(TestStack.json(answer.body()).at("/data/me/id").asText()).isEqualTo(TestStack.DATA.userId(21));
    }

    /** What requests ask; presence is written in the background. */
    private long questionsToRedis() {
        return stack.telemetry().registry().find("db.client.operation.duration").timers().stream()
                .filter(timer -> "redis".equals(timer.getId().getTag("db_system_name")))
                .filter(timer -> List.of("GET", "SET", "EVAL", "EVALSHA", "PIPELINE")
                        .contains(timer.getId().getTag("db_operation_name")))
                .mapToLong(Timer::count)
                .sum();
    }

    @Test
    void aWholeJourneyIsOneStatement() {
        String query =
                "{ journeyOverview { totalWorkouts workoutHistory { date } topExercises { name } muscleBreakdown { name } "
                        + "paths { name } levels { name } } }";
        statements(query, Map.of()); // reads the catalogue of archetypes the first time
        assertThat(statements(query, Map.of())).isEqualTo(1);
    }
}
