package me.musclemap.capacity.usl;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.regression.CurveFit;
import me.musclemap.capacity.regression.Nnls;
import me.musclemap.capacity.regression.NotIdentifiableException;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * The universal scalability law fitted to measured throughputs by least squares in X, with alpha and beta not negative.
 * Immutable.
 *
 * <p>The best of the fits with neither, one or both of alpha and beta bound to 0 whose free parameters are not negative:
 * the active set, enumerated.
 */
public final class UslFit {
    private final UslModel model;
    private final double[] standardErrors;
    private final boolean alphaFree;
    private final boolean betaFree;
    private final double residualSumOfSquares;
    private final int degreesOfFreedom;

    private UslFit(
            UslModel model, CurveFit fit, double scale, double[] standardErrors, boolean alphaFree, boolean betaFree) {
        this.model = model;
        this.standardErrors = standardErrors;
        this.alphaFree = alphaFree;
        this.betaFree = betaFree;
        this.residualSumOfSquares = fit.residualSumOfSquares() * scale * scale;
        this.degreesOfFreedom = fit.degreesOfFreedom();
    }

    /**
     * Fits the law to throughput per second by concurrency.
     *
     * @throws IllegalArgumentException if the lengths differ, a concurrency is not positive, or a throughput is negative
     * @throws NotIdentifiableException with fewer than three different concurrencies
     */
    public static UslFit of(double[] concurrency, double[] throughput) {
        require(concurrency, throughput);
        double perfect = 1e-20 * Arrays.stream(throughput).map(x -> x * x).sum();
        Optional<UslFit> best = Optional.empty();
        for (boolean[] free : new boolean[][] {{true, true}, {true, false}, {false, true}, {false, false}}) {
            Optional<UslFit> next = attempt(concurrency, throughput, free[0], free[1]);
            if (next.isPresent() && next.get().betterThan(best, perfect)) {
                best = next;
            }
        }
        return best.orElseThrow(
                () -> new IllegalArgumentException("points: no law with positive throughputs fits them"));
    }

    /** A fit with less freedom is preferred if it is better by more than rounding, or leaves nothing to explain. */
    private boolean betterThan(Optional<UslFit> other, double perfect) {
        return other.isEmpty()
                || residualSumOfSquares < other.get().residualSumOfSquares * (1 - 1e-9)
                || residualSumOfSquares <= perfect;
    }

    private static void require(double[] concurrency, double[] throughput) {
        if (concurrency.length != throughput.length) {
            throw new IllegalArgumentException(concurrency.length + " concurrencies and " + throughput.length
                    + " throughputs: give one throughput for each concurrency");
        }
        double most = 0;
        for (int i = 0; i < concurrency.length; i++) {
            if (!(concurrency[i] > 0) || !(throughput[i] >= 0) || Double.isInfinite(concurrency[i] + throughput[i])) {
                throw new IllegalArgumentException("point " + i + " (" + concurrency[i] + ", " + throughput[i]
                        + "): give a concurrency above 0 and a throughput that is not negative");
            }
            most = Math.max(most, throughput[i]);
        }
        if (Arrays.stream(concurrency).distinct().count() < 3) {
            throw new NotIdentifiableException("fewer than 3 different concurrencies: measure at more");
        }
        if (most == 0) {
            throw new IllegalArgumentException("every throughput is 0: give at least one above 0");
        }
    }

    private static Optional<UslFit> attempt(double[] n, double[] x, boolean alphaFree, boolean betaFree) {
        double range = Arrays.stream(n).max().orElse(1);
        double scale = Arrays.stream(x).max().orElse(1);
        double[] start = start(n, x, alphaFree, betaFree, range);
        double[] target = Arrays.stream(x).map(v -> v / scale).toArray();
        // parameters: throughput of one, contention and coherency, in units of the largest throughput and concurrency
        double[] unit = {scale / range, 1 / range, 1 / (range * range)};
        int[] parameter = alphaFree && betaFree
                ? new int[] {0, 1, 2}
                : alphaFree ? new int[] {0, 1} : betaFree ? new int[] {0, 2} : new int[] {0};
        double[] from =
                Arrays.stream(parameter).mapToDouble(p -> start[p] / unit[p]).toArray();
        CurveFit.Curve curve = (i, free, slope) -> {
            double[] full = new double[3];
            for (int j = 0; j < parameter.length; j++) {
                full[parameter[j]] = free[j] * unit[parameter[j]];
            }
            double slowdown = 1 + full[1] * (n[i] - 1) + full[2] * n[i] * (n[i] - 1);
            double value = full[0] * n[i] / slowdown / scale;
            double[] all = {
                n[i] / slowdown / scale * unit[0],
                -value * (n[i] - 1) / slowdown * unit[1],
                -value * n[i] * (n[i] - 1) / slowdown * unit[2]
            };
            for (int j = 0; j < parameter.length; j++) {
                slope[j] = all[parameter[j]];
            }
            return value;
        };
        try {
            return result(CurveFit.of(curve, target, from), parameter, unit, scale);
        } catch (NotIdentifiableException e) {
            return Optional.empty(); // this set of free parameters ends nowhere: another one will
        }
    }

