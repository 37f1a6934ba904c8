package me.musclemap.api.workouts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.exercises.Exercises;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.profile.Streaks;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** Finished workouts, and the best that a user has done. */
public final class History {
    private static final int OFFSET_MAX = 1_000;
    private static final int IDS_MAX = 50;

    private static final String COLUMNS =
            "select id, user_id as \"userId\", exercise_data as exercises, duration_seconds / 60 as \"duration\", notes, "
                    + "round(total_tu)::int as \"totalTU\", created_at as \"createdAt\" from workouts where user_id = ?";

    private static final String STATS = """
            select count(*) as "totalWorkouts", coalesce(sum(total_sets), 0) as "totalSets", coalesce(sum(total_reps), 0) as "totalReps",
                   coalesce(sum(total_volume), 0) as "totalWeight", coalesce(avg(duration_seconds), 0) / 60.0 as "averageWorkoutDuration",
                   count(*) filter (where created_at > ?) as "thisWeek", count(*) filter (where created_at > ?) as "thisMonth",
                   coalesce(sum(jsonb_array_length(exercise_data)), 0) as "totalExercises", array_agg(distinct date::text) as days
            from workouts where user_id = ?
            """;

    private static final String BEST = """
            select exercise_id as "exerciseId", coalesce(max(weight), 0) as "bestWeight", coalesce(max(estimated_1rm), 0) as "best1RM",
                   coalesce(max(weight * reps), 0) as "bestVolume", max(performed_at) as "lastPerformedAt",
                   count(distinct coalesce(workout_id, session_id)) as "totalSessions"
            from workout_sets where user_id = ? and exercise_id = any (?) group by exercise_id
            """;

    private final Database database;
    private final Exercises exercises;
    private final Clock clock;

    /** Workouts in {@code database}; {@code clock} is the data's time. */
    public History(Database database, Exercises exercises, Clock clock) {
        this.database = database;
        this.exercises = exercises;
        this.clock = clock;
    }

    /** Query.myWorkouts. Pages by offset as the product's clients do, or after a workout, which costs the same on every page. */
    public Object workouts(Call call) {
        String user = call.userId();
        int limit = call.number("limit", 50, 1, 100);
        String after = call.text("after", "");
        List<Map<String, @Nullable Object>> rows = after.isEmpty()
                ? database.as(user)
                        .rows(
                                "workout.of_user",
                                COLUMNS + " order by created_at desc, id desc limit ? offset ?",
                                user,
                                limit,
                                call.number("offset", 0, 0, OFFSET_MAX))
                : database.as(user)
                        .rows(
                                "workout.of_user_after",
                                COLUMNS + " and (created_at, id) < (select created_at, id from workouts where id = ?) "
                                        + "order by created_at desc, id desc limit ?",
                                user,
                                after,
                                limit);
        rows.forEach(row -> row.put("exercises", shown(row.get("exercises"), exercises)));
        return rows;
    }

    /** The exercises of a workout as it keeps them, with their names. */
    static List<Map<String, @Nullable Object>> shown(@Nullable Object kept, Exercises catalogue) {
        var shown = new ArrayList<Map<String, @Nullable Object>>();
        for (Map<String, @Nullable Object> one : Cell.maps(kept)) {
            String id = Cell.text(one.get("exerciseId"));
            var exercise = new LinkedHashMap<String, @Nullable Object>();
            exercise.put("exerciseId", id);
            exercise.put("name", catalogue.name(id).orElse("Unknown exercise"));
            exercise.put("sets", Cell.whole(one.get("sets")));
            exercise.put("reps", Cell.whole(one.get("reps")));
            exercise.put("weight", one.get("weight"));
            exercise.put("notes", one.get("notes"));
            shown.add(exercise);
        }
        return shown;
    }

    /** Query.myWorkoutStats. */
    public @Nullable Object stats(Call call) {
        String user = call.userId();
        Instant now = clock.instant();
        return database.as(user)
                .row("workout.stats", STATS, now.minus(Duration.ofDays(7)), now.minus(Duration.ofDays(30)), user)
                .map(row -> {
                    var streaks = Streaks.of(row.remove("days"), now);
                    row.put("currentStreak", streaks.current());
                    row.put("longestStreak", streaks.longest());
                    return row;
                })
                .orElse(null);
    }

    /** Query.exerciseHistory: one statement for all that are asked for. */
    public Object exercises(Call call) {
        String user = call.userId();
        List<String> ids = call.texts("exerciseIds");
        if (ids.size() > IDS_MAX) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "exerciseIds must not hold more than " + IDS_MAX);
        }
        var best = new LinkedHashMap<String, Map<String, @Nullable Object>>();
        database.as(user)
                .rows("exercise.history", BEST, user, ids.toArray(String[]::new))
                .forEach(row -> best.put(Cell.text(row.get("exerciseId")), row));
        return ids.stream()
                .map(id -> entry(id, best.getOrDefault(id, Map.of())))
                .toList();
    }

    private Map<String, @Nullable Object> entry(String id, Map<String, @Nullable Object> best) {
        var entry = new LinkedHashMap<String, @Nullable Object>();
        entry.put("exerciseId", id);
        entry.put("exerciseName", exercises.name(id).orElse(null));
        entry.put("bestWeight", Cell.number(best.get("bestWeight")));
        entry.put("best1RM", Cell.number(best.get("best1RM")));
        entry.put("bestVolume", Cell.number(best.get("bestVolume")));
        entry.put("lastPerformedAt", best.get("lastPerformedAt"));
        entry.put("totalSessions", Cell.whole(best.get("totalSessions")));
        return entry;
    }
}
