package me.musclemap.capacity.forecast;

import java.util.OptionalDouble;
import me.musclemap.capacity.regression.LinearFit;
import me.musclemap.capacity.regression.NotIdentifiableException;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Growth by a constant share: a straight line through the logarithm of a series, by least squares. Immutable.
 *
 * <p>Time is in the unit of the series. Intervals are Student's, of a single future value ("prediction") or of the line
 * ("mean"); the dates on which they cross a capacity are the roots of one quadratic.
 */
public final class LogLinearGrowth {
    /** A slope whose p-value is above this supports no date. */
    public static final double P_VALUE_MAX = 0.05;

    private final double intercept;
    private final double slope;
    private final double slopeError;
    private final double sigma;
    private final int count;
    private final double meanTime;
    private final double spread;

    private LogLinearGrowth(
            double intercept,
            double slope,
            double slopeError,
            double sigma,
            int count,
            double meanTime,
            double spread) {
        this.intercept = intercept;
        this.slope = slope;
        this.slopeError = slopeError;
        this.sigma = sigma;
        this.count = count;
        this.meanTime = meanTime;
        this.spread = spread;
    }

    /**
     * Fits the series {@code y} at times {@code t}.
     *
     * @throws IllegalArgumentException if the lengths differ, or a value is not finite and positive
     * @throws NotIdentifiableException with fewer than three values, or all at one time
     */
    public static LogLinearGrowth of(double[] t, double[] y) {
        if (t.length != y.length) {
            throw new IllegalArgumentException(
                    "t has " + t.length + " values, y has " + y.length + ": give one value for each time");
        }
        if (t.length < 3) {
            throw new NotIdentifiableException(t.length + " values: give at least 3 to know how far they scatter");
        }
        double meanTime = 0;
        for (double time : t) {
            meanTime += time / t.length;
        }
        double spread = 0;
        double[][] a = new double[t.length][2];
        double[] b = new double[t.length];
        for (int i = 0; i < t.length; i++) {
            if (!(y[i] > 0) || Double.isInfinite(y[i])) {
                throw new IllegalArgumentException(
                        "y[" + i + "]=" + y[i] + ": growth by a share needs finite values above 0");
            }
            a[i][0] = 1;
            a[i][1] = t[i] - meanTime; // centred: the two coefficients are then independent
            b[i] = Math.log(y[i]);
            spread += a[i][1] * a[i][1];
        }
        LinearFit fit = LinearFit.of(a, b);
        double slope = fit.coefficients()[1];
        return new LogLinearGrowth(
                fit.coefficients()[0] - slope * meanTime,
                slope,
                fit.standardErrors()[1],
                Math.sqrt(fit.residualSumOfSquares() / fit.degreesOfFreedom()),
                t.length,
                meanTime,
                spread);
    }

    /** Logarithm of the value at time 0. */
    public double intercept() {
        return intercept;
    }

    /** Growth of the logarithm per unit of time. */
    public double slope() {
        return slope;
    }

    /** Standard error of the slope. */
    public double slopeError() {
        return slopeError;
    }

    /** Standard deviation of the residuals of the logarithm. */
    public double sigma() {
        return sigma;
    }

    /** Probability of a slope at least this far from 0 if there were no growth; two-sided. */
    public double slopePValue() {
        if (slopeError == 0) {
            return slope == 0 ? 1 : 0;
        }
        return 2 * new TDistribution(count - 2.0).cumulativeProbability(-Math.abs(slope / slopeError));
    }

    /** Whether the series supports a date: it grows, and not by chance. */
    public boolean supportsDate() {
        return slope > 0 && slopePValue() <= P_VALUE_MAX;
    }

    /** The value at {@code time}. */
    public double forecast(double time) {
        return Math.exp(intercept + slope * time);
    }

    /** An end of the interval of a single value at {@code time}; {@code level} in (0, 1). */
    public double predictionBound(double time, double level, boolean upper) {
        double half = student(level) * sigma * Math.sqrt(1 + leverage(time));
        return Math.exp(intercept + slope * time + (upper ? half : -half));
    }

    private double leverage(double time) {
        return 1.0 / count + (time - meanTime) * (time - meanTime) / spread;
    }

    private double student(double level) {
        return new TDistribution(count - 2.0).inverseCumulativeProbability((1 + level) / 2);
    }

    /** When the line reaches {@code capacity}; empty where the data do not support a date. */
    public OptionalDouble exhaustion(double capacity) {
        return supportsDate() ? OptionalDouble.of((Math.log(capacity) - intercept) / slope) : OptionalDouble.empty();
    }

    /**
     * When the upper end of the interval reaches {@code capacity}: the early end of the dates. Empty where the data do not
     * support a date.
     */
    public OptionalDouble earliest(double capacity, double level, boolean ofSingleValue) {
        return crossing(capacity, level, ofSingleValue, false);
    }

    /**
     * When the lower end of the interval reaches {@code capacity}: the late end of the dates. Empty where the data do not
     * support a date, or the lower end never gets there.
     */
    public OptionalDouble latest(double capacity, double level, boolean ofSingleValue) {
        return crossing(capacity, level, ofSingleValue, true);
    }

    private OptionalDouble crossing(double capacity, double level, boolean ofSingleValue, boolean late) {
        if (!supportsDate()) {
            return OptionalDouble.empty();
        }
        // (gap - slope u)^2 = q^2 sigma^2 (extra + 1/n + u^2/spread), with u the time from the mean
        double gap = Math.log(capacity) - intercept - slope * meanTime;
        double q = student(level) * sigma;
        double a = slope * slope - q * q / spread;
        double b = -slope * gap;
        double c = gap * gap - q * q * ((ofSingleValue ? 1 : 0) + 1.0 / count);
        double discriminant = b * b - a * c;
        if (a <= 0 || discriminant < 0) {
            return OptionalDouble.empty();
        }
        double root = Math.sqrt(discriminant);
        return OptionalDouble.of(meanTime + (late ? -b + root : -b - root) / a);
    }
}
