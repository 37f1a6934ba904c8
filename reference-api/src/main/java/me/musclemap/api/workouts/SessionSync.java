package me.musclemap.api.workouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import me.musclemap.api.Ids;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.exercises.Exercises;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import me.musclemap.telemetry.business.BusinessTelemetry;
import org.jspecify.annotations.Nullable;

/**
 * A session as a device without a connection keeps it, written as a whole: the REST side of a workout in progress. Sets are
 * rows as those of LogSet; what only the client understands is kept and given back as it came.
 */
public final class SessionSync {
    private static final int SETS_MAX = 500;
    private static final int STATE_CHARS_MAX = 200_000;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final List<String> CLIENTS_OWN = List.of(
            "musclesWorked",
            "sessionPRs",
            "exerciseGroups",
            "activeGroup",
            "activeGroupExerciseIndex",
            "activeGroupRound",
            "groupSets");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SESSION = """
            select s.id, s.user_id, s.started_at, s.paused_at, s.total_paused_time, s.last_activity_at, s.workout_plan, s.current_exercise_index,
                   s.current_set_index, s.total_volume, s.total_reps, s.estimated_calories, s.rest_timer_remaining, s.rest_timer_total_duration,
                   s.rest_timer_started_at, s.client_version, s.server_version, s.client_state,
                   (select jsonb_agg(jsonb_build_object('id', w.id, 'exerciseId', w.exercise_id, 'weight', w.weight, 'reps', w.reps, 'rpe', w.rpe,
                        'rir', w.rir, 'tag', w.tag, 'notes', w.notes, 'estimated1RM', w.estimated_1rm,
                        'timestamp', (extract(epoch from w.performed_at) * 1000)::bigint) order by w.performed_at, w.set_number)
                    from workout_sets w where w.session_id = s.id) as sets
            from active_workout_sessions s where s.user_id = ?
            """;

    /** Tells how many are new: a row that was there has been locked by its change, and says by whom. */
    private static final String SETS = """
            with kept as (insert into workout_sets (id, session_id, user_id, exercise_id, set_number, weight, reps, rpe, rir, tag, notes, tu, estimated_1rm, performed_at)
            select v.id, ?, ?, v.exercise_id, v.set_number, v.weight, v.reps, v.rpe, v.rir, v.tag, v.notes, v.tu, v.one_rm,
                   to_timestamp(v.at / 1000.0)
            from jsonb_to_recordset(?::jsonb) as v(id text, exercise_id text, set_number int, weight numeric, reps int, rpe real, rir int, tag text,
                 notes text, tu real, one_rm numeric, at bigint)
            on conflict (id) do update set weight = excluded.weight, reps = excluded.reps, rpe = excluded.rpe, rir = excluded.rir,
                tag = excluded.tag, notes = excluded.notes, tu = excluded.tu, estimated_1rm = excluded.estimated_1rm
            where workout_sets.session_id = excluded.session_id returning xmax = 0 as fresh)
            select count(*) filter (where fresh) as fresh from kept
            """;

    private static final String UPSERT = """
            insert into active_workout_sessions as s (id, user_id, started_at, paused_at, total_paused_time, last_activity_at, workout_plan,
                current_exercise_index, current_set_index, total_volume, total_reps, total_sets, estimated_calories, rest_timer_remaining,
                rest_timer_total_duration, rest_timer_started_at, client_version, client_state, created_at, updated_at)
            values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)
            on conflict (user_id) do update set paused_at = excluded.paused_at, total_paused_time = excluded.total_paused_time,
                last_activity_at = excluded.last_activity_at, workout_plan = excluded.workout_plan,
                current_exercise_index = excluded.current_exercise_index, current_set_index = excluded.current_set_index,
                total_volume = excluded.total_volume, total_reps = excluded.total_reps, total_sets = excluded.total_sets,
                estimated_calories = excluded.estimated_calories, rest_timer_remaining = excluded.rest_timer_remaining,
                rest_timer_total_duration = excluded.rest_timer_total_duration, rest_timer_started_at = excluded.rest_timer_started_at,
                client_version = excluded.client_version, client_state = excluded.client_state, updated_at = excluded.updated_at,
                server_version = s.server_version + 1
            where s.id = excluded.id
            returning s.server_version
            """;

    private final Database database;
    private final Exercises exercises;
    private final BusinessTelemetry telemetry;
    private final Clock clock;

