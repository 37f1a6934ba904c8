package me.musclemap.capacity.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NnlsTest {
    static java.util.stream.IntStream seeds() {
        return java.util.stream.IntStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyFitMeetsTheConditionsOfAMinimum(int seed) {
        var random = new SplittableRandom(seed);
        int columns = 1 + seed % 6;
        double[][] a = new double[columns + 20][columns];
        double[] b = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < columns; j++) {
                a[i][j] = random.nextDouble() * Math.pow(1000, j % 3);
            }
            b[i] = random.nextDouble() - 0.3;
        }
        var fit = Nnls.fit(a, b);
        for (int j = 0; j < columns; j++) {
            double gradient = 0;
            double length = 0;
            for (int i = 0; i < a.length; i++) {
                double residual = b[i];
                for (int k = 0; k < columns; k++) {
                    residual -= a[i][k] * fit.coefficient(k);
                }
                gradient += a[i][j] * residual;
                length += a[i][j] * a[i][j];
            }
            gradient /= Math.sqrt(length);
            assertThat(fit.coefficient(j)).isNotNegative();
            if (fit.coefficient(j) > 0) {
                assertThat(gradient).isCloseTo(0, within(1e-9));
            } else {
                assertThat(gradient).isLessThan(1e-9);
            }
        }
    }
}
