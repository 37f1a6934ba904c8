package me.musclemap.capacity.forecast;

import java.util.SplittableRandom;
import me.musclemap.capacity.regression.NotIdentifiableException;

/**
 * Holt-Winters with a week that multiplies. Alternatives are drawn by letting the one-step errors of the series happen again,
 * in any order: they move level, trend and week on. Immutable by agreement.
 */
final class SmoothedGrowth implements GrowthForm.Fitted {
    private static final int WEEK = 7;
    private static final int WEEKS_MIN = 3;
    /** Days that may be missing before the method, which knows no gaps, is left out. */
    private static final double MISSING_MAX = 0.1;

    private final PeakSeries series;
    private final HoltWinters fit;
    private final double[] errors;

    private SmoothedGrowth(PeakSeries series, HoltWinters fit, double[] errors) {
        this.series = series;
        this.fit = fit;
        this.errors = errors;
    }

    static SmoothedGrowth of(PeakSeries series) {
        double[] values = series.filled();
        if (values.length < WEEKS_MIN * WEEK) {
            throw new NotIdentifiableException("fewer than three weeks: too short for a week that moves");
        }
        if (series.count() < (1 - MISSING_MAX) * values.length) {
            throw new NotIdentifiableException("more than a tenth of the days are missing");
        }
        HoltWinters fit =
                HoltWinters.fit(values, HoltWinters.Settings.seasonal(WEEK, HoltWinters.Season.MULTIPLICATIVE));
        return new SmoothedGrowth(series, fit, fit.relativeErrors());
    }

    @Override
    public double at(int day) {
        int ahead = day - series.lastDay();
        if (ahead < 1) {
            throw new IllegalArgumentException("day " + day + " is not after the series: ask for a later one");
        }
        return Math.max(0, fit.forecast(ahead));
    }

    @Override
    public double[][] paths(SplittableRandom random, int draws, int days) {
        double[][] paths = new double[draws][];
        for (int d = 0; d < draws; d++) {
            double[] scatter = new double[days];
            for (int h = 0; h < days; h++) {
                scatter[h] = errors[random.nextInt(errors.length)];
            }
            paths[d] = fit.path(scatter);
        }
        return paths;
    }
}
