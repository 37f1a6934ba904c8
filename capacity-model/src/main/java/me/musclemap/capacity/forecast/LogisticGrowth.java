package me.musclemap.capacity.forecast;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import me.musclemap.capacity.regression.CurveFit;
import me.musclemap.capacity.regression.LinearFit;
import me.musclemap.capacity.regression.NotIdentifiableException;

/**
 * Growth that levels off: {@code y = K / (1 + exp((t0 - t) / s))}, by least squares. Immutable.
 *
 * <p>Started like R's {@code SSlogis}: a straight line through the logit of the series, for the ceiling that leaves the
 * least error.
 */
public final class LogisticGrowth {
    private final double[] parameters;
    private final double[] errors;
    private final double residualSumOfSquares;

    private LogisticGrowth(double[] parameters, double[] errors, double residualSumOfSquares) {
        this.parameters = parameters;
        this.errors = errors;
        this.residualSumOfSquares = residualSumOfSquares;
    }

    /**
     * Fits the series {@code y} at times {@code t}.
     *
     * @throws IllegalArgumentException if the lengths differ, or a value is not finite
     * @throws NotIdentifiableException if the series shows no levelling off, or has fewer than three values
     */
    public static LogisticGrowth of(double[] t, double[] y) {
        if (t.length != y.length) {
            throw new IllegalArgumentException(
                    "t has " + t.length + " values, y has " + y.length + ": give one value for each time");
        }
        if (Arrays.stream(t).distinct().count() < 3) {
            throw new NotIdentifiableException("fewer than 3 different times: give more");
        }
        double first = Arrays.stream(t).min().orElse(0);
        double length = Arrays.stream(t).max().orElse(1) - first;
        double top = Arrays.stream(y).max().orElse(0);
        if (!(top > 0) || !Double.isFinite(Arrays.stream(y).sum())) {
            throw new IllegalArgumentException("y: give finite values, with one above 0");
        }
        double[] time = Arrays.stream(t).map(v -> (v - first) / length).toArray();
        double[] value = Arrays.stream(y).map(v -> v / top).toArray();
        CurveFit best = best(time, value);
        double[] p = best.parameters();
        double[] e = best.standardErrors();
        if (!(p[0] > 0) || Arrays.stream(p).anyMatch(v -> !Double.isFinite(v)) || p[0] > 1e6) {
            throw new NotIdentifiableException("the series does not level off: a ceiling cannot be told from it");
        }
        return new LogisticGrowth(
                new double[] {p[0] * top, p[1] * length + first, p[2] * length},
                new double[] {e[0] * top, e[1] * length, e[2] * length},
                best.residualSumOfSquares() * top * top);
    }

    private static CurveFit best(double[] time, double[] value) {
        return DoubleStream.of(1.01, 1.05, 1.2, 1.5, 2, 4, 10)
                .mapToObj(ceiling -> attempt(time, value, ceiling))
                .flatMap(Optional::stream)
                .min(Comparator.comparingDouble(CurveFit::residualSumOfSquares))
                .orElseThrow(() -> new NotIdentifiableException(
                        "the series does not level off: a ceiling cannot be told from it"));
    }

    private static Optional<CurveFit> attempt(double[] time, double[] value, double ceiling) {
        try {
            return Optional.of(CurveFit.of(curve(time), value, start(time, value, ceiling)));
        } catch (NotIdentifiableException e) {
            return Optional.empty(); // this start leads nowhere: another may
        }
    }

    private static CurveFit.Curve curve(double[] time) {
        return (i, p, slope) -> {
            double e = Math.exp(-Math.abs((p[1] - time[i]) / p[2]));
            boolean before = (p[1] - time[i]) / p[2] > 0;
            double share = before ? e / (1 + e) : 1 / (1 + e);
            double bell = e / ((1 + e) * (1 + e));
            slope[0] = share;
            slope[1] = -p[0] * bell / p[2];
            slope[2] = p[0] * bell * (p[1] - time[i]) / (p[2] * p[2]);
            return p[0] * share;
        };
    }

    private static double[] start(double[] time, double[] value, double ceiling) {
        double[][] a = new double[time.length][2];
        double[] b = new double[time.length];
        for (int i = 0; i < time.length; i++) {
            double share = Math.min(0.999, Math.max(0.001, value[i] / ceiling));
            a[i][0] = 1;
            a[i][1] = time[i];
            b[i] = Math.log(share / (1 - share));
        }
        double[] line = LinearFit.of(a, b).coefficients();
        return new double[] {ceiling, -line[0] / line[1], 1 / line[1]};
    }

    /** K, the ceiling, in the unit of the series. */
    public double ceiling() {
        return parameters[0];
    }

    /** t0, the time at which half the ceiling is reached. */
    public double midpoint() {
        return parameters[1];
    }

    /** s, the time in which the odds grow by e. */
    public double scale() {
        return parameters[2];
    }

    /** Standard error of the ceiling; NaN without degrees of freedom. */
    public double ceilingError() {
        return errors[0];
    }

    /** Standard error of the midpoint; NaN without degrees of freedom. */
    public double midpointError() {
        return errors[1];
    }

    /** Standard error of the scale; NaN without degrees of freedom. */
    public double scaleError() {
        return errors[2];
    }

    /** Sum of squared residuals. */
    public double residualSumOfSquares() {
        return residualSumOfSquares;
    }

    /** The value at {@code time}. */
    public double forecast(double time) {
        return ceiling() / (1 + Math.exp((midpoint() - time) / scale()));
    }

    /** When {@code capacity} is reached; empty if the ceiling is not above it. */
    public OptionalDouble exhaustion(double capacity) {
        return capacity > 0 && capacity < ceiling() && scale() > 0
                ? OptionalDouble.of(midpoint() - scale() * Math.log(ceiling() / capacity - 1))
                : OptionalDouble.empty();
    }
}
