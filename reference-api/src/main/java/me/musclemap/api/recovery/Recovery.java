package me.musclemap.api.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.Ids;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** How rested a user is, from the last week's nights and workouts. A score is kept and good for a day. */
public final class Recovery {
    private static final Duration LIFE = Duration.ofHours(24);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final double TARGET_HOURS = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SCORE_COLUMNS =
            "id, user_id as \"userId\", score, classification, factors, recommended_intensity as \"recommendedIntensity\", "
                    + "recommended_workout_types as \"recommendedWorkoutTypes\", trend, trend_confidence as \"trendConfidence\", "
                    + "calculated_at as \"calculatedAt\", expires_at as \"expiresAt\", data_sources as \"dataSources\"";

    /** Everything that a score is made from, and the last score. */
    private static final String INPUTS = """
            select (select target_hours from sleep_goals where user_id = ?) as target,
                   (select avg(sleep_duration_minutes) / 60.0 from sleep_logs where user_id = ? and bed_time > ?) as hours,
                   (select avg(quality) from sleep_logs where user_id = ? and bed_time > ?) as quality,
                   (select stddev(extract(epoch from bed_time::time) / 3600) from sleep_logs where user_id = ? and bed_time > ?) as spread,
                   (select max(created_at) from workouts where user_id = ?) as last_workout,
                   (select count(*) from workouts where user_id = ? and created_at > ?) as workouts,
                   (select avg(total_tu) from workouts where user_id = ? and created_at > ?) as intensity,
                   (select avg(score) from recovery_scores where user_id = ? and calculated_at > ?) as before,
                   (select count(*) from recovery_scores where user_id = ? and calculated_at > ?) as scores
            """;

    private static final String NIGHTS = """
            select count(*) as nights, coalesce(avg(sleep_duration_minutes), 0) / 60.0 as hours, coalesce(avg(quality), 0) as quality,
                   coalesce(stddev(sleep_duration_minutes), 0) as spread, count(*) filter (where sleep_duration_minutes >= 60 * ?::real) as met
            from sleep_logs where user_id = ? and bed_time > ?
            """;

    private final Database database;
    private final Clock clock;

