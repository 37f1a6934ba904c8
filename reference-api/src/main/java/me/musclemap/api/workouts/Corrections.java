package me.musclemap.api.workouts;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.exercises.Exercises;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** Changes to a session in progress other than another set: a set is corrected, the session paused. */
public final class Corrections {
    private final Database database;
    private final Exercises exercises;
    private final Clock clock;

    /** Sessions in {@code database}; {@code clock} is the data's time. */
    public Corrections(Database database, Exercises exercises, Clock clock) {
        this.database = database;
        this.exercises = exercises;
        this.clock = clock;
    }

    /** Mutation.updateSet: what is not given stays. */
    public Object updateSet(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> input = call.input();
        String id = Call.text(input, "setId");
        return database.as(user).transaction("set.correct", connection -> correct(connection, user, id, input));
    }

    private Map<String, @Nullable Object> correct(
            Connection connection, String user, String id, Map<String, @Nullable Object> input) throws SQLException {
        List<Map<String, @Nullable Object>> found = Database.rows(
                connection,
                "select w.id, w.session_id as \"sessionId\", w.exercise_id as \"exerciseId\", w.set_number as \"setNumber\", w.reps, "
                        + "w.weight as \"weightKg\", w.rpe, w.rir, w.duration_seconds as \"durationSeconds\", w.rest_seconds as \"restSeconds\", "
                        + "w.tag, w.notes, w.performed_at from workout_sets w join active_workout_sessions s on s.id = w.session_id "
                        + "where w.id = ? and s.user_id = ? for update of s, w",
                id,
                user);
        if (found.isEmpty()) {
            throw new ApiError(ApiError.Code.NOT_FOUND, "Set not found in the workout in progress");
        }
        Map<String, @Nullable Object> before = found.get(0);
        var wanted = new LinkedHashMap<>(before);
        List.of("reps", "weightKg", "rpe", "rir", "durationSeconds", "notes", "tag")
                .forEach(name -> {
                    if (input.containsKey(name)) {
                        wanted.put(name, input.get(name));
                    }
                });
        LoggedSet set = LoggedSet.of(wanted);
        OptionalDouble weight = set.weightKg() == null ? OptionalDouble.empty() : OptionalDouble.of(set.weightKg());
        double units = TrainingUnits.of(set.reps(), weight, exercises.activations(set.exerciseId()));
        Double oneRepMax =
                weight.isEmpty() ? null : Double.valueOf(TrainingUnits.oneRepMax(weight.getAsDouble(), set.reps()));
        Map<String, @Nullable Object> marks = Database.rows(
                        connection,
                        "with best as (select max(weight) as weight, max(reps) as reps, max(estimated_1rm) as one_rm from workout_sets "
                                + "where user_id = ? and exercise_id = ? and id <> ?) update workout_sets w set reps = ?, weight = ?, rpe = ?, rir = ?, "
                                + "duration_seconds = ?, notes = ?, tag = ?, tu = ?, estimated_1rm = ?, "
                                + "is_pr_weight = coalesce(?::numeric > coalesce(best.weight, 0), false), is_pr_reps = ? > coalesce(best.reps, 0), "
                                + "is_pr_1rm = coalesce(?::numeric > coalesce(best.one_rm, 0), false) from best where w.id = ? "
                                + "returning w.is_pr_weight, w.is_pr_reps, w.is_pr_1rm",
                        user,
                        set.exerciseId(),
                        id,
                        set.reps(),
                        set.weightKg(),
                        set.rpe(),
                        set.rir(),
                        set.durationSeconds(),
                        set.notes(),
                        set.tag(),
                        units,
                        oneRepMax,
                        set.weightKg(),
                        set.reps(),
                        oneRepMax,
                        id)
                .get(0);
        double volume =
                weight.orElse(0) * set.reps() - Cell.number(before.get("weightKg")) * Cell.number(before.get("reps"));
        Instant now = clock.instant();
        Database.update(
                connection,
                "update active_workout_sessions set total_volume = total_volume + ?::numeric, total_reps = total_reps + ?, "
                        + "estimated_calories = estimated_calories + (0.1 * ?::numeric)::int, last_activity_at = ?, updated_at = ?, "
                        + "server_version = server_version + 1 where id = ?",
                volume,
                set.reps() - Cell.whole(before.get("reps")),
                volume,
                now,
                now,
                set.sessionId());
        return shown(set, id, units, marks, before.get("performed_at"));
    }

    private Map<String, @Nullable Object> shown(
            LoggedSet set, String id, double units, Map<String, @Nullable Object> marks, @Nullable Object performedAt) {
        var shown = new LinkedHashMap<String, @Nullable Object>();
        shown.put("id", id);
        shown.put("exerciseId", set.exerciseId());
        shown.put("exerciseName", exercises.name(set.exerciseId()).orElse("Unknown exercise"));
        shown.put("setNumber", set.setNumber());
        shown.put("reps", set.reps());
        shown.put("weightKg", set.weightKg());
        shown.put("rpe", set.rpe());
        shown.put("tu", units);
        shown.put("isPRWeight", marks.get("is_pr_weight"));
        shown.put("isPRReps", marks.get("is_pr_reps"));
        shown.put("isPR1RM", marks.get("is_pr_1rm"));
        shown.put("performedAt", performedAt);
        return shown;
    }

    /** Mutation.pauseWorkoutSession: pausing twice is pausing once. */
    public Object pause(Call call) {
        String user = call.userId();
        Instant now = clock.instant();
        return database.as(user)
                .row(
                        "session.pause",
                        "update active_workout_sessions s set paused_at = coalesce(paused_at, ?), updated_at = ?, "
                                + "server_version = server_version + 1 where id = ? and user_id = ? returning "
                                + Workouts.SESSION_COLUMNS,
                        now,
                        now,
                        call.text("sessionId"),
                        user)
                .orElseThrow(() -> new ApiError(ApiError.Code.NOT_FOUND, "Workout session not found"));
    }
}
