package me.musclemap.capacity.regression;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/** An ordinary least-squares fit. Immutable. */
public final class LinearFit {
    private final double[] coefficients;
    private final double[] standardErrors;
    private final double[] unitErrors;
    private final double residualSumOfSquares;
    private final int degreesOfFreedom;

    private LinearFit(
            double[] coefficients,
            double[] standardErrors,
            double[] unitErrors,
            double residualSumOfSquares,
            int degreesOfFreedom) {
        this.coefficients = coefficients;
        this.standardErrors = standardErrors;
        this.unitErrors = unitErrors;
        this.residualSumOfSquares = residualSumOfSquares;
        this.degreesOfFreedom = degreesOfFreedom;
    }

    /** A copy of the coefficients, one for each column; they may be negative. */
    public double[] coefficients() {
        return coefficients.clone();
    }

    /** A copy of the standard errors, one for each column; NaN when there are as many columns as rows. */
    public double[] standardErrors() {
        return standardErrors.clone();
    }

    /** Standard errors for residuals of standard deviation 1: what the design alone gives. */
    double[] unitErrors() {
        return unitErrors.clone();
    }

    /** Sum of squared residuals. */
    public double residualSumOfSquares() {
        return residualSumOfSquares;
    }

    /** Rows minus columns. */
    public int degreesOfFreedom() {
        return degreesOfFreedom;
    }

    /**
     * Fits {@code a x = b} by QR on columns scaled to unit length.
     *
     * @throws NotIdentifiableException if a column is a combination of the others, or there are fewer rows than columns
     */
    public static LinearFit of(double[][] a, double[] b) {
        Columns.require(a, b);
        int n = a[0].length;
        double[] length = Columns.lengths(a);
        if (a.length < n || columnScaledCondition(a) > 1e12) {
            throw NotIdentifiableException.of(a.length, n);
        }
        RealMatrix scaled = new Array2DRowRealMatrix(Columns.scaled(a, length), false);
        QRDecomposition qr = new QRDecomposition(scaled, 1e-14);
        double[] x = qr.getSolver().solve(new ArrayRealVector(b, false)).toArray();
        double[] root = inverseRootDiagonal(qr.getR().getSubMatrix(0, n - 1, 0, n - 1));
        for (int j = 0; j < n; j++) {
            x[j] /= length[j];
        }
        double rss = Columns.residualSumOfSquares(a, x, b);
        int degreesOfFreedom = a.length - n;
        double sigma = degreesOfFreedom == 0 ? Double.NaN : Math.sqrt(rss / degreesOfFreedom);
        double[] errors = new double[n];
        for (int j = 0; j < n; j++) {
            root[j] /= length[j];
            errors[j] = sigma * root[j];
        }
        return new LinearFit(x, errors, root, rss, degreesOfFreedom);
    }

    /** Square roots of the diagonal of the inverse of {@code R'R}: the lengths of the rows of R's inverse. */
    private static double[] inverseRootDiagonal(RealMatrix r) {
        int n = r.getRowDimension();
        double[] root = new double[n];
        for (int column = 0; column < n; column++) {
            double[] solution = new double[n];
            for (int i = n - 1; i >= 0; i--) {
                double sum = i == column ? 1 : 0;
                for (int j = i + 1; j < n; j++) {
                    sum -= r.getEntry(i, j) * solution[j];
                }
                solution[i] = sum / r.getEntry(i, i);
                root[i] = Math.hypot(root[i], solution[i]);
            }
        }
        return root;
    }

    /**
     * The largest over the smallest singular value of the table with its columns scaled to unit length. Above 30 the
     * coefficients cannot be told apart well; infinite when a column is a combination of the others.
     */
    public static double columnScaledCondition(double[][] a) {
        double[] length = Columns.lengths(a);
        double[] singular = new SingularValueDecomposition(new Array2DRowRealMatrix(Columns.scaled(a, length), false))
                .getSingularValues();
        double smallest = a.length < length.length ? 0 : singular[singular.length - 1];
        return smallest <= 0 ? Double.POSITIVE_INFINITY : singular[0] / smallest;
    }
}
