package me.musclemap.capacity.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RepeatedNnlsTest {
    private static final Offset<Double> CLOSE = within(1e-7);

    @Test
    void itGivesWhatTheSlowerOneGivesWithBoundsThatBindAndWithout() {
        var random = new SplittableRandom(4);
        int bound = 0;
        for (int problem = 0; problem < 60; problem++) {
            int columns = 2 + problem % 6;
            double[][] matrix = matrix(30, columns, random);
            double[] weights = values(30, random, 0.5);
            double[] right = right(matrix, random, problem % 3 == 0 ? 3 : 0.1);
            double[] expected = Nnls.fit(matrix, right, weights).coefficients();
            assertThat(new RepeatedNnls(matrix, weights).solve(right)).containsExactly(expected, CLOSE);
            for (double coefficient : expected) {
                bound += coefficient == 0 ? 1 : 0;
            }
        }
        assertThat(bound).isPositive();
    }

    @Test
    void aRowThatIsLeftOutWeighsNothing() {
        var random = new SplittableRandom(5);
        double[][] matrix = matrix(20, 4, random);
        double[] weights = values(20, random, 0.5);
        double[] right = right(matrix, random, 0.5);
        var repeated = new RepeatedNnls(matrix, weights);
        for (int row = 0; row < 20; row++) {
            double[] without = weights.clone();
            without[row] = 0;
            assertThat(repeated.solveWithout(row, right))
                    .containsExactly(Nnls.fit(matrix, right, without).coefficients(), CLOSE);
        }
    }

    @Test
    void columnsThatAreCopiesOrEmptyGetNothingOfTheirOwn() {
        double[][] matrix = {{1, 2, 2, 0}, {1, 3, 3, 0}, {1, 5, 5, 0}, {1, 7, 7, 0}};
        double[] right = {5, 7, 11, 15};
        double[] found = new RepeatedNnls(matrix, new double[] {1, 1, 1, 1}).solve(right);
        assertThat(found[0]).isCloseTo(1, CLOSE);
        assertThat(found[1] + found[2]).isCloseTo(2, CLOSE);
        assertThat(found[3]).isZero();
    }

    private static double[][] matrix(int rows, int columns, SplittableRandom random) {
        double[][] matrix = new double[rows][];
        for (int r = 0; r < rows; r++) {
            matrix[r] = values(columns, random, 0);
            matrix[r][0] = 1;
        }
        return matrix;
    }

    private static double[] values(int count, SplittableRandom random, double least) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = least + random.nextDouble();
        }
        return values;
    }

    private static double[] right(double[][] matrix, SplittableRandom random, double noise) {
        double[] right = new double[matrix.length];
        for (int r = 0; r < right.length; r++) {
            for (int c = 0; c < matrix[r].length; c++) {
                right[r] += matrix[r][c] * (c % 2 == 0 ? 1 : 0.2);
            }
            right[r] += noise * (random.nextDouble() - 0.5);
        }
        return right;
    }
}
