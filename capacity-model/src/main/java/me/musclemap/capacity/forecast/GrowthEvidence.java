package me.musclemap.capacity.forecast;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Whether a series grows, and whether its growth slows: the slope of its logarithm and the bend, with errors that allow for
 * days that resemble their neighbours. The week is taken off first.
 *
 * <p>Source: W. K. Newey and K. D. West 1987 (Bartlett weights); D. W. K. Andrews 1991 (band width from the correlation of
 * neighbours), at least a week.
 *
 * @param slope growth of the logarithm a day
 * @param slopeError its standard error
 * @param pValue probability of a slope at least this far from 0 without growth; two-sided
 * @param bendPValue probability of a bend at least this far down without one; one-sided
 * @param degreesOfFreedom of the slope's Student distribution
 */
record GrowthEvidence(double slope, double slopeError, double pValue, double bendPValue, double degreesOfFreedom) {
    private static final int WEEK = 7;

    /** Of at least 28 values. */
    static GrowthEvidence of(PeakSeries series) {
        double[] day = scaled(series.day());
        double[] log = Arrays.stream(series.peak()).map(Math::log).toArray();
        double[] line = residuals(day, log, 2);
        double[] weekday = new double[WEEK];
        int[] count = new int[WEEK];
        for (int i = 0; i < log.length; i++) {
            int place = (int) series.day()[i] % WEEK;
            weekday[place] += line[i];
            count[place]++;
        }
        for (int i = 0; i < log.length; i++) {
            int place = (int) series.day()[i] % WEEK;
            log[i] -= weekday[place] / count[place];
        }
        double freedom = log.length - 2 - (WEEK - 1.0);
        double half = (series.lastDay() - series.day()[0]) / 2;
        double[] straight = coefficientAndError(day, log, 2, freedom);
        double[] bent = coefficientAndError(day, log, 3, freedom - 1);
        var student = new TDistribution(freedom);
        return new GrowthEvidence(
                straight[0] / half,
                straight[1] / half,
                straight[1] == 0
                        ? (straight[0] == 0 ? 1 : 0)
                        : 2 * student.cumulativeProbability(-Math.abs(straight[0] / straight[1])),
                bent[1] == 0 ? 1 : new TDistribution(freedom - 1).cumulativeProbability(bent[0] / bent[1]),
                freedom);
    }

    /** An end of the interval of the slope. */
    double slopeBound(double confidence, boolean upper) {
        double q = new TDistribution(degreesOfFreedom).inverseCumulativeProbability((1 + confidence) / 2);
        return slope + (upper ? q : -q) * slopeError;
    }

    /** Days from -1 to 1: their powers are then of one size. */
    private static double[] scaled(double[] day) {
        double middle = (day[0] + day[day.length - 1]) / 2;
        double half = (day[day.length - 1] - day[0]) / 2;
        return Arrays.stream(day).map(d -> (d - middle) / half).toArray();
    }

    private static double[] residuals(double[] x, double[] y, int terms) {
        RealMatrix a = powers(x, terms);
        double[] fitted = a.operate(coefficients(a, y));
        double[] residuals = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            residuals[i] = y[i] - fitted[i];
        }
        return residuals;
    }

    private static RealMatrix powers(double[] x, int terms) {
        double[][] rows = new double[x.length][terms];
        for (int i = 0; i < x.length; i++) {
            for (int p = 0; p < terms; p++) {
                rows[i][p] = Math.pow(x[i], p);
            }
        }
        return new Array2DRowRealMatrix(rows, false);
    }

    private static double[] coefficients(RealMatrix a, double[] y) {
        return bread(a).operate(a.transpose().operate(y));
    }

    private static RealMatrix bread(RealMatrix a) {
        return new LUDecomposition(a.transpose().multiply(a)).getSolver().getInverse();
    }

    /** The coefficient of the highest power. */
    private static double[] coefficientAndError(double[] x, double[] y, int terms, double freedom) {
        RealMatrix a = powers(x, terms);
        double[] residual = residuals(x, y, terms);
        int width = width(residual);
        RealMatrix meat = new Array2DRowRealMatrix(terms, terms);
        for (int lag = 0; lag <= width; lag++) {
            double weight = lag == 0 ? 0.5 : 1 - lag / (width + 1.0);
            for (int i = lag; i < residual.length; i++) {
                for (int p = 0; p < terms; p++) {
                    for (int q = 0; q < terms; q++) {
                        double product = weight * residual[i] * residual[i - lag];
                        meat.addToEntry(
                                p,
                                q,
                                product
                                        * (a.getEntry(i, p) * a.getEntry(i - lag, q)
                                                + a.getEntry(i - lag, p) * a.getEntry(i, q)));
                    }
                }
            }
        }
        RealMatrix bread = bread(a);
        double variance = bread.multiply(meat).multiply(bread).getEntry(terms - 1, terms - 1);
        return new double[] {coefficients(a, y)[terms - 1], Math.sqrt(Math.max(0, variance) * residual.length / freedom)
        };
    }

    private static int width(double[] residual) {
        double squares = 0;
        double products = 0;
        for (int i = 0; i < residual.length; i++) {
            squares += residual[i] * residual[i];
            products += i > 0 ? residual[i] * residual[i - 1] : 0;
        }
        double r = squares > 0 ? Math.min(0.97, Math.max(0, products / squares)) : 0;
        double alpha = 4 * r * r / Math.pow((1 - r) * (1 + r), 2);
        int best = (int) Math.ceil(1.1447 * Math.cbrt(alpha * residual.length));
        return Math.min(Math.max(WEEK, best), residual.length / 2);
    }
}