    private static Optional<UslFit> result(CurveFit fit, int[] parameter, double[] unit, double scale) {
        double[] value = new double[3];
        double[] error = {Double.NaN, Double.NaN, Double.NaN};
        boolean[] free = new boolean[3];
        for (int j = 0; j < parameter.length; j++) {
            int p = parameter[j];
            value[p] = fit.parameters()[j] * unit[p];
            error[p] = fit.standardErrors()[j] * unit[p];
            free[p] = true;
        }
        if (value[0] <= 0 || value[1] < 0 || value[2] < 0) {
            return Optional.empty();
        }
        return Optional.of(new UslFit(new UslModel(value[1], value[2], value[0]), fit, scale, error, free[1], free[2]));
    }

    /** The law is linear in its reciprocal: {@code N/X = c0 + c1 (N-1) + c2 N (N-1)}; weighted so that errors are in X. */
    private static double[] start(double[] n, double[] x, boolean alphaFree, boolean betaFree, double range) {
        double[][] a = new double[n.length][3];
        double[] b = new double[n.length];
        double[] weight = new double[n.length];
        for (int i = 0; i < n.length; i++) {
            a[i][0] = 1;
            a[i][1] = alphaFree ? n[i] - 1 : 0;
            a[i][2] = betaFree ? n[i] * (n[i] - 1) : 0;
            if (x[i] > 0) {
                b[i] = n[i] / x[i];
                weight[i] = Math.pow(x[i], 4) / (n[i] * n[i]);
            }
        }
        double largest = Arrays.stream(weight).max().orElse(1);
        double[] c = Nnls.fit(a, b, Arrays.stream(weight).map(w -> w / largest).toArray())
                .coefficients();
        if (!(c[0] > 0)) { // contention or coherency explains everything: start from one that leaves room for the rest
            double gamma = 0;
            for (int i = 0; i < n.length; i++) {
                gamma = Math.max(gamma, x[i] / n[i]);
            }
            return new double[] {gamma, alphaFree ? 1 / range : 0, betaFree ? 1 / (range * range) : 0};
        }
        return new double[] {1 / c[0], c[1] / c[0], c[2] / c[0]};
    }

    /** The fitted law. */
    public UslModel model() {
        return model;
    }

    /** Whether alpha is free; otherwise it is bound to 0. */
    public boolean alphaFree() {
        return alphaFree;
    }

    /** Whether beta is free; otherwise it is bound to 0. */
    public boolean betaFree() {
        return betaFree;
    }

    /** Standard error of gamma, given what is bound; empty without degrees of freedom. */
    public OptionalDouble standardErrorOfGamma() {
        return present(standardErrors[0]);
    }

    /** Standard error of alpha; empty where it is bound, or without degrees of freedom. */
    public OptionalDouble standardErrorOfAlpha() {
        return present(standardErrors[1]);
    }

    /** Standard error of beta; empty where it is bound, or without degrees of freedom. */
    public OptionalDouble standardErrorOfBeta() {
        return present(standardErrors[2]);
    }

    private static OptionalDouble present(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** Half the width of Student's interval for a parameter with {@code standardError}, at {@code confidence} in (0, 1). */
    public double studentHalfWidth(double standardError, double confidence) {
        return standardError * new TDistribution(degreesOfFreedom).inverseCumulativeProbability((1 + confidence) / 2);
    }

    /** Sum of squared residuals, in squared requests per second. */
    public double residualSumOfSquares() {
        return residualSumOfSquares;
    }

    /** Points minus free parameters. */
    public int degreesOfFreedom() {
        return degreesOfFreedom;
    }

    /** Standard deviation of the residuals; empty without degrees of freedom. */
    public OptionalDouble residualStandardError() {
        return degreesOfFreedom == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.sqrt(residualSumOfSquares / degreesOfFreedom));
    }
}
