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
        var done = new LinkedHashMap<String, Done>();
        var muscles = new LinkedHashMap<String, Integer>();
        for (Map<String, @Nullable Object> set : sets) {
            String exercise = String.valueOf(set.get("exercise_id"));
            int repetitions = (int) number(set.get("reps"));
            units += number(set.get("tu"));
            volume += number(set.get("weight")) * repetitions;
            reps += repetitions;
            records += Boolean.TRUE.equals(set.get("record")) ? 1 : 0;
            done.merge(exercise, new Done(1, repetitions, number(set.get("weight"))), Done::plus);
            for (var activation : catalogue.activations(exercise)) {
                muscles.merge(activation.muscleId(), (int) Math.round(activation.share() * repetitions), Integer::sum);
            }
        }
        var exercises = new ArrayList<Map<String, Object>>();
        done.forEach((exercise, of) -> exercises.add(Map.of(
                "exerciseId",
                exercise,
                "sets",
                of.sets(),
                "reps",
                Math.round(of.reps() / (float) of.sets()),
                "weight",
                of.heaviest())));
        return new Summary(Math.round(units * 100) / 100.0, volume, reps, records, exercises, muscles);
    }

    /** The sets of one exercise. */
    private record Done(int sets, int reps, double heaviest) {
        Done plus(Done other) {
            return new Done(sets + other.sets, reps + other.reps, Math.max(heaviest, other.heaviest));
        }
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0;
    }
}
