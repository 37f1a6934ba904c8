package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A workout as a device that was offline writes it. */
@ExtendWith(SharedStack.class)
class SessionSyncTest {
    private final TestStack stack;

    SessionSyncTest(TestStack stack) {
        this.stack = stack;
    }

    private static String set(String id, int reps) {
        return "{\"id\":\"" + id + "\",\"exerciseId\":\"ex-002\",\"weight\":40,\"reps\":" + reps
                + ",\"tag\":\"working\",\"timestamp\":" + System.currentTimeMillis() + "}";
    }

    private static String session(String id, String... sets) {
        return "{\"sessionId\":\"" + id + "\",\"startedAt\":1768000000000,\"totalReps\":12,\"sets\":["
                + String.join(",", sets) + "],\"musclesWorked\":[\"chest\"],\"clientVersion\":3}";
    }

    private HttpResponse<String> save(int user, String body) {
        return stack.send("POST", "/api/sessions", body, stack.token(user), Map.of("Content-Type", "application/json"));
    }

    private HttpResponse<String> get(int user, String path) {
        return stack.send("GET", path, "", stack.token(user), Map.of());
    }

    private JsonNode active(int user) {
        return TestStack.json(get(user, "/api/sessions/active").body()).get("data");
    }

    private double count(String name) {
        return stack.telemetry().registry().get(name).counter().count();
    }

    @Test
    void whatADeviceWroteOfflineIsThereForAllItsUsersDevices() {
        int user = 161; // has no session
        assertThat(get(user, "/api/sessions/active").statusCode()).isEqualTo(404);
        assertThat(TestStack.json(get(user, "/api/sessions/active").body())
                        .get("error")
                        .isTextual())
                .isTrue();
        assertThat(TestStack.json(get(user, "/api/sessions/status").body())
                        .at("/data/hasActiveSession")
                        .booleanValue())
                .isFalse();

        var saved = TestStack.json(save(user, session("offline-161", set("offline-set-1", 5), set("offline-set-2", 7)))
                        .body())
                .get("data");
        assertThat(saved).isEqualTo(active(user));
        assertThat(saved.get("startedAt").asLong()).isEqualTo(1_768_000_000_000L);
        assertThat(saved.get("sets").findValuesAsText("reps")).containsExactly("5", "7");
        assertThat(saved.at("/musclesWorked/0").asText()).isEqualTo("chest");
        assertThat(saved.at("/serverVersion").asInt()).isEqualTo(1);
        var status = TestStack.json(get(user, "/api/sessions/status").body()).get("data");
        assertThat(status.get("hasActiveSession").booleanValue()).isTrue();
        assertThat(status.get("sessionId").asText()).isEqualTo("offline-161");
        assertThat(status.get("setsCount").asInt()).isEqualTo(2);
        assertThat(stack.data("{ activeWorkoutSession { id sets { reps } } }", Map.of(), stack.token(user))
                        .at("/activeWorkoutSession/id")
                        .asText())
                .isEqualTo("offline-161");

        // The device changed one set, took one back and made another.
        save(user, session("offline-161", set("offline-set-1", 6), set("offline-set-3", 9)));
        assertThat(active(user).get("sets").findValuesAsText("reps")).containsExactly("6", "9");
        assertThat(active(user).at("/serverVersion").asInt()).isEqualTo(2);
    }

    @Test
    void aSessionOfAnotherIdReplacesTheOneThatWasThere() {
        int user = 163;
        save(user, session("replaced-163", set("replaced-set-1", 5)));
        save(user, session("replacing-163"));
        assertThat(active(user).get("sessionId").asText()).isEqualTo("replacing-163");
        assertThat(active(user).get("sets")).isEmpty();
        JsonNode recoverable =
                stack.data("{ recoverableSessions { setsLogged archiveReason } }", Map.of(), stack.token(user));
        assertThat(recoverable.at("/recoverableSessions/0/setsLogged").asInt()).isEqualTo(1);
        assertThat(recoverable.at("/recoverableSessions/0/archiveReason").asText())
                .isEqualTo("replaced");
    }

