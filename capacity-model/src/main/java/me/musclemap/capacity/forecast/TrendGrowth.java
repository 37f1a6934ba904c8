package me.musclemap.capacity.forecast;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import me.musclemap.capacity.regression.NotIdentifiableException;

/**
 * A smooth trend times a factor for the day of the week. What neither explains scatters about it in weeks that are alike:
 * alternatives are drawn by laying such weeks anew on the trend and fitting again. Immutable by agreement.
 */
final class TrendGrowth implements GrowthForm.Fitted {
    private static final int WEEK = 7;
    /** Fits of alternatives; each carries several paths. */
    private static final int REFITS = 200;

    private final PeakSeries series;
    private final DoubleUnaryOperator trend;
    private final double[] weekday;
    private final double[] residual;
    private final Method method;

    private TrendGrowth(
            PeakSeries series, DoubleUnaryOperator trend, double[] weekday, double[] residual, Method method) {
        this.series = series;
        this.trend = trend;
        this.weekday = weekday;
        this.residual = residual;
        this.method = method;
    }

    /** Fits a trend through values at days. */
    private interface Method {
        DoubleUnaryOperator through(double[] day, double[] peak);
    }

    static TrendGrowth logLinear(PeakSeries series) {
        return of(series, (day, peak) -> LogLinearGrowth.of(day, peak)::forecast);
    }

    static TrendGrowth logistic(PeakSeries series) {
        return of(series, (day, peak) -> {
            LogisticGrowth fit = LogisticGrowth.of(day, peak);
            if (!(fit.scale() > 0)) {
                throw new NotIdentifiableException("the series does not rise towards a ceiling");
            }
            return fit::forecast;
        });
    }

    private static TrendGrowth of(PeakSeries series, Method method) {
        DoubleUnaryOperator first = method.through(series.day(), series.peak());
        double[] weekday = weekday(series, first);
        DoubleUnaryOperator trend = method.through(series.day(), withoutWeek(series, weekday));
        double[] residual = new double[series.count()];
        // The trend and seven factors took degrees of freedom: what is left is too small by so much.
        double inflation = Math.sqrt(series.count() / Math.max(1.0, series.count() - 2 - (WEEK - 1.0)));
        for (int i = 0; i < residual.length; i++) {
            residual[i] = inflation
                    * (Math.log(series.peak()[i] / trend.applyAsDouble(series.day()[i]))
                            - weekday[(int) series.day()[i] % WEEK]);
        }
        return new TrendGrowth(series, trend, weekday, residual, method);
    }

    /** Mean of the logarithm over the trend by day of the week, adding up to nothing. */
    private static double[] weekday(PeakSeries series, DoubleUnaryOperator trend) {
        double[] sum = new double[WEEK];
        int[] count = new int[WEEK];
        for (int i = 0; i < series.count(); i++) {
            int place = (int) series.day()[i] % WEEK;
            sum[place] += Math.log(series.peak()[i] / trend.applyAsDouble(series.day()[i]));
            count[place]++;
        }
        double[] mean = new double[WEEK];
        for (int place = 0; place < WEEK; place++) {
            mean[place] = count[place] == 0 ? 0 : sum[place] / count[place];
        }
        double centre = Arrays.stream(mean).average().orElse(0);
        return Arrays.stream(mean).map(m -> m - centre).toArray();
    }

    private static double[] withoutWeek(PeakSeries series, double[] weekday) {
        double[] values = series.peak().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] /= Math.exp(weekday[(int) series.day()[i] % WEEK]);
        }
        return values;
    }

    @Override
    public double at(int day) {
        return trend.applyAsDouble(day) * Math.exp(weekday[day % WEEK]);
    }

    @Override
    public double[][] paths(SplittableRandom random, int draws, int days) {
        double[][] paths = new double[draws][];
        DoubleUnaryOperator drawn = trend;
        int perFit = (int) Math.ceil((double) draws / REFITS);
        for (int d = 0; d < draws; d++) {
            if (d % perFit == 0) {
                drawn = alternative(random);
            }
            paths[d] = path(random, drawn, days);
        }
        return paths;
    }

    private DoubleUnaryOperator alternative(SplittableRandom random) {
        double[] scatter = weeks(random, series.count());
        double[] values = new double[scatter.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = trend.applyAsDouble(series.day()[i]) * Math.exp(scatter[i]);
        }
        try {
            return method.through(series.day(), values);
        } catch (NotIdentifiableException e) {
            return trend; // this alternative shows no such trend at all: the best estimate stands for it
        }
    }

    private double[] path(SplittableRandom random, DoubleUnaryOperator drawn, int days) {
        double[] scatter = weeks(random, days);
        double[] path = new double[days];
        for (int h = 0; h < days; h++) {
            int day = series.lastDay() + 1 + h;
            path[h] = drawn.applyAsDouble(day) * Math.exp(weekday[day % WEEK] + scatter[h]);
        }
        return path;
    }

    /** Weeks of residuals, one after the other. */
    private double[] weeks(SplittableRandom random, int length) {
        double[] scatter = new double[length];
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (i % WEEK == 0) {
                from = random.nextInt(residual.length);
            }
            scatter[i] = residual[(from + i % WEEK) % residual.length];
        }
        return scatter;
    }
}
