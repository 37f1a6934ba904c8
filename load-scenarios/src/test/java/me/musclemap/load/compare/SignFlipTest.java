package me.musclemap.load.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.inference.WilcoxonSignedRankTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SignFlipTest {
    /**
     * Darwin's maize, cross-fertilised minus self-fertilised, in eighths of an inch. Source: Fisher, The Design of Experiments, section 21,
     * who counts 863 patterns of 32,768 with a sum of 314 or more.
     */
    private static final double[] MAIZE = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

    @Test
    void fishersOwnCountComesOut() {
        assertThat(SignFlip.atLeast(MAIZE)).isEqualTo(863 / 32768.0);
    }

    static Stream<double[]> cases() {
        var random = new SplittableRandom(42);
        return IntStream.range(0, 200)
                .mapToObj(i -> IntStream.range(0, 1 + i % 12)
                        .mapToDouble(j -> i % 3 == 0 ? random.nextInt(-3, 4) : random.nextDouble(-1, 1.5))
                        .toArray());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void countingInHalvesIsCountingAll(double[] differences) {
        int patterns = 1 << differences.length;
        double observed = Arrays.stream(differences).sum();
        int count = 0;
        for (int pattern = 0; pattern < patterns; pattern++) {
            double sum = 0;
            for (int i = 0; i < differences.length; i++) {
                sum += (pattern >> i & 1) == 1 ? differences[i] : -differences[i];
            }
            count += sum >= observed - 1e-9 ? 1 : 0;
        }
        assertThat(SignFlip.atLeast(differences)).isEqualTo(count / (double) patterns);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theIntervalHoldsWhatTheSignedRankTestWouldNotReject(double[] differences) {
        var effect = HodgesLehmann.of(differences, 0.9);
        var tidy = Arrays.stream(differences).distinct().count() == differences.length;
        if (Double.isInfinite(effect.low()) || !tidy) {
            assertThat(effect.low()).isLessThanOrEqualTo(effect.estimate());
            return;
        }
        var test = new WilcoxonSignedRankTest();
        var zero = new double[differences.length];
        double inside = effect.low() + 1e-6;
        double outside = effect.low() - 1e-6;
        assertThat(test.wilcoxonSignedRankTest(shifted(differences, inside), zero, true))
                .isGreaterThan(0.1);
        assertThat(test.wilcoxonSignedRankTest(shifted(differences, outside), zero, true))
                .isLessThanOrEqualTo(0.1);
    }

    private static double[] shifted(double[] differences, double by) {
        return Arrays.stream(differences).map(d -> d - by).toArray();
    }

    /** Source: Hollander, Wolfe and Chicken, example 3.1 and 3.3 (Hamilton depression scale factor IV): estimate -0.46. */
    @Test
    void theEstimateOfTheTextbookComesOut() {
        double[] depression = {-0.952, 0.147, -1.022, -0.430, -0.620, -0.590, -0.490, 0.080, -0.010};
        var effect = HodgesLehmann.of(depression, 0.95);
        assertThat(effect.estimate()).isCloseTo(-0.46, within(1e-9));
        assertThat(effect.low()).isCloseTo(-0.786, within(1e-9));
        assertThat(effect.high()).isCloseTo(-0.010, within(1e-9));
    }

    @Test
    void noPairAndTooManyPairsAreRefused() {
        assertThatThrownBy(() -> SignFlip.atLeast(new double[0])).hasMessageContaining("0 pairs");
        assertThatThrownBy(() -> SignFlip.atLeast(new double[41])).hasMessageContaining("41 pairs");
    }
}