    @Test
    void whatIsWrittenThisWayIsCountedOnce() {
        double started = count("musclemap.workout.sessions.started");
        double sets = count("musclemap.sets.logged");
        String body = session("counted-165", set("counted-165-1", 5), set("counted-165-2", 7));
        save(165, body);
        save(165, body); // the device did not hear that it was saved
        save(165, session("counted-165", set("counted-165-1", 5), set("counted-165-2", 7), set("counted-165-3", 8)));
        assertThat(count("musclemap.workout.sessions.started") - started).isEqualTo(1);
        assertThat(count("musclemap.sets.logged") - sets).isEqualTo(3);
    }

    @Test
    void anotherUsersSessionAndSetsStayHis() {
        save(167, session("his-session-167", set("his-set-167", 5)));
        assertThat(save(169, session("his-session-167")).statusCode()).isBetween(400, 499);
        save(169, session("her-session-169", set("his-set-167", 99)));
        assertThat(active(167).at("/sets/0/reps").asInt()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"sessionId\":\"short\",\"startedAt\":1}",
                "{\"sessionId\":\"long-enough\",\"startedAt\":\"today\"}",
                "{\"sessionId\":\"long-enough\",\"startedAt\":1,\"sets\":{}}",
                "{\"sessionId\":\"long-enough\",\"startedAt\":1,\"totalReps\":-1}",
                "{\"sessionId\":\"long-enough\",\"startedAt\":1,\"sets\":[{\"id\":\"set-long-enough\",\"exerciseId\":\"no such\",\"timestamp\":1}]}",
                "{\"sessionId\":\"long-enough\",\"startedAt\":1,\"sets\":[{\"id\":\"x\",\"exerciseId\":\"ex-001\",\"timestamp\":1}]}"
            })
    void whatIsWrongIsSaidInTheShapeOfSessions(String body) {
        HttpResponse<String> answer = save(171, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(TestStack.json(answer.body()).get("error").asText()).isEqualTo("VALIDATION_ERROR");
        assertThat(TestStack.json(answer.body()).get("message").isTextual()).isTrue();
        assertThat(get(171, "/api/sessions/active").statusCode()).isEqualTo(404);
    }

    @Test
    void aSignOfLifeCountsInItsRegion() throws InterruptedException {
        var headers = Map.of("Content-Type", "application/json");
        assertThat(stack.send("POST", "/api/community/presence", "{\"geoBucket\":\"nz\"}", null, headers)
                        .statusCode())
                .isEqualTo(401);
        var answer = stack.send(
                "POST",
                "/api/community/presence",
                "{\"geoBucket\":\"nz\",\"stageId\":\"gym\"}",
                stack.token(173),
                headers);
        assertThat(TestStack.json(answer.body()).at("/data/acknowledged").asBoolean())
                .isTrue();
        assertThat(stack.data(
                                "query($ids: [ID!]!) { userPresence(userIds: $ids) { status } }",
                                Map.of("ids", List.of(TestStack.DATA.userId(173))),
                                stack.token(175))
                        .at("/userPresence/0/status")
                        .asText())
                .isEqualTo("online");
        // The count is kept for half a minute: an instance that has not counted yet reads what Redis holds.
        try (var redis = me.musclemap.api.cache.RedisStore.open(
                stack.databases().redisUri(), stack.telemetry().database("redis"))) {
            for (int attempt = 0; attempt < 100 && regionOf(redis, 173) == 0; attempt++) {
                Thread.sleep(50);
            }
            assertThat(regionOf(redis, 173)).isEqualTo(1);
        }
    }

    private static long regionOf(me.musclemap.api.cache.RedisStore redis, int user) {
        return redis.call(
                "ZSCORE",
                commands -> commands.zscore("presence:geo:nz", TestStack.DATA.userId(user)) == null ? 0L : 1L);
    }
}
