package me.musclemap.api.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.store.Cell;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery score is made of. Length and quality of sleep and days of rest count 40, 30 and 30 percent, each from 0 to
 * 100; even bed times add up to 5, a hard week takes up to 15 away. The weights are ours: the product does not publish its own.
 *
 * @param hoursSlept a night's mean of the last seven days
 * @param quality mean of the same nights, 0 (none logged) to 5
 * @param daysSinceWorkout whole days; 7 for none in living memory
 * @param intensity mean training units of the week's workouts
 * @param before mean score of the last seven days, if there is one
 */
record Rest(
        double targetHours,
        double hoursSlept,
        double quality,
        double bedTimeSpreadHours,
        int daysSinceWorkout,
        int workoutsThisWeek,
        double intensity,
        @Nullable Double before,
        int scoresBefore) {
    private static final int UNKNOWN = 60;

    static Rest of(Map<String, @Nullable Object> row, double targetHours, Instant now) {
        long days = row.get("last_workout") instanceof Instant last
                ? Math.max(0, Math.min(7, Duration.between(last, now).toDays()))
                : 7;
        return new Rest(
                row.get("target") == null ? targetHours : Cell.number(row.get("target")),
                Cell.number(row.get("hours")),
                Cell.number(row.get("quality")),
                Cell.number(row.get("spread")),
                (int) days,
                Cell.whole(row.get("workouts")),
                Cell.number(row.get("intensity")),
                row.get("before") == null ? null : Double.valueOf(Cell.number(row.get("before"))),
                Cell.whole(row.get("scores")));
    }

    private boolean slept() {
        return hoursSlept > 0;
    }

    private int durationScore() {
        return slept() ? bounded(100 * hoursSlept / targetHours) : UNKNOWN;
    }

    private int qualityScore() {
        return slept() ? bounded(20 * quality) : UNKNOWN;
    }

    private int restScore() {
        return bounded(40 + 30.0 * daysSinceWorkout - 5.0 * Math.max(0, workoutsThisWeek - 4));
    }

    private int consistencyBonus() {
        return slept() && bedTimeSpreadHours < 1 ? 5 : 0;
    }

    private int strainPenalty() {
        return (int) Math.min(15, workoutsThisWeek * intensity / 50);
    }

    int score() {
        return bounded(0.4 * durationScore()
                + 0.3 * qualityScore()
                + 0.3 * restScore()
                + consistencyBonus()
                - strainPenalty());
    }

    private static int bounded(double value) {
        return (int) Math.round(Math.max(0, Math.min(100, value)));
    }

    static String classification(int score) {
        return score < 30 ? "poor" : score < 50 ? "fair" : score < 70 ? "moderate" : score < 85 ? "good" : "excellent";
    }

    static String intensity(int score) {
        return score < 30 ? "rest" : score < 50 ? "light" : score < 70 ? "moderate" : score < 85 ? "normal" : "high";
    }

    static List<String> workouts(int score) {
        return score < 30
                ? List.of("rest", "stretching")
                : score < 50
                        ? List.of("mobility", "walking")
                        : score < 85 ? List.of("strength", "cardio") : List.of("strength", "intervals");
    }

    @Nullable
    String trend() {
        if (before == null) {
            return null;
        }
        double change = score() - before;
        return change > 3 ? "improving" : change < -3 ? "declining" : "stable";
    }

    @Nullable
    Double trendConfidence() {
        return before == null ? null : Double.valueOf(Math.min(1, scoresBefore / 7.0));
    }

    List<String> sources() {
        var sources = new ArrayList<String>();
        if (slept()) {
            sources.add("sleep");
        }
        if (workoutsThisWeek > 0) {
            sources.add("workouts");
        }
        return sources;
    }

    Map<String, @Nullable Object> factors() {
        var factors = new LinkedHashMap<String, @Nullable Object>();
        factors.put("sleepDurationScore", durationScore());
        factors.put("sleepQualityScore", qualityScore());
        factors.put("restDaysScore", restScore());
        factors.put("hrvBonus", null); // nothing measures heart rates here
        factors.put("strainPenalty", strainPenalty());
        factors.put("consistencyBonus", consistencyBonus());
        factors.put(
                "sleepDetails",
                slept()
                        ? Map.of("hoursSlept", hoursSlept, "targetHours", targetHours, "qualityRating", (int)
                                Math.round(quality))
                        : null);
        factors.put(
                "restDetails",
                Map.of(
                        "daysSinceLastWorkout",
                        daysSinceWorkout,
                        "workoutsThisWeek",
                        workoutsThisWeek,
                        "averageIntensity",
                        intensity));
        factors.put("hrvDetails", null);
        return factors;
    }
}
