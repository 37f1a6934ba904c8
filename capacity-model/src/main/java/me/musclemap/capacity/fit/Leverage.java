package me.musclemap.capacity.fit;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * How much of its own residual each row takes away by pulling the fit towards itself, 0 to 1. A residual divided by one less
 * this is what the row would have strayed by from a fit made without it.
 *
 * <p>Source: Davidson and MacKinnon, Estimation and Inference in Econometrics (1993), section 16.3 (HC3).
 */
final class Leverage {
    private static final double MOST = 0.9;

    private Leverage() {}

    static double[] of(double[][] matrix, double[] weights) {
        int columns = matrix[0].length;
        double[][] weighted = new double[matrix.length][columns];
        double[] length = new double[columns];
        for (int r = 0; r < matrix.length; r++) {
            for (int c = 0; c < columns; c++) {
                weighted[r][c] = weights[r] * matrix[r][c];
                length[c] += weighted[r][c] * weighted[r][c];
            }
        }
        for (double[] row : weighted) {
            for (int c = 0; c < columns; c++) {
                row[c] /= length[c] == 0 ? 1 : Math.sqrt(length[c]);
            }
        }
        var decomposition = new SingularValueDecomposition(new Array2DRowRealMatrix(weighted, false));
        RealMatrix u = decomposition.getU();
        double[] singular = decomposition.getSingularValues();
        double[] leverage = new double[matrix.length];
        for (int r = 0; r < leverage.length; r++) {
            for (int k = 0; k < singular.length; k++) {
                if (singular[k] > 1e-9 * singular[0]) {
                    leverage[r] += u.getEntry(r, k) * u.getEntry(r, k);
                }
            }
            leverage[r] = Math.min(MOST, leverage[r]);
        }
        return leverage;
    }
}
