package me.musclemap.api.workouts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.exercises.Exercises;
import org.jspecify.annotations.Nullable;

/** What the sets of a session sum up to. */
record Summary(
        double units,
        double volume,
        int reps,
        int records,
        List<Map<String, Object>> exercises,
        Map<String, Integer> muscles) {
    static Summary of(List<Map<String, @Nullable Object>> sets, Exercises catalogue) {
        double units = 0;
        double volume = 0;
        int reps = 0;
        int records = 0;
        var setsOf = new LinkedHashMap<String, Integer>();
        var muscles = new LinkedHashMap<String, Integer>();
        for (Map<String, @Nullable Object> set : sets) {
            String exercise = String.valueOf(set.get("exercise_id"));
            int repetitions = (int) number(set.get("reps"));
            units += number(set.get("tu"));
            volume += number(set.get("weight")) * repetitions;
            reps += repetitions;
            records += Boolean.TRUE.equals(set.get("record")) ? 1 : 0;
            setsOf.merge(exercise, 1, Integer::sum);
            for (var activation : catalogue.activations(exercise)) {
                muscles.merge(activation.muscleId(), (int) Math.round(activation.share() * repetitions), Integer::sum);
            }
        }
        var exercises = new ArrayList<Map<String, Object>>();
        setsOf.forEach((exercise, count) -> exercises.add(Map.of("exerciseId", exercise, "sets", count)));
        return new Summary(Math.round(units * 100) / 100.0, volume, reps, records, exercises, muscles);
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0;
    }
}