    /** Sessions in {@code database}; {@code clock} is the data's time. */
    public SessionSync(Database database, Exercises exercises, BusinessTelemetry telemetry, Clock clock) {
        this.database = database;
        this.exercises = exercises;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** GET /api/sessions/active; none when nothing is in progress. */
    public @Nullable Map<String, @Nullable Object> active(String user) {
        return database.as(user)
                .row("session.whole", SESSION, user)
                .map(this::shown)
                .orElse(null);
    }

    /** GET /api/sessions/status. */
    public Map<String, @Nullable Object> status(String user) {
        return database.as(user)
                .row(
                        "session.status",
                        "select true as \"hasActiveSession\", id as \"sessionId\", (extract(epoch from started_at) * 1000)::bigint as \"startedAt\", "
                                + "total_sets as \"setsCount\" from active_workout_sessions where user_id = ?",
                        user)
                .orElse(Map.of("hasActiveSession", false));
    }

    /** POST /api/sessions: the session becomes what {@code given} says; one of another id is archived as replaced. */
    public Map<String, @Nullable Object> save(String user, JsonNode given) {
        String id = given.path("sessionId").asText("");
        check(ID.matcher(id).matches(), "sessionId must have 8 to 64 letters, digits, dashes or underscores");
        Instant started = time(given.path("startedAt"), "startedAt");
        JsonNode sets = given.path("sets");
        check(sets.isMissingNode() || sets.isArray(), "sets must be a list");
        check(sets.size() <= SETS_MAX, "sets must not hold more than " + SETS_MAX);
        ArrayNode rows = JSON.createArrayNode();
        StreamSupport.stream(sets.spliterator(), false).forEach(set -> rows.add(row(set, id, rows.size() + 1)));
        String state = state(given);
        String plan = given.path("workoutPlan").isObject() ? text(given.path("workoutPlan")) : null;
        check(plan == null || plan.length() <= STATE_CHARS_MAX, "workoutPlan is too long");
        Saved saved = database.as(user)
                .transaction(
                        "session.save", connection -> save(connection, user, id, started, given, rows, plan, state));
        if (saved.isNew) {
            telemetry.workoutStarted();
        }
        for (long i = 0; i < saved.newSets; i++) {
            telemetry.setLogged();
        }
        Map<String, @Nullable Object> whole = active(user);
        return whole == null ? Map.of() : whole;
    }

    /** What a save has added. */
    private record Saved(boolean isNew, long newSets) {}

    private Saved save(
            Connection connection,
            String user,
            String id,
            Instant started,
            JsonNode given,
            ArrayNode rows,
            @Nullable String plan,
            String state)
            throws SQLException {
        Instant now = clock.instant();
        archiveOther(connection, user, id, now);
        JsonNode timer = given.path("restTimer");
        List<Map<String, @Nullable Object>> upserted = Database.rows(
                connection,
                UPSERT,
                id,
                user,
                started,
                optionalTime(given.path("pausedAt")),
                whole(given, "totalPausedTime", 604_800),
                now,
                plan,
                whole(given, "currentExerciseIndex", 10_000),
                whole(given, "currentSetIndex", 10_000),
                real(given, "totalVolume", 1e9),
                whole(given, "totalReps", 1_000_000),
                rows.size(),
                whole(given, "estimatedCalories", 1_000_000),
                timer.path("remaining").isNumber() ? whole(timer, "remaining", 86_400) : null,
                timer.path("totalDuration").isNumber() ? whole(timer, "totalDuration", 86_400) : null,
                optionalTime(timer.path("startedAt")),
                Math.max(1, whole(given, "clientVersion", 1_000_000_000)),
                state,
                now,
                now);
        check(upserted.size() == 1, "sessionId is taken");
        Database.update(
                connection,
                "delete from workout_sets where session_id = ? and user_id = ? and id not in (select v ->> 'id' from jsonb_array_elements(?::jsonb) v)",
                id,
                user,
                rows.toString());
        Object fresh = Database.rows(connection, SETS, id, user, rows.toString())
                .get(0)
                .get("fresh");
        return new Saved(
                Integer.valueOf(1).equals(upserted.get(0).get("server_version")),
                fresh instanceof Number count ? count.longValue() : 0);
    }

    private static void archiveOther(Connection connection, String user, String id, Instant now) throws SQLException {
        Database.update(
                connection,
                "with gone as (delete from active_workout_sessions where user_id = ? and id <> ? returning *) "
                        + "insert into archived_workout_sessions (id, user_id, original_session_id, session_data, archive_reason, started_at, archived_at) "
                        + "select ?, user_id, id, jsonb_build_object('setsLogged', total_sets, 'totalVolume', total_volume, 'musclesWorked', '[]'::jsonb), "
                        + "'replaced', started_at, ? from gone",
                user,
                id,
                Ids.next("aws"),
                now);
    }

    private ObjectNode row(JsonNode set, String session, int number) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("clientSetId", set.path("id").asText(""));
        fields.put("sessionId", session);
        fields.put("exerciseId", set.path("exerciseId").asText(""));
        fields.put("setNumber", number);
        fields.put("reps", whole(set, "reps", 1_000));
        fields.put("weightKg", real(set, "weight", 2_000));
        fields.put("rpe", set.path("rpe").isNumber() ? set.path("rpe").doubleValue() : null);
        fields.put("rir", set.path("rir").isInt() ? set.path("rir").intValue() : null);
        fields.put("tag", set.path("tag").asText("working"));
        fields.put("notes", set.path("notes").isTextual() ? set.path("notes").textValue() : null);
        check(
                ID.matcher(set.path("id").asText("")).matches(),
                "each set's id must have 8 to 64 letters, digits, dashes or underscores");
        LoggedSet logged = LoggedSet.of(fields);
        check(
                exercises.name(logged.exerciseId()).isPresent(),
                "each set's exerciseId must name an exercise of the catalogue");
        double weight = real(set, "weight", 2_000);
        ObjectNode row = JSON.createObjectNode();
        row.put("id", logged.id()).put("exercise_id", logged.exerciseId()).put("set_number", number);
        row.put("weight", weight)
                .put("reps", logged.reps())
                .put("rpe", logged.rpe())
                .put("rir", logged.rir());
        row.put("tag", logged.tag()).put("notes", logged.notes());
        row.put(
                "tu",
                TrainingUnits.of(
                        logged.reps(),
                        java.util.OptionalDouble.of(weight),
                        exercises.activations(logged.exerciseId())));
        row.put("one_rm", TrainingUnits.oneRepMax(weight, logged.reps()));
        row.put("at", time(set.path("timestamp"), "each set's timestamp").toEpochMilli());
        return row;
    }

