package me.musclemap.capacity.regression;

import org.apache.commons.math3.exception.ConvergenceException;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.exception.TooManyIterationsException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresProblem;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.fitting.leastsquares.MultivariateJacobianFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.util.Pair;

/**
 * A non-linear least-squares fit by Levenberg and Marquardt, from a start near the solution. Immutable.
 *
 * <p>Give parameters of size near 1: the method scales its steps, not its tolerances.
 */
public final class CurveFit {
    private static final int EVALUATIONS_MAX = 20_000;

    private final double[] parameters;
    private final double[] standardErrors;
    private final double residualSumOfSquares;
    private final int degreesOfFreedom;

    private CurveFit(double[] parameters, double[] standardErrors, double residualSumOfSquares, int degreesOfFreedom) {
        this.parameters = parameters;
        this.standardErrors = standardErrors;
        this.residualSumOfSquares = residualSumOfSquares;
        this.degreesOfFreedom = degreesOfFreedom;
    }

    /** The curve to fit. */
    public interface Curve {
        /** The value at observation {@code i}; fills {@code slope} with its derivatives by parameter. */
        double at(int i, double[] parameters, double[] slope);
    }

    /**
     * Fits {@code curve} to {@code y}, from {@code start}.
     *
     * @throws NotIdentifiableException if the observations do not tell the parameters apart, or the method does
     *     not come to an end
     */
    public static CurveFit of(Curve curve, double[] y, double[] start) {
        if (y.length < start.length) {
            throw NotIdentifiableException.of(y.length, start.length);
        }
        double[] parameters = start.length == 0 ? start : optimum(curve, y, start);
        double[][] slopes = new double[y.length][start.length];
        double[] residual = new double[y.length];
        double rss = 0;
        for (int i = 0; i < y.length; i++) {
            residual[i] = y[i] - curve.at(i, parameters, slopes[i]);
            rss += residual[i] * residual[i];
        }
        if (!Double.isFinite(rss)) {
            throw NotIdentifiableException.of(y.length, start.length);
        }
        int degreesOfFreedom = y.length - start.length;
        double sigma = degreesOfFreedom == 0 ? Double.NaN : Math.sqrt(rss / degreesOfFreedom);
        double[] errors = LinearFit.of(slopes, residual).unitErrors();
        for (int j = 0; j < errors.length; j++) {
            errors[j] *= sigma;
        }
        return new CurveFit(parameters, errors, rss, degreesOfFreedom);
    }

    private static double[] optimum(Curve curve, double[] y, double[] start) {
        MultivariateJacobianFunction model = point -> {
            double[] parameters = point.toArray();
            double[] value = new double[y.length];
            double[][] slopes = new double[y.length][parameters.length];
            for (int i = 0; i < y.length; i++) {
                value[i] = curve.at(i, parameters, slopes[i]);
            }
            return new Pair<>(new ArrayRealVector(value, false), new Array2DRowRealMatrix(slopes, false));
        };
        LeastSquaresProblem problem = new LeastSquaresBuilder()
                .start(start)
                .target(y)
                .model(model)
                .maxEvaluations(EVALUATIONS_MAX)
                .maxIterations(EVALUATIONS_MAX)
                .build();
        try {
            return new LevenbergMarquardtOptimizer()
                    .withCostRelativeTolerance(1e-15)
                    .withParameterRelativeTolerance(1e-14)
                    .withOrthoTolerance(1e-15)
                    .optimize(problem)
                    .getPoint()
                    .toArray();
        } catch (ConvergenceException e) { // no step improves at the tolerances asked: ask for less
            return looser(problem);
        } catch (TooManyEvaluationsException | TooManyIterationsException e) {
            throw NotIdentifiableException.of(y.length, start.length);
        }
    }

    private static double[] looser(LeastSquaresProblem problem) {
        try {
            return new LevenbergMarquardtOptimizer()
                    .withCostRelativeTolerance(1e-12)
                    .withParameterRelativeTolerance(1e-10)
                    .withOrthoTolerance(1e-10)
                    .optimize(problem)
                    .getPoint()
                    .toArray();
        } catch (ConvergenceException | TooManyEvaluationsException | TooManyIterationsException e) {
            throw NotIdentifiableException.of(problem.getObservationSize(), problem.getParameterSize());
        }
    }

    /** A copy of the fitted parameters. */
    public double[] parameters() {
        return parameters.clone();
    }

    /** A copy of the standard errors; NaN when there are as many parameters as observations. */
    public double[] standardErrors() {
        return standardErrors.clone();
    }

    /** Sum of squared residuals. */
    public double residualSumOfSquares() {
        return residualSumOfSquares;
    }

    /** Observations minus parameters. */
    public int degreesOfFreedom() {
        return degreesOfFreedom;
    }
}
