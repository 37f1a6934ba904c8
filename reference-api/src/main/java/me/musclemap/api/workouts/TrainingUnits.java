package me.musclemap.api.workouts;

import java.util.List;
import java.util.OptionalDouble;
import me.musclemap.api.exercises.Exercises.Activation;

/** The product's measures of a set. */
final class TrainingUnits {
    private TrainingUnits() {}

    /**
     * The product's training units of a set: repetitions ÷ 10, times the weight's factor (weight ÷ 50 kg, from 0.5 to 1.5; 0.7
     * without one), times the sum over muscles of activation and bias weight.
     */
    static double of(int repetitions, OptionalDouble weightKg, List<Activation> activations) {
        double load = weightKg.isPresent() ? Math.max(0.5, Math.min(1.5, weightKg.getAsDouble() / 50)) : 0.7;
        double worked =
                activations.stream().mapToDouble(a -> a.share() * a.bias()).sum();
        return Math.round(repetitions / 10.0 * load * worked * 100) / 100.0;
    }

    /**
     * The weight that could be lifted once.
     *
     * <p>Source: Epley's formula, weight · (1 + repetitions ÷ 30).
     */
    static double oneRepMax(double weightKg, int repetitions) {
        return Math.round(weightKg * (1 + repetitions / 30.0) * 100) / 100.0;
    }
}