    private static String state(JsonNode given) {
        ObjectNode state = JSON.createObjectNode();
        CLIENTS_OWN.forEach(name -> {
            if (given.has(name)) {
                state.set(name, given.get(name));
            }
        });
        String text = text(state);
        check(text.length() <= STATE_CHARS_MAX, "the session is too long");
        return text;
    }

    private Map<String, @Nullable Object> shown(Map<String, @Nullable Object> row) {
        var shown = new LinkedHashMap<String, @Nullable Object>();
        Map<?, ?> state = row.get("client_state") instanceof Map<?, ?> map ? map : Map.of();
        List<Map<String, @Nullable Object>> sets = Cell.maps(row.get("sets"));
        sets.forEach(set -> set.put(
                "exerciseName", exercises.name(Cell.text(set.get("exerciseId"))).orElse("Unknown exercise")));
        shown.put("sessionId", row.get("id"));
        shown.put("userId", row.get("user_id"));
        shown.put("startedAt", millis(row.get("started_at")));
        shown.put("pausedAt", millis(row.get("paused_at")));
        shown.put("totalPausedTime", row.get("total_paused_time"));
        shown.put("lastActivityAt", millis(row.get("last_activity_at")));
        shown.put("workoutPlan", row.get("workout_plan"));
        shown.put("currentExerciseIndex", row.get("current_exercise_index"));
        shown.put("currentSetIndex", row.get("current_set_index"));
        shown.put("sets", sets);
        shown.put("totalVolume", row.get("total_volume"));
        shown.put("totalReps", row.get("total_reps"));
        shown.put("estimatedCalories", row.get("estimated_calories"));
        var timer = new LinkedHashMap<String, @Nullable Object>();
        timer.put("remaining", row.get("rest_timer_remaining"));
        timer.put("totalDuration", row.get("rest_timer_total_duration"));
        timer.put("startedAt", millis(row.get("rest_timer_started_at")));
        shown.put("restTimer", timer);
        for (String name : CLIENTS_OWN) {
            Object kept = state.get(name);
            shown.put(name, kept != null ? kept : empty(name));
        }
        shown.put("clientVersion", row.get("client_version"));
        shown.put("serverVersion", row.get("server_version"));
        return shown;
    }

    private static @Nullable Object empty(String name) {
        return switch (name) {
            case "activeGroup" -> null;
            case "activeGroupExerciseIndex" -> 0;
            case "activeGroupRound" -> 1;
            default -> List.of();
        };
    }

    private static @Nullable Long millis(@Nullable Object instant) {
        return instant instanceof Instant time ? time.toEpochMilli() : null;
    }

    private static @Nullable Instant optionalTime(JsonNode millis) {
        return millis.isNumber() ? time(millis, "a time") : null;
    }

    private static Instant time(JsonNode millis, String name) {
        try {
            check(
                    millis.isNumber() && Math.abs(millis.doubleValue()) < 4e12,
                    name + " must be milliseconds since 1970");
            return Instant.ofEpochMilli(millis.longValue());
        } catch (DateTimeException e) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, name + " must be milliseconds since 1970");
        }
    }

    private static int whole(JsonNode node, String name, int max) {
        return (int) Math.round(real(node, name, max));
    }

    private static double real(JsonNode node, String name, double max) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        check(
                value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= max,
                "%s must be a number from 0 to %.0f".formatted(name, max));
        return value.doubleValue();
    }

    private static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON cannot be written", e);
        }
    }

    private static void check(boolean rule, String message) {
        if (!rule) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, message);
        }
    }
}
