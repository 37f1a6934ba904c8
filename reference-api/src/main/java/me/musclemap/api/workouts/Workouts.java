package me.musclemap.api.workouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import me.musclemap.api.Ids;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.exercises.Exercises;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Database;
import me.musclemap.telemetry.business.BusinessTelemetry;
import org.jspecify.annotations.Nullable;

/** A workout in progress: one session a user, sets logged one by one, completed into a workout. */
public final class Workouts {
    private static final Duration RECOVERABLE = Duration.ofDays(7);
    private static final int CREDITS = 25;
    private static final int SETS_MAX = 500;
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final ObjectMapper JSON = new ObjectMapper();

    static final String SESSION_COLUMNS =
            "s.id, s.user_id as \"userId\", s.started_at as \"startedAt\", s.paused_at as \"pausedAt\", "
                    + "s.total_paused_time as \"totalPausedTime\", s.last_activity_at as \"lastActivityAt\", "
                    + "s.current_exercise_index as \"currentExerciseIndex\", s.current_set_index as \"currentSetIndex\", "
                    + "s.rest_timer_remaining as \"restTimerRemaining\", s.rest_timer_total_duration as \"restTimerTotalDuration\", "
                    + "s.rest_timer_started_at as \"restTimerStartedAt\", s.total_volume as \"totalVolume\", "
                    + "s.total_reps as \"totalReps\", s.estimated_calories as \"estimatedCalories\"";

    /** One statement: the session is locked, the best so far read, the set inserted once, the session's sums raised. */
    private static final String LOG_SET = """
            with s as (
                select id, user_id from active_workout_sessions where id = ? and user_id = ? and total_sets < %d for update
            ), best as (
                select max(weight) as weight, max(reps) as reps, max(estimated_1rm) as one_rm
                from workout_sets where user_id = ? and exercise_id = ?
            ), logged as (
                insert into workout_sets (id, session_id, user_id, exercise_id, set_number, reps, weight, rpe, rir, duration_seconds,
                    rest_seconds, tag, notes, tu, estimated_1rm, performed_at, is_pr_weight, is_pr_reps, is_pr_1rm)
                select v.id, s.id, s.user_id, v.exercise_id, v.set_number, v.reps, v.weight, v.rpe, v.rir, v.duration_seconds,
                    v.rest_seconds, v.tag, v.notes, v.tu, v.one_rm, v.at,
                    coalesce(v.weight > coalesce(best.weight, 0), false), v.reps > coalesce(best.reps, 0),
                    coalesce(v.one_rm > coalesce(best.one_rm, 0), false)
                from s, best, (select ?::text as id, ?::text as exercise_id, ?::int as set_number, ?::int as reps, ?::numeric as weight,
                    ?::real as rpe, ?::int as rir, ?::int as duration_seconds, ?::int as rest_seconds, ?::text as tag, ?::text as notes,
                    ?::real as tu, ?::numeric as one_rm, ?::timestamptz as at) v
                on conflict (id) do nothing
                returning *
            ), raised as (
                update active_workout_sessions a
                set total_volume = a.total_volume + coalesce(l.weight, 0) * l.reps, total_reps = a.total_reps + l.reps,
                    total_sets = a.total_sets + 1, current_set_index = l.set_number,
                    estimated_calories = a.estimated_calories + (0.1 * coalesce(l.weight, 0) * l.reps)::int + 5,
                    last_activity_at = l.performed_at, updated_at = l.performed_at, server_version = a.server_version + 1
                from logged l where a.id = l.session_id
                returning a.*
            )
            select a.id as session_id, a.total_volume, a.total_reps, a.estimated_calories, a.current_exercise_index, a.current_set_index,
                   l.is_pr_weight, l.is_pr_reps, l.is_pr_1rm, best.weight as best_weight, best.reps as best_reps, best.one_rm as best_one_rm
            from raised a, logged l, best
            """.formatted(SETS_MAX);

    private final Database database;
    private final RedisCache cache;
    private final Exercises exercises;
    private final BusinessTelemetry telemetry;
    private final Clock clock;

