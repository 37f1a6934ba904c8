package me.musclemap.capacity.regression;

/**
 * The same non-negative least squares as {@link Nnls}, for one matrix and many right sides: the products of its columns are
 * formed once. Products square the condition number, so it is for matrices whose columns can be told apart; where two of them
 * nearly cannot, the later one stays at zero. Immutable by agreement; thread-safe.
 *
 * <p>Source: Bro and de Jong, A fast non-negativity-constrained least squares algorithm, Journal of Chemometrics 11 (1997).
 */
public final class RepeatedNnls {
    private static final double SINGULAR = 1e-11;
    private static final double TOLERANCE = 1e-12;

    private final double[][] matrix;
    private final double[] weights;
    private final double[] scale;
    private final double[][] products;

    /** @param weights of the squares of the rows */
    public RepeatedNnls(double[][] matrix, double[] weights) {
        int columns = matrix[0].length;
        this.matrix = matrix;
        this.weights = weights;
        this.scale = new double[columns];
        for (int r = 0; r < matrix.length; r++) {
            for (int c = 0; c < columns; c++) {
                scale[c] += weights[r] * matrix[r][c] * matrix[r][c];
            }
        }
        for (int c = 0; c < columns; c++) {
            scale[c] = scale[c] > 0 ? 1 / Math.sqrt(scale[c]) : 0;
        }
        this.products = new double[columns][columns];
        for (int r = 0; r < matrix.length; r++) {
            add(products, matrix[r], weights[r]);
        }
    }

    private void add(double[][] to, double[] row, double weight) {
        for (int i = 0; i < scale.length; i++) {
            double left = weight * row[i] * scale[i];
            for (int j = 0; j < scale.length; j++) {
                to[i][j] += left * row[j] * scale[j];
            }
        }
    }

    /** Coefficients, none negative, for this right side. */
    public double[] solve(double[] right) {
        double[] projected = new double[scale.length];
        for (int r = 0; r < matrix.length; r++) {
            project(projected, matrix[r], weights[r] * right[r]);
        }
        return solve(products, projected);
    }

    /** The same without one of the rows. */
    public double[] solveWithout(int row, double[] right) {
        double[][] fewer = new double[scale.length][];
        for (int i = 0; i < fewer.length; i++) {
            fewer[i] = products[i].clone();
        }
        add(fewer, matrix[row], -weights[row]);
        double[] projected = new double[scale.length];
        for (int r = 0; r < matrix.length; r++) {
            project(projected, matrix[r], r == row ? 0 : weights[r] * right[r]);
        }
        return solve(fewer, projected);
    }

    private void project(double[] to, double[] row, double value) {
        for (int c = 0; c < scale.length; c++) {
            to[c] += value * row[c] * scale[c];
        }
    }

    private double[] solve(double[][] gram, double[] projected) {
        int n = scale.length;
        double[] x = new double[n];
        boolean[] free = new boolean[n];
        boolean[] refused = new boolean[n];
        double most = 0;
        for (double value : projected) {
            most = Math.max(most, Math.abs(value));
        }
        for (int round = 0; round < 10 * n + 10; round++) {
            int entering = steepest(gram, projected, x, free, refused, TOLERANCE * most);
            if (entering < 0) {
                break;
            }
            free[entering] = true;
            double[] z = solveFree(gram, projected, free);
            if (!(z[entering] > 0)) { // it adds nothing that the others do not have
                free[entering] = false;
                refused[entering] = true;
                continue;
            }
            while (leastFree(z, free) <= 0) {
                retreat(x, z, free);
                z = solveFree(gram, projected, free);
            }
            System.arraycopy(z, 0, x, 0, n);
            java.util.Arrays.fill(refused, false);
        }
        for (int c = 0; c < n; c++) {
            x[c] *= scale[c];
        }
        return x;
    }

    private static int steepest(
            double[][] gram, double[] projected, double[] x, boolean[] free, boolean[] refused, double threshold) {
        int best = -1;
        double steepest = threshold;
        for (int i = 0; i < x.length; i++) {
            if (free[i] || refused[i]) {
                continue;
            }
            double gradient = projected[i];
            for (int j = 0; j < x.length; j++) {
                gradient -= gram[i][j] * x[j];
            }
            if (gradient > steepest) {
                steepest = gradient;
                best = i;
            }
        }
        return best;
    }

    private static double leastFree(double[] z, boolean[] free) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < z.length; i++) {
            least = free[i] ? Math.min(least, z[i]) : least;
        }
        return least;
    }

    /** Goes from x towards z until the first free coefficient reaches 0, and binds it there. */
    private static void retreat(double[] x, double[] z, boolean[] free) {
        double share = 1;
        int bound = -1;
        for (int i = 0; i < x.length; i++) {
            if (free[i] && z[i] <= 0) {
                double reach = x[i] > z[i] ? x[i] / (x[i] - z[i]) : 0;
                if (bound < 0 || reach < share) {
                    share = reach;
                    bound = i;
                }
            }
        }
        for (int i = 0; i < x.length; i++) {
            x[i] += free[i] ? share * (z[i] - x[i]) : 0;
            if (i == bound || (free[i] && x[i] <= 0)) {
                x[i] = 0;
                free[i] = false;
            }
        }
    }

    /** Cholesky's method on the free columns; a column that the ones before it all but make up is given 0. */
    private static double[] solveFree(double[][] gram, double[] projected, boolean[] free) {
        int n = free.length;
        double[][] lower = new double[n][n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            if (!free[i]) {
                continue;
            }
            double value = projected[i];
            for (int j = 0; j <= i; j++) {
                if (!free[j]) {
                    continue;
                }
                double sum = gram[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                if (i == j) {
                    lower[i][i] = sum > SINGULAR ? Math.sqrt(sum) : 0;
                } else {
                    lower[i][j] = lower[j][j] > 0 ? sum / lower[j][j] : 0;
                    value -= lower[i][j] * y[j];
                }
            }
            y[i] = lower[i][i] > 0 ? value / lower[i][i] : 0;
        }
        double[] z = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            if (lower[i][i] == 0) {
                continue;
            }
            double value = y[i];
            for (int k = i + 1; k < n; k++) {
                value -= lower[k][i] * z[k];
            }
            z[i] = value / lower[i][i];
        }
        return z;
    }
}