    /** Scores in {@code database}; {@code clock} is the data's time. */
    public Recovery(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Query.recoveryScore: the one that is still good, else a new one. */
    public Object score(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> kept = call.is("forceRecalculate") ? Map.of() : kept(user);
        return kept.isEmpty() ? calculate(user) : kept;
    }

    private Map<String, @Nullable Object> kept(String user) {
        return database.as(user)
                .row(
                        "recovery.kept",
                        "select " + SCORE_COLUMNS
                                + " from recovery_scores where user_id = ? and expires_at > ? order by calculated_at desc limit 1",
                        user,
                        clock.instant())
                .orElse(Map.of());
    }

    private Map<String, @Nullable Object> calculate(String user) {
        Instant now = clock.instant();
        Instant week = now.minus(WEEK);
        Map<String, @Nullable Object> inputs = database.as(user)
                .row(
                        "recovery.inputs",
                        INPUTS,
                        user,
                        user,
                        week,
                        user,
                        week,
                        user,
                        week,
                        user,
                        user,
                        week,
                        user,
                        week,
                        user,
                        week,
                        user,
                        week)
                .orElse(Map.of());
        Rest rest = Rest.of(inputs, TARGET_HOURS, now);
        int score = rest.score();
        return database.as(user)
                .row(
                        "recovery.keep",
                        "insert into recovery_scores (id, user_id, score, classification, factors, recommended_intensity, "
                                + "recommended_workout_types, trend, trend_confidence, calculated_at, expires_at, data_sources) "
                                + "values (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?) returning " + SCORE_COLUMNS,
                        Ids.next("rs"),
                        user,
                        score,
                        Rest.classification(score),
                        json(rest.factors()),
                        Rest.intensity(score),
                        Rest.workouts(score).toArray(String[]::new),
                        rest.trend(),
                        rest.trendConfidence(),
                        now,
                        now.plus(LIFE),
                        rest.sources().toArray(String[]::new))
                .orElseThrow(() -> new IllegalStateException("an insert returned nothing"));
    }

    /** Query.recoveryStatus. */
    public Object status(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> kept = kept(user);
        Map<String, @Nullable Object> score = kept.isEmpty() ? calculate(user) : kept;
        Map<String, @Nullable Object> goal = database.as(user)
                .row(
                        "sleep.goal",
                        "select id, target_hours as \"targetHours\", target_bed_time as \"targetBedTime\", target_wake_time as \"targetWakeTime\" "
                                + "from sleep_goals where user_id = ?",
                        user)
                .orElse(Map.of());
        double target = goal.isEmpty() ? TARGET_HOURS : Cell.number(goal.get("targetHours"));
        var status = new LinkedHashMap<String, @Nullable Object>();
        status.put("recommendations", recommendations(score));
        status.put("currentScore", score);
        status.put(
                "lastSleep",
                database.as(user)
                        .row(
                                "sleep.last",
                                "select " + Sleep.COLUMNS
                                        + " from sleep_logs where user_id = ? order by bed_time desc limit 1",
                                user)
                        .orElse(null));
        status.put("sleepStats", nights(user, target));
        status.put("sleepGoal", goal.isEmpty() ? null : goal);
        String intensity = Cell.text(score.get("recommendedIntensity"));
        status.put(
                "nextWorkoutSuggestion",
                Map.of(
                        "intensity",
                        intensity,
                        "types",
                        Cell.texts(score.get("recommendedWorkoutTypes")),
                        "reason",
                        "Recovery is " + score.get("classification") + " at " + score.get("score") + " of 100"));
        return status;
    }

    private Map<String, Object> nights(String user, double targetHours) {
        Map<String, @Nullable Object> row = database.as(user)
                .row("sleep.stats", NIGHTS, targetHours, user, clock.instant().minus(MONTH))
                .orElse(Map.of());
        // An hour and a half of spread in the length of the nights is as uneven as it gets.
        double uneven = Math.min(1, Cell.number(row.get("spread")) / 90);
        return Map.of(
                "avgDurationHours", Cell.number(row.get("hours")),
                "avgQuality", Cell.number(row.get("quality")),
                "nightsLogged", Cell.whole(row.get("nights")),
                "consistency", Cell.whole(row.get("nights")) == 0 ? 0 : (int) Math.round(100 * (1 - uneven)),
                "targetMet", Cell.whole(row.get("met")));
    }

    /** What the weakest factors ask for. */
    private static List<Map<String, Object>> recommendations(Map<String, @Nullable Object> score) {
        var list = new ArrayList<Map<String, Object>>();
        Map<?, ?> factors = score.get("factors") instanceof Map<?, ?> map ? map : Map.of();
        recommend(
                list,
                score,
                factors,
                "sleepDurationScore",
                "sleep",
                "Sleep longer",
                "The nights of this week were shorter than their target.");
        recommend(
                list,
                score,
                factors,
                "sleepQualityScore",
                "sleep",
                "Sleep better",
                "The nights of this week were rated poorly.");
        recommend(
                list,
                score,
                factors,
                "restDaysScore",
                "rest",
                "Take a day of rest",
                "The last workouts left little time between them.");
        return list;
    }

    private static void recommend(
            List<Map<String, Object>> list,
            Map<String, @Nullable Object> score,
            Map<?, ?> factors,
            String factor,
            String type,
            String title,
            String description) {
        double value = Cell.number(factors.get(factor));
        if (factors.containsKey(factor) && value < 70) {
            list.add(Map.of(
                    "id", score.get("id") + "-" + factor,
                    "type", type,
                    "priority", value < 40 ? 1 : 2,
                    "title", title,
                    "description", description));
        }
    }

    private static String json(Map<String, @Nullable Object> factors) {
        try {
            return JSON.writeValueAsString(factors);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("factors are not JSON", e);
        }
    }
}
