package me.musclemap.capacity.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.regression.NotIdentifiableException;

/**
 * How far each form would have been off: it is fitted to the beginning of the series, from half of it on, and its forecast of
 * the days that follow is compared with them.
 *
 * <p>Source: L. J. Tashman 2000, out-of-sample tests with a rolling origin.
 */
final class RollingOrigin {
    private static final int ORIGINS = 8;
    private static final int DAYS_MIN = 21;
    private static final int HORIZON_MAX = 28;
    private static final int WEEK = 7;
    /** A bend that is less sure than this is none. */
    private static final double BEND_P_MAX = 0.05;

    private RollingOrigin() {}

    /**
     * One row of the table of errors.
     *
     * @param error mean absolute difference of the logarithms: 0.1 is about a tenth off; empty where it was not tried
     * @param why why it was not tried
     */
    record Row(GrowthForm form, OptionalDouble error, Optional<String> why) {}

    static List<Row> rows(PeakSeries series, GrowthEvidence evidence) {
        var rows = new ArrayList<Row>();
        for (GrowthForm form : GrowthForm.values()) {
            if (form == GrowthForm.LOGISTIC && !(evidence.bendPValue() <= BEND_P_MAX)) {
                rows.add(new Row(
                        form, OptionalDouble.empty(), Optional.of("the logarithm of the peaks does not bend down")));
                continue;
            }
            try {
                form.fit(series);
                rows.add(new Row(form, OptionalDouble.of(error(series, form)), Optional.empty()));
            } catch (NotIdentifiableException | IllegalArgumentException e) {
                rows.add(new Row(form, OptionalDouble.empty(), Optional.ofNullable(e.getMessage())));
            }
        }
        return rows;
    }

    /** The error of repeating the last week: what a method must beat to be worth anything. */
    static double errorOfLastWeek(PeakSeries series) {
        return error(series, (head, day) -> {
            double[] week = head.filled();
            int back = (int) Math.ceil((day - head.lastDay()) / (double) WEEK) * WEEK;
            return week[Math.max(0, Math.min(week.length - 1, day - back))];
        });
    }

    private interface Guess {
        double of(PeakSeries head, int day);
    }

    private static double error(PeakSeries series, GrowthForm form) {
        var fits = new java.util.IdentityHashMap<PeakSeries, GrowthForm.Fitted>();
        return error(
                series,
                (head, day) -> fits.computeIfAbsent(head, h -> fitted(form, h)).at(day));
    }

    /** A beginning that does not show the form yet is forecast as it would have been then: by a constant share. */
    private static GrowthForm.Fitted fitted(GrowthForm form, PeakSeries head) {
        try {
            return form.fit(head);
        } catch (NotIdentifiableException e) {
            return GrowthForm.LOG_LINEAR.fit(head);
        }
    }

    private static double error(PeakSeries series, Guess guess) {
        int first = Math.max(DAYS_MIN, series.count() / 2);
        int horizon = Math.min(HORIZON_MAX, Math.max(WEEK, series.count() / 4));
        int step = Math.max(1, (series.count() - 1 - first) / ORIGINS);
        double sum = 0;
        int compared = 0;
        for (int origin = first; origin < series.count(); origin += step) {
            PeakSeries head = series.head(origin);
            for (int i = origin; i < series.count() && series.day()[i] <= head.lastDay() + horizon; i++) {
                double expected = guess.of(head, (int) series.day()[i]);
                sum += Math.abs(Math.log(Math.max(expected, series.peak()[i] / 1000) / series.peak()[i]));
                compared++;
            }
        }
        return sum / compared;
    }
}
