package me.musclemap.capacity.usl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import me.musclemap.capacity.regression.NotIdentifiableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UslTest {
    private static final double[] LOADS = {1, 2, 4, 8, 16, 32, 64};

    static IntStream seeds() {
        return IntStream.range(0, 30);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noLawNearTheFitIsBetter(int seed) {
        var random = new SplittableRandom(seed);
        var truth = new UslModel(
                random.nextInt(2) * 0.2 * random.nextDouble(), random.nextInt(2) * 0.002 * random.nextDouble(), 500);
        double[] x = new double[LOADS.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = truth.throughputAt(LOADS[i]) * (1 + 0.05 * (random.nextDouble() - 0.5));
        }
        var fit = UslFit.of(LOADS, x);
        var model = fit.model();
        assertThat(error(model, x)).isCloseTo(fit.residualSumOfSquares(), within(1e-6 * fit.residualSumOfSquares()));
        for (int i = 0; i < 200; i++) {
            var near = new UslModel(
                    Math.abs(model.alpha() + 0.001 * (random.nextDouble() - 0.5)),
                    Math.abs(model.beta() + 1e-5 * (random.nextDouble() - 0.5)),
                    model.gamma() * (1 + 0.01 * (random.nextDouble() - 0.5)));
            assertThat(error(near, x)).isGreaterThanOrEqualTo(fit.residualSumOfSquares() * (1 - 1e-9));
        }
    }

    private static double error(UslModel model, double[] x) {
        return IntStream.range(0, x.length)
                .mapToDouble(i -> Math.pow(model.throughputAt(LOADS[i]) - x[i], 2))
                .sum();
    }

    @Test
    void perfectLinearScalingHasNoPeak() {
        var fit = UslFit.of(
                LOADS, IntStream.range(0, 7).mapToDouble(i -> 30 * LOADS[i]).toArray());
        assertThat(fit.model()).isEqualTo(new UslModel(0, 0, fit.model().gamma()));
        assertThat(fit.model().gamma()).isCloseTo(30, within(1e-9));
        assertThat(fit.model().peakConcurrency()).isEmpty();
        assertThat(fit.standardErrorOfAlpha()).isEmpty();
    }

    @Test
    void twoLoadsDoNotTellThreeParametersApart() {
        assertThatThrownBy(() -> UslFit.of(new double[] {1, 2, 2}, new double[] {5, 9, 9}))
                .isInstanceOf(NotIdentifiableException.class);
    }

    @Test
    void inversesReturnToTheLoadOnTheRisingBranch() {
        var model = new UslModel(0.03, 2e-4, 100);
        for (double n = 0.5; n < model.peakConcurrency().orElseThrow(); n += 3.3) {
            assertThat(model.concurrencyAtThroughput(model.throughputAt(n)).orElseThrow())
                    .isCloseTo(n, within(1e-6 * n));
            assertThat(model.concurrencyAtLatency(model.latencyAt(n)).orElseThrow())
                    .isCloseTo(n, within(1e-9 * n));
        }
        double most = model.throughputMax().orElseThrow();
        assertThat(model.concurrencyAtThroughput(most * 1.001)).isEmpty();
    }
}