    /** Sessions in {@code database}; {@code clock} is the data's time. */
    public Workouts(
            Database database, RedisCache cache, Exercises exercises, BusinessTelemetry telemetry, Clock clock) {
        this.database = database;
        this.cache = cache;
        this.exercises = exercises;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** Query.activeWorkoutSession. */
    public @Nullable Object active(Call call) {
        String user = call.userId();
        List<Map<String, @Nullable Object>> rows = database.as(user)
                .rows(
                        "session.active",
                        "select " + SESSION_COLUMNS
                                + ", w.id as set_id, w.exercise_id, w.set_number, w.reps, w.weight, w.rpe, w.tu, "
                                + "w.is_pr_weight, w.is_pr_reps, w.is_pr_1rm, w.performed_at from active_workout_sessions s "
                                + "left join workout_sets w on w.session_id = s.id where s.user_id = ? order by w.performed_at, w.set_number",
                        user);
        if (rows.isEmpty()) {
            return null;
        }
        var session = new LinkedHashMap<>(rows.get(0));
        var sets = new ArrayList<Map<String, @Nullable Object>>(rows.size());
        for (Map<String, @Nullable Object> row : rows) {
            if (row.get("set_id") != null) {
                sets.add(set(row));
            }
        }
        session.put("sets", sets);
        return session;
    }

    private Map<String, @Nullable Object> set(Map<String, @Nullable Object> row) {
        var set = new LinkedHashMap<String, @Nullable Object>();
        String exercise = String.valueOf(row.get("exercise_id"));
        set.put("id", row.get("set_id"));
        set.put("exerciseId", exercise);
        set.put("exerciseName", exercises.name(exercise).orElse("Unknown exercise"));
        set.put("setNumber", row.get("set_number"));
        set.put("reps", row.get("reps"));
        set.put("weightKg", row.get("weight"));
        set.put("rpe", row.get("rpe"));
        set.put("tu", row.get("tu"));
        set.put("isPRWeight", row.get("is_pr_weight"));
        set.put("isPRReps", row.get("is_pr_reps"));
        set.put("isPR1RM", row.get("is_pr_1rm"));
        set.put("performedAt", row.get("performed_at"));
        return set;
    }

    /** Query.recoverableSessions. */
    public Object recoverable(Call call) {
        String user = call.userId();
        return database.as(user)
                .rows(
                        "session.recoverable",
                        "select id, started_at as \"startedAt\", archived_at as \"archivedAt\", archive_reason as \"archiveReason\", "
                                + "coalesce((session_data ->> 'setsLogged')::int, 0) as \"setsLogged\", "
                                + "coalesce((session_data ->> 'totalVolume')::float8, 0) as \"totalVolume\", "
                                + "coalesce(session_data -> 'musclesWorked', '[]'::jsonb) as \"musclesWorked\", true as \"canRecover\" "
                                + "from archived_workout_sessions where user_id = ? and not recovered and archive_reason <> 'completed' "
                                + "and archived_at > ? order by archived_at desc limit ?",
                        user,
                        clock.instant().minus(RECOVERABLE),
                        call.number("limit", 5, 1, 20));
    }

    /** Mutation.startWorkoutSession. */
    public Object start(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> input = call.input();
        String id = input.get("clientId") instanceof String given
                        && CLIENT_ID.matcher(given).matches()
                ? given
                : Ids.next("ws");
        Instant now = clock.instant();
        // One statement for the usual case of no session; who has one gets that, as it is.
        List<Map<String, @Nullable Object>> started = database.as(user)
                .rows(
                        "session.start",
                        "insert into active_workout_sessions as s (id, user_id, started_at, last_activity_at, workout_plan, created_at, updated_at) "
                                + "values (?, ?, ?, ?, ?::jsonb, ?, ?) on conflict (user_id) do nothing returning "
                                + SESSION_COLUMNS,
                        id,
                        user,
                        now,
                        now,
                        json(input.get("workoutPlan")),
                        now,
                        now);
        Map<String, @Nullable Object> session;
        if (started.isEmpty()) {
            session = resumed(user, now);
        } else {
            telemetry.workoutStarted();
            session = started.get(0);
        }
        var result = new LinkedHashMap<String, @Nullable Object>();
        result.put("session", session);
        result.put("setLogged", null);
        result.put("prsAchieved", List.of());
        return result;
    }

    /** The session that is there; whoever starts again goes on, so a pause ends. */
    private Map<String, @Nullable Object> resumed(String user, Instant now) {
        Map<String, @Nullable Object> session = database.as(user)
                .row(
                        "session.of_user",
                        "select " + SESSION_COLUMNS + " from active_workout_sessions s where user_id = ?",
                        user)
                .orElseThrow(
                        () -> new ApiError(ApiError.Code.CONFLICT, "The session was completed elsewhere, try again"));
        if (session.get("pausedAt") == null) {
            return session;
        }
        return database.as(user)
                .row(
                        "session.resume",
                        "update active_workout_sessions s set total_paused_time = total_paused_time + extract(epoch from ?::timestamptz - paused_at)::int, "
                                + "paused_at = null, last_activity_at = ?, updated_at = ?, server_version = server_version + 1 "
                                + "where user_id = ? and paused_at is not null returning " + SESSION_COLUMNS,
                        now,
                        now,
                        now,
                        user)
                .orElse(session);
    }

    /** Mutation.logSet. */
    public Object logSet(Call call) {
        String user = call.userId();
        LoggedSet set = LoggedSet.of(call.input());
        String exerciseName = exercises
                .name(set.exerciseId())
                .orElseThrow(() -> new ApiError(ApiError.Code.NOT_FOUND, "Exercise not found"));
        double units = TrainingUnits.of(
                set.reps(),
                set.weightKg() == null ? OptionalDouble.empty() : OptionalDouble.of(set.weightKg()),
                exercises.activations(set.exerciseId()));
        Double oneRepMax =
                set.weightKg() == null ? null : Double.valueOf(TrainingUnits.oneRepMax(set.weightKg(), set.reps()));
        Instant now = clock.instant();
        Optional<Map<String, @Nullable Object>> inserted = database.as(user)
                .row(
                        "set.log",
                        LOG_SET,
                        set.sessionId(),
                        user,
                        user,
                        set.exerciseId(),
                        set.id(),
                        set.exerciseId(),
                        set.setNumber(),
                        set.reps(),
                        set.weightKg(),
                        set.rpe(),
                        set.rir(),
                        set.durationSeconds(),
                        set.restSeconds(),
                        set.tag(),
                        set.notes(),
                        units,
                        oneRepMax,
                        now);
        inserted.ifPresent(row -> telemetry.setLogged()); // the same set once more is not another one
        Map<String, @Nullable Object> row = inserted.orElseGet(() -> logged(user, set));
        var logged = new LinkedHashMap<String, @Nullable Object>();
        logged.put("id", set.id());
        logged.put("exerciseId", set.exerciseId());
        logged.put("exerciseName", exerciseName);
        logged.put("setNumber", set.setNumber());
        logged.put("reps", set.reps());
        logged.put("weightKg", set.weightKg());
        logged.put("rpe", set.rpe());
        logged.put("tu", units);
        logged.put("isPRWeight", row.get("is_pr_weight"));
        logged.put("isPRReps", row.get("is_pr_reps"));
        logged.put("isPR1RM", row.get("is_pr_1rm"));
        logged.put("performedAt", now);
        return Map.of("session", session(row), "setLogged", logged, "prsAchieved", records(set, oneRepMax, row));
    }

    /** Nothing was inserted: the set is there already (a repeated request), or the session is not this user's. */
    private Map<String, @Nullable Object> logged(String user, LoggedSet set) {
        return database.as(user)
                .row(
                        "set.repeated",
                        "select s.id as session_id, s.total_volume, s.total_reps, s.estimated_calories, s.current_exercise_index, "
                                + "s.current_set_index, w.is_pr_weight, w.is_pr_reps, w.is_pr_1rm from active_workout_sessions s "
                                + "join workout_sets w on w.session_id = s.id where s.id = ? and s.user_id = ? and w.id = ?",
                        set.sessionId(),
                        user,
                        set.id())
                .orElseThrow(() ->
                        new ApiError(ApiError.Code.NOT_FOUND, "Workout session not found, or it has too many sets"));
    }

    private static Map<String, @Nullable Object> session(Map<String, @Nullable Object> row) {
        var session = new LinkedHashMap<String, @Nullable Object>();
        session.put("id", row.get("session_id"));
        session.put("totalVolume", row.get("total_volume"));
        session.put("totalReps", row.get("total_reps"));
        session.put("estimatedCalories", row.get("estimated_calories"));
        session.put("currentExerciseIndex", row.get("current_exercise_index"));
        session.put("currentSetIndex", row.get("current_set_index"));
        return session;
    }

    private static List<Map<String, @Nullable Object>> records(
            LoggedSet set, @Nullable Double oneRepMax, Map<String, @Nullable Object> row) {
        var records = new ArrayList<Map<String, @Nullable Object>>();
        addRecord(records, set, "weight", row.get("is_pr_weight"), set.weightKg());
        addRecord(records, set, "reps", row.get("is_pr_reps"), (double) set.reps());
        addRecord(records, set, "1rm", row.get("is_pr_1rm"), oneRepMax);
        return records;
    }

    private static void addRecord(
            List<Map<String, @Nullable Object>> records,
            LoggedSet set,
            String type,
            @Nullable Object is,
            @Nullable Double value) {
        if (Boolean.TRUE.equals(is) && value != null) {
            records.add(Map.of("exerciseId", set.exerciseId(), "prType", type, "newValue", value));
        }
    }

    /** Mutation.completeWorkoutSession. */
    public Object complete(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> input = call.input();
        String sessionId = Call.text(input, "sessionId");
        Instant now = clock.instant();
        Object result = database.as(user)
                .transaction("session.complete", connection -> complete(connection, user, sessionId, input, now));
        cache.drop("user:" + user, "user:" + user + ":stats", "user:" + user + ":achievements");
        telemetry.workoutCompleted();
        return result;
    }

    private Object complete(
            Connection connection, String user, String sessionId, Map<String, @Nullable Object> input, Instant now)
            throws SQLException {
        List<Map<String, @Nullable Object>> found = Database.rows(
                connection,
                "select " + SESSION_COLUMNS + " from active_workout_sessions s where id = ? and user_id = ? for update",
                sessionId,
                user);
        if (found.isEmpty()) {
            throw new ApiError(ApiError.Code.NOT_FOUND, "Workout session not found");
        }
        Map<String, @Nullable Object> session = found.get(0);
        List<Map<String, @Nullable Object>> sets = Database.rows(
                connection,
                "select exercise_id, reps, weight, tu, is_pr_weight or is_pr_reps or is_pr_1rm as record from workout_sets where session_id = ?",
                sessionId);
        if (sets.isEmpty()) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "Cannot complete a workout without logged sets");
        }
        Summary summary = Summary.of(sets, exercises);
        String workoutId = Ids.next("workout");
        Duration lasted = Duration.between((Instant) session.getOrDefault("startedAt", now), now)
                .minus(Pauses.of(session, now));
        Database.update(
                connection,
                "insert into workouts (id, user_id, date, total_tu, notes, is_public, exercise_data, muscle_activations, total_sets, total_reps, "
                        + "total_volume, duration_seconds, pr_count, created_at) values (?, ?, ?::date, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?, ?)",
                workoutId,
                user,
                now.atZone(ZoneOffset.UTC).toLocalDate().toString(),
                summary.units(),
                input.get("notes"),
                !Boolean.FALSE.equals(input.get("isPublic")),
                json(summary.exercises()),
                json(summary.muscles()),
                sets.size(),
                summary.reps(),
                summary.volume(),
                (int) lasted.toSeconds(),
                summary.records(),
                now);
        Database.update(
                connection, "update workout_sets set workout_id = ? where session_id = ?", workoutId, sessionId);
        Database.update(
                connection,
                "insert into archived_workout_sessions (id, user_id, original_session_id, session_data, archive_reason, started_at, archived_at, "
                        + "recovered, recovered_workout_id) values (?, ?, ?, ?::jsonb, 'completed', ?, ?, true, ?)",
                Ids.next("aws"),
                user,
                sessionId,
                json(Map.of(
                        "setsLogged",
                        sets.size(),
                        "totalVolume",
                        summary.volume(),
                        "musclesWorked",
                        summary.muscles().keySet())),
                session.get("startedAt"),
                now,
                workoutId);
        Database.update(connection, "delete from active_workout_sessions where id = ?", sessionId);
        int earned = (int) Math.round(summary.units() * 10);
        List<Map<String, @Nullable Object>> levels = Database.rows(
                connection,
                "update users set total_xp = total_xp + ?, current_level = 1 + (total_xp + ?) / 1000, last_active_at = ?, updated_at = ? "
                        + "where id = ? returning (total_xp / 1000) > ((total_xp - ?) / 1000) as up",
                earned,
                earned,
                now,
                now,
                user,
                earned);
        Database.update(
                connection,
                "update character_stats set strength = strength + ?, endurance = endurance + ?, last_calculated_at = ?, version = version + 1 "
                        + "where user_id = ?",
                summary.volume() / 10_000,
                sets.size() / 100.0,
                now,
                user);
        Database.update(
                connection,
                "insert into activity_events (id, user_id, event_type, payload, geo_bucket, created_at) values (?, ?, 'workout.completed', "
                        + "'{\"message\": \"Someone finished a workout\"}', null, ?)",
                Ids.next("evt"),
                user,
                now);
        return completion(
                session,
                workoutId,
                user,
                summary,
                sets.size(),
                lasted,
                earned,
                !levels.isEmpty() && Boolean.TRUE.equals(levels.get(0).get("up")));
    }

    private static Map<String, @Nullable Object> completion(
            Map<String, @Nullable Object> session,
            String workoutId,
            String user,
            Summary summary,
            int sets,
            Duration lasted,
            int earned,
            boolean levelUp) {
        var result = new LinkedHashMap<String, @Nullable Object>();
        result.put("workout", Map.of("id", workoutId, "userId", user));
        result.put("session", session);
        result.put("totalTU", summary.units());
        result.put("totalVolume", summary.volume());
        result.put("totalSets", sets);
        result.put("totalReps", summary.reps());
        result.put("duration", (int) lasted.toMinutes());
        result.put("creditsCharged", CREDITS);
        result.put("xpEarned", earned);
        result.put("levelUp", levelUp);
        return result;
    }

    private static @Nullable String json(@Nullable Object value) {
        try {
            return value == null ? null : JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "workoutPlan is not JSON");
        }
    }
}
