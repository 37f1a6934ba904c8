package me.musclemap.load.knee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import me.musclemap.load.knee.ResponseCurve.Level;
import org.junit.jupiter.api.Test;

class ResponseCurveTest {
    private static final double TRUE_KNEE = 400;

    /** p99 of a queue whose capacity differs from window to window by a few percent; the limit is 1 s. */
    private static List<Level> levels(long seed, int count) {
        var random = new Random(seed);
        var levels = new ArrayList<Level>();
        for (int i = 0; i < count; i++) {
            double rate = 220 * Math.pow(500.0 / 220, i / (count - 1.0));
            double capacity = TRUE_KNEE / (1 - 0.02) * Math.exp(0.03 * random.nextGaussian());
            double p99 = rate < capacity ? Math.min(5, 0.02 / (1 - rate / capacity)) : 5;
            levels.add(new Level(rate, Math.log(p99)));
        }
        return levels;
    }

    @Test
    void theIntervalHoldsTheTruthInMostRepetitionsAndTheEstimateIsNear() {
        int covered = 0;
        double worst = 0;
        for (int seed = 0; seed < 200; seed++) {
            var crossing = new ResponseCurve(levels(seed, 18)).crossing(new SplittableRandom(seed));
            assertThat(crossing.found()).isTrue();
            covered += crossing.low() <= TRUE_KNEE && TRUE_KNEE <= crossing.high() ? 1 : 0;
            worst = Math.max(worst, Math.abs(crossing.perSecond() / TRUE_KNEE - 1));
        }
        assertThat(covered).as("of 200").isGreaterThanOrEqualTo(170);
        assertThat(worst).isLessThan(0.12);
    }

    @Test
    void oneStepThatWentWrongDoesNotDerailIt() {
        for (int seed = 0; seed < 100; seed++) {
            var levels = levels(seed, 18);
            double sound =
                    new ResponseCurve(levels).crossing(new SplittableRandom(1)).perSecond();
            var spoilt = new ArrayList<>(levels);
            spoilt.set(3, new Level(levels.get(3).perSecond(), Math.log(8)));
            double moved =
                    new ResponseCurve(spoilt).crossing(new SplittableRandom(1)).perSecond();
            assertThat(moved).isCloseTo(sound, within(0.03 * sound));
            // a search that stops at the first miss would have answered with the step before the spoilt one
            assertThat(moved).isGreaterThan(1.3 * levels.get(3).perSecond());
        }
    }

    @Test
    void whatIsMetOrMissedEverywhereHasNoCrossing() {
        var met = new ResponseCurve(List.of(new Level(10, -1), new Level(20, -0.5), new Level(30, -0.4)));
        assertThat(met.crossing(new SplittableRandom(1)).found()).isFalse();
        assertThat(met.crossing(new SplittableRandom(1)).perSecond()).isInfinite();
        var missed = new ResponseCurve(List.of(new Level(10, 0.1), new Level(20, 0.5), new Level(30, 2)));
        assertThat(missed.crossing(new SplittableRandom(1)).perSecond()).isZero();
    }

    @Test
    void neighboursThatFallShareTheirMean() {
        assertThat(ResponseCurve.rising(new double[] {1, 3, 2, 2, 5})).containsExactly(1, 7 / 3.0, 7 / 3.0, 7 / 3.0, 5);
        assertThat(ResponseCurve.rising(new double[] {3, 2, 1})).containsExactly(2, 2, 2);
    }
}
