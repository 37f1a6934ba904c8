package me.musclemap.capacity.regression;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.BlockRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Least squares whose coefficients are not negative, as demands are not.
 *
 * <p>Source: C. L. Lawson and R. J. Hanson, Solving Least Squares Problems, 1974, algorithm NNLS. Columns are scaled to
 * unit length first, so that the tolerance means the same for each. Thread-safe: a pure function.
 */
public final class Nnls {
    /** Gradients below this share of the right-hand side's length count as zero. */
    private static final double TOLERANCE = 1e-12;

    private Nnls() {}

    /**
     * The {@code x >= 0} that minimises {@code |a x - b|}.
     *
     * @param a rows of observations; every row of the same length
     * @throws IllegalArgumentException if there is no row, or the lengths do not agree
     */
    public static Fit fit(double[][] a, double[] b) {
        Columns.require(a, b);
        int n = a[0].length;
        double[] length = Columns.lengths(a);
        double[][] scaled = Columns.scaled(a, length);
        double[] x = activeSet(scaled, b);
        for (int j = 0; j < n; j++) {
            x[j] = length[j] == 0 ? 0 : x[j] / length[j];
        }
        return new Fit(x, Columns.residualSumOfSquares(a, x, b));
    }

    /**
     * The same with a weight for each row: {@code weight_i} multiplies the square of residual i.
     *
     * @throws IllegalArgumentException if a weight is negative or not finite, or the lengths do not agree
     */
    public static Fit fit(double[][] a, double[] b, double[] weight) {
        Columns.require(a, b);
        return fit(Columns.weighted(a, weight), Columns.weighted(b, weight));
    }

    private static double[] activeSet(double[][] a, double[] b) {
        int n = a[0].length;
        double[] x = new double[n];
        boolean[] free = new boolean[n];
        boolean[] refused = new boolean[n];
        double threshold =
                TOLERANCE * Math.sqrt(Arrays.stream(b).map(v -> v * v).sum());
        for (int step = 0; step < 30 * n; step++) {
            int enter = steepest(gradient(a, b, x), free, refused, threshold);
            if (enter < 0) {
                return x;
            }
            free[enter] = true;
            double[] z = leastSquares(a, b, free);
            if (z[enter] <= 0) { // rounding only: the gradient said it would rise
                free[enter] = false;
                refused[enter] = true;
                continue;
            }
            Arrays.fill(refused, false);
            while (!positive(z, free)) {
                retreat(x, z, free);
                z = leastSquares(a, b, free);
            }
            x = z;
        }
        throw new IllegalStateException("no end after " + 30 * n + " steps: the columns may be copies of each other");
    }

    private static double[] gradient(double[][] a, double[] b, double[] x) {
        double[] gradient = new double[x.length];
        for (int i = 0; i < a.length; i++) {
            double residual = b[i];
            for (int j = 0; j < x.length; j++) {
                residual -= a[i][j] * x[j];
            }
            for (int j = 0; j < x.length; j++) {
                gradient[j] += a[i][j] * residual;
            }
        }
        return gradient;
    }

    private static int steepest(double[] gradient, boolean[] free, boolean[] refused, double threshold) {
        int best = -1;
        for (int j = 0; j < gradient.length; j++) {
            if (!free[j] && !refused[j] && gradient[j] > threshold && (best < 0 || gradient[j] > gradient[best])) {
                best = j;
            }
        }
        return best;
    }

    private static boolean positive(double[] z, boolean[] free) {
        return IntStream.range(0, z.length).noneMatch(j -> free[j] && z[j] <= 0);
    }

    /** Goes from x towards z until the first free coefficient reaches 0, and binds it there. */
    private static void retreat(double[] x, double[] z, boolean[] free) {
        double share = 1;
        int bound = -1;
        for (int j = 0; j < x.length; j++) {
            if (free[j] && z[j] <= 0) {
                double reach = x[j] / (x[j] - z[j]);
                if (bound < 0 || !(reach >= share)) {
                    share = Double.isNaN(reach) ? 0 : reach;
                    bound = j;
                }
            }
        }
        for (int j = 0; j < x.length; j++) {
            x[j] += free[j] ? share * (z[j] - x[j]) : 0;
            if (j == bound || (free[j] && x[j] <= 0)) {
                x[j] = 0;
                free[j] = false;
            }
        }
    }

    private static double[] leastSquares(double[][] a, double[] b, boolean[] free) {
        int[] columns = IntStream.range(0, free.length).filter(j -> free[j]).toArray();
        double[] z = new double[free.length];
        if (columns.length == 0) {
            return z;
        }
        RealMatrix part = new BlockRealMatrix(a.length, columns.length);
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                part.setEntry(i, j, a[i][columns[j]]);
            }
        }
        var decomposition = new QRDecomposition(part, 1e-13).getSolver();
        if (!decomposition.isNonSingular()) { // the last column adds nothing new: leave it bound
            return z;
        }
        double[] solution = decomposition.solve(new ArrayRealVector(b, false)).toArray();
        for (int j = 0; j < columns.length; j++) {
            z[columns[j]] = solution[j];
        }
        return z;
    }

    /** Coefficients, none negative, and the sum of squared residuals. Immutable. */
    public static final class Fit {
        private final double[] coefficients;
        private final double residualSumOfSquares;

        Fit(double[] coefficients, double residualSumOfSquares) {
            this.coefficients = coefficients;
            this.residualSumOfSquares = residualSumOfSquares;
        }

        /** The coefficient of column {@code j}, not negative. */
        public double coefficient(int j) {
            return coefficients[j];
        }

        /** A copy of the coefficients, one for each column. */
        public double[] coefficients() {
            return coefficients.clone();
        }

        /** Sum of squared residuals, weighted if the fit was. */
        public double residualSumOfSquares() {
            return residualSumOfSquares;
        }
    }
}
