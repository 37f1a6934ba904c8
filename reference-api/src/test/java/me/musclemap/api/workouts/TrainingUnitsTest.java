package me.musclemap.api.workouts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import me.musclemap.api.exercises.Exercises.Activation;
import org.junit.jupiter.api.Test;

class TrainingUnitsTest {
    private static final List<Activation> CHEST =
            List.of(new Activation("chest", 0.8, 10), new Activation("arm", 0.5, 4));

    @Test
    void tenRepetitionsAtFiftyKilogramsAreTheActivationsWeighted() {
        assertThat(TrainingUnits.of(10, OptionalDouble.of(50), CHEST)).isEqualTo(0.8 * 10 + 0.5 * 4);
    }

    @Test
    void theWeightCountsWithinBoundsAndItsAbsenceAsSevenTenths() {
        assertThat(TrainingUnits.of(10, OptionalDouble.of(500), CHEST)).isEqualTo(15);
        assertThat(TrainingUnits.of(10, OptionalDouble.of(1), CHEST)).isEqualTo(5);
        assertThat(TrainingUnits.of(10, OptionalDouble.empty(), CHEST)).isEqualTo(7);
    }

    @Test
    void anExerciseOfUnknownActivationsEarnsNothing() {
        assertThat(TrainingUnits.of(10, OptionalDouble.of(50), List.of())).isZero();
    }

    @Test
    void epleyGivesOneThirdMoreForTenRepetitions() {
        assertThat(TrainingUnits.oneRepMax(90, 10)).isEqualTo(120);
    }
}
