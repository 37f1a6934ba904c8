package me.musclemap.capacity.regression;

import java.util.Arrays;

/** What the fits of this package ask of a table of observations. */
final class Columns {
    private Columns() {}

    static void require(double[][] a, double[] b) {
        if (a.length == 0 || a.length != b.length) {
            throw new IllegalArgumentException(a.length + " rows of a and " + b.length
                    + " values of b: give one value for each of at least one row");
        }
        for (int i = 0; i < a.length; i++) {
            if (a[i].length != a[0].length || a[0].length == 0) {
                throw new IllegalArgumentException("row " + i + " has " + a[i].length + " columns, row 0 has "
                        + a[0].length + ": every row needs the same number, at least one");
            }
            if (!Double.isFinite(b[i]) || !Arrays.stream(a[i]).allMatch(Double::isFinite)) {
                throw new IllegalArgumentException("row " + i + " holds a number that is not finite");
            }
        }
    }

    static double[] lengths(double[][] a) {
        double[] length = new double[a[0].length];
        for (double[] row : a) {
            for (int j = 0; j < length.length; j++) {
                length[j] = Math.hypot(length[j], row[j]);
            }
        }
        return length;
    }

    static double[][] scaled(double[][] a, double[] length) {
        double[][] scaled = new double[a.length][length.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < length.length; j++) {
                scaled[i][j] = length[j] == 0 ? 0 : a[i][j] / length[j];
            }
        }
        return scaled;
    }

    static double[][] weighted(double[][] a, double[] weight) {
        requireWeights(a.length, weight);
        double[][] weighted = new double[a.length][];
        for (int i = 0; i < a.length; i++) {
            double root = Math.sqrt(weight[i]);
            weighted[i] = Arrays.stream(a[i]).map(v -> v * root).toArray();
        }
        return weighted;
    }

    static double[] weighted(double[] b, double[] weight) {
        requireWeights(b.length, weight);
        double[] weighted = new double[b.length];
        for (int i = 0; i < b.length; i++) {
            weighted[i] = b[i] * Math.sqrt(weight[i]);
        }
        return weighted;
    }

    private static void requireWeights(int rows, double[] weight) {
        if (weight.length != rows || !Arrays.stream(weight).allMatch(w -> w >= 0 && Double.isFinite(w))) {
            throw new IllegalArgumentException(
                    "weights " + Arrays.toString(weight) + ": give one for each row, finite and not negative");
        }
    }

    static double residualSumOfSquares(double[][] a, double[] x, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double residual = b[i];
            for (int j = 0; j < x.length; j++) {
                residual -= a[i][j] * x[j];
            }
            sum += residual * residual;
        }
        return sum;
    }
}
