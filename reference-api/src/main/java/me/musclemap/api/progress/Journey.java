package me.musclemap.api.progress;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.exercises.Exercises;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.profile.Streaks;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** How far a user has come, on one page. */
public final class Journey {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final String NO_ARCHETYPE = "none";

    /** One statement: the user's workouts are read once, and each list of the page is made from them. */
    private static final String OVERVIEW = """
            with w as materialized (
                select id, date, total_tu, exercise_data, muscle_activations, created_at from workouts where user_id = ?
            ), days as (
                select date, sum(total_tu) as tu, count(*) as n from w where created_at > ? group by date
            ), moves as (
                select e ->> 'exerciseId' as id, count(*) as n from w, jsonb_array_elements(exercise_data) e group by 1 order by 2 desc, 1 limit 10
            ), worked as (
                select key as id, sum(value::numeric) as total from w, jsonb_each_text(muscle_activations) group by 1
            )
            select u.current_identity_id as archetype, u.created_at as joined,
                   (select count(*) from w) as workouts, (select coalesce(sum(total_tu), 0) from w) as tu,
                   (select count(*) from w where created_at > ?) as week_workouts, (select coalesce(sum(total_tu), 0) from w where created_at > ?) as week_tu,
                   (select count(*) from w where created_at > ?) as month_workouts, (select coalesce(sum(total_tu), 0) from w where created_at > ?) as month_tu,
                   (select array_agg(distinct date::text) from w) as all_days,
                   (select jsonb_agg(jsonb_build_object('date', date::text, 'tu', tu, 'count', n) order by date) from days) as history,
                   (select jsonb_agg(jsonb_build_object('id', id, 'count', n) order by n desc, id) from moves) as moves,
                   (select jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'group', m.muscle_group, 'totalActivation', worked.total)
                        order by worked.total desc, m.id) from worked join muscles m on m.id = worked.id) as muscles,
                   (select jsonb_agg(jsonb_build_object('id', id, 'date', date::text, 'tu', total_tu, 'createdAt', created_at) order by created_at desc, id)
                        from (select * from w order by created_at desc, id limit 10) last) as recent
            from users u where u.id = ?
            """;

    private final Database database;
    private final Archetypes archetypes;
    private final Exercises exercises;
    private final Clock clock;

    /** Journeys of {@code database}; {@code clock} is the data's time. */
    public Journey(Database database, Archetypes archetypes, Exercises exercises, Clock clock) {
        this.database = database;
        this.archetypes = archetypes;
        this.exercises = exercises;
        this.clock = clock;
    }

    /** Query.journeyOverview. */
    public @Nullable Object overview(Call call) {
        String user = call.userId();
        Instant now = clock.instant();
        Instant week = now.minus(WEEK);
        Instant month = now.minus(MONTH);
        return database.as(user)
                .row("journey.of_user", OVERVIEW, user, month, week, week, month, month, user)
                .map(row -> page(row, now))
                .orElse(null);
    }

    private Map<String, @Nullable Object> page(Map<String, @Nullable Object> row, Instant now) {
        String archetype = row.get("archetype") instanceof String id ? id : NO_ARCHETYPE;
        double units = Cell.number(row.get("tu"));
        List<Map<String, @Nullable Object>> levels = levels(archetype, units);
        var reached = levels.stream()
                .filter(level -> Boolean.TRUE.equals(level.get("achieved")))
                .reduce((first, second) -> second);
        var next = levels.stream()
                .filter(level -> !Boolean.TRUE.equals(level.get("achieved")))
                .findFirst();
        var page = new LinkedHashMap<String, @Nullable Object>();
        page.put("currentArchetype", archetype);
        page.put("totalTU", units);
        page.put("currentLevel", reached.map(level -> level.get("level")).orElse(1));
        page.put("currentLevelName", reached.map(level -> level.get("name")).orElse("Novice"));
        page.put(
                "daysSinceJoined",
                row.get("joined") instanceof Instant joined
                        ? (int) Duration.between(joined, now).toDays()
                        : 0);
        page.put("totalWorkouts", row.get("workouts"));
        page.put("streak", Streaks.of(row.get("all_days"), now).current());
        page.put("nextLevelTU", next.map(level -> level.get("totalTu")).orElse(units));
        page.put("stats", stats(row));
        page.put("workoutHistory", Cell.maps(row.get("history")));
        page.put("topExercises", named(Cell.maps(row.get("moves"))));
        page.put("levels", levels);
        List<Map<String, @Nullable Object>> muscles = Cell.maps(row.get("muscles"));
        page.put("muscleGroups", groups(muscles));
        page.put("muscleBreakdown", muscles);
        page.put("recentWorkouts", Cell.maps(row.get("recent")));
        page.put("paths", paths(archetype, units));
        return page;
    }

    private List<Map<String, @Nullable Object>> levels(String archetype, double units) {
        var levels = new ArrayList<Map<String, @Nullable Object>>();
        for (Map<String, @Nullable Object> level : Cell.maps(archetypes.levels().get(archetype))) {
            var shown = new LinkedHashMap<>(level);
            shown.put("achieved", units >= Cell.number(level.get("totalTu")));
            levels.add(shown);
        }
        return levels;
    }

    private static Map<String, Object> stats(Map<String, @Nullable Object> row) {
        return Map.of(
                "weekly", period(row.get("week_workouts"), row.get("week_tu")),
                "monthly", period(row.get("month_workouts"), row.get("month_tu")),
                "allTime", period(row.get("workouts"), row.get("tu")));
    }

    private static Map<String, Object> period(@Nullable Object workouts, @Nullable Object units) {
        double count = Cell.number(workouts);
        double sum = Cell.number(units);
        return Map.of("workouts", (int) count, "tu", sum, "avgTuPerWorkout", count == 0 ? 0.0 : sum / count);
    }

    private List<Map<String, @Nullable Object>> named(List<Map<String, @Nullable Object>> moves) {
        moves.forEach(move ->
                move.put("name", exercises.name(Cell.text(move.get("id"))).orElse("Unknown exercise")));
        return moves;
    }

    private static List<Map<String, Object>> groups(List<Map<String, @Nullable Object>> muscles) {
        var totals = new LinkedHashMap<String, Double>();
        muscles.forEach(muscle ->
                totals.merge(Cell.text(muscle.get("group")), Cell.number(muscle.get("totalActivation")), Double::sum));
        var groups = new ArrayList<Map<String, Object>>();
        totals.forEach((name, total) -> groups.add(Map.of("name", name, "total", total)));
        return groups;
    }

    /** How much of each archetype's last level the user's units would be. */
    private List<Map<String, @Nullable Object>> paths(String current, double units) {
        Map<?, ?> levels = archetypes.levels();
        var paths = new ArrayList<Map<String, @Nullable Object>>();
        for (Map<String, @Nullable Object> archetype : archetypes.all()) {
            List<Map<String, @Nullable Object>> steps = Cell.maps(levels.get(archetype.get("id")));
            double last = steps.isEmpty()
                    ? 0
                    : Cell.number(steps.get(steps.size() - 1).get("totalTu"));
            var path = new LinkedHashMap<String, @Nullable Object>();
            path.put("archetype", archetype.get("id"));
            path.put("name", archetype.get("name"));
            path.put("philosophy", archetype.get("philosophy"));
            path.put("focusAreas", archetype.get("primaryStats"));
            path.put("isCurrent", current.equals(archetype.get("id")));
            path.put("percentComplete", last == 0 ? 0.0 : Math.min(100, units / last * 100));
            paths.add(path);
        }
        return paths;
    }
}
