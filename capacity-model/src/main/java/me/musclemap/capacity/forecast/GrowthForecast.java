package me.musclemap.capacity.forecast;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * What daily peaks grow to, and when they pass what is carried. No date is given where the data do not support one. Immutable.
 *
 * @param errors the forms that were tried
 * @param lastWeekError the error of repeating the last week
 * @param chosen the form with the least error; empty with too few days
 * @param growthPerDay growth of the logarithm a day over the whole series; empty with too few days
 * @param pValue of that growth
 * @param growthAheadPerDay growth of the logarithm a day over the lead time to come, by the chosen form; at least 0
 * @param expected peaks to come
 * @param whyNoDate why no date is given at all
 */
public record GrowthForecast(
        PeakSeries series,
        List<FormError> errors,
        OptionalDouble lastWeekError,
        Optional<String> chosen,
        Optional<Interval> growthPerDay,
        OptionalDouble pValue,
        OptionalDouble growthAheadPerDay,
        List<Expected> expected,
        Optional<String> whyNoDate,
        List<Exhaustion> exhaustion) {
    /** Fewer daily peaks support no date. */
    public static final int DAYS_MIN = 28;

    /** No date is given beyond two years. */
    public static final int DAYS_AHEAD = 730;

    private static final int DRAWS = 1000;
    private static final int WEEK = 7;
    private static final double CHANCE_MIN = 0.5;
    private static final int[] AHEAD = {30, 90, 180, 365};

    /** Copies the lists. */
    public GrowthForecast {
        errors = List.copyOf(errors);
        expected = List.copyOf(expected);
        exhaustion = List.copyOf(exhaustion);
    }

    /**
     * How far one form was off when it was tried on days that it had not seen.
     *
     * @param error mean absolute difference of the logarithms; empty where it was not tried, {@code why} then says so
     */
    public record FormError(String form, OptionalDouble error, Optional<String> why) {}

    /** The daily peak on a day to come, in requests per second. */
    public record Expected(LocalDate date, Quantiles requestsPerSecond) {}

    /**
     * Forecasts a series.
     *
     * @param capacities what it may grow into; may be empty
     * @param leadDays over which growth ahead is taken
     */
    public static GrowthForecast of(PeakSeries series, List<CarriedRate> capacities, double leadDays, long seed) {
        if (series.count() < DAYS_MIN) {
            String why = String.format(
                    Locale.ROOT,
                    "%d daily peaks are too few: at least %d are needed to tell growth from the week",
                    series.count(),
                    DAYS_MIN);
            return new GrowthForecast(
                    series,
                    List.of(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    List.of(),
                    Optional.of(why),
                    capacities.stream().map(c -> none(c, 0, why)).toList());
        }
        GrowthEvidence evidence = GrowthEvidence.of(series);
        List<RollingOrigin.Row> rows = RollingOrigin.rows(series, evidence);
        GrowthForm form = rows.stream()
                .filter(r -> r.error().isPresent())
                .min(Comparator.comparingDouble(r -> r.error().orElseThrow()))
                .orElseThrow(() -> new IllegalStateException("a straight line fits any series"))
                .form();
        double[][] paths = form.fit(series).paths(new SplittableRandom(seed ^ 0xf03e), DRAWS, DAYS_AHEAD);
        Optional<String> whyNoDate = whyNoDate(evidence);
        return new GrowthForecast(
                series,
                rows.stream()
                        .map(r -> new FormError(r.form().words(), r.error(), r.why()))
                        .toList(),
                OptionalDouble.of(RollingOrigin.errorOfLastWeek(series)),
                Optional.of(form.words()),
                Optional.of(new Interval(
                        evidence.slopeBound(Interval.CONFIDENCE, false),
                        evidence.slope(),
                        evidence.slopeBound(Interval.CONFIDENCE, true),
                        Interval.CONFIDENCE)),
                OptionalDouble.of(evidence.pValue()),
                OptionalDouble.of(whyNoDate.isPresent() ? 0 : growthAhead(paths, leadDays)),
                expected(series, paths),
                whyNoDate,
                capacities.stream()
                        .map(c -> exhaustion(series, c, paths, whyNoDate, seed))
                        .toList());
    }

    /** With what another forecast of the same series says of other capacities. */
    public GrowthForecast with(GrowthForecast other) {
        var all = new ArrayList<>(exhaustion);
        all.addAll(other.exhaustion());
        return new GrowthForecast(
                series,
                errors,
                lastWeekError,
                chosen,
                growthPerDay,
                pValue,
                growthAheadPerDay,
                expected,
                whyNoDate,
                all);
    }

    private static Optional<String> whyNoDate(GrowthEvidence evidence) {
        if (!(evidence.slope() > 0)) {
            return Optional.of(
                    String.format(Locale.ROOT, "the peaks do not grow: %+.2f %% a day", evidence.slope() * 100));
        }
        if (!(evidence.pValue() <= LogLinearGrowth.P_VALUE_MAX)) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "growth of %+.2f %% a day cannot be told from chance (p = %.2f, at most %.2f is asked for)",
                    evidence.slope() * 100,
                    evidence.pValue(),
                    LogLinearGrowth.P_VALUE_MAX));
        }
        return Optional.empty();
    }

    private static double growthAhead(double[][] paths, double leadDays) {
        int lead = (int) Math.max(WEEK, Math.min(DAYS_AHEAD - WEEK, Math.round(leadDays)));
        double[] growth = new double[paths.length];
        for (int d = 0; d < growth.length; d++) {
            growth[d] = Math.log(week(paths[d], lead) / week(paths[d], 0)) / lead;
        }
        Arrays.sort(growth);
        return Math.max(0, Quantiles.quantile(growth, 0.5));
    }

    private static double week(double[] path, int from) {
        double sum = 0;
        for (int h = from; h < from + WEEK; h++) {
            sum += path[h] / WEEK;
        }
        return sum;
    }

    /** The highest peak of the week that ends on each day: a single day says more of the week than of growth. */
    private static List<Expected> expected(PeakSeries series, double[][] paths) {
        var expected = new ArrayList<Expected>();
        for (int ahead : AHEAD) {
            double[] highest = new double[paths.length];
            for (int d = 0; d < highest.length; d++) {
                for (int h = ahead - WEEK; h < ahead; h++) {
                    highest[d] = Math.max(highest[d], paths[d][h]);
                }
            }
            expected.add(new Expected(series.date(series.lastDay() + ahead), Quantiles.of(highest)));
        }
        return expected;
    }

    private static Exhaustion exhaustion(
            PeakSeries series, CarriedRate capacity, double[][] paths, Optional<String> whyNoDate, long seed) {
        double present = series.presentPeak();
        double passed =
                Arrays.stream(capacity.draws()).filter(c -> c < present).count() / (double) capacity.draws().length;
        if (passed >= CHANCE_MIN) {
            return none(
                    capacity,
                    1,
                    String.format(
                            Locale.ROOT,
                            "it is exhausted already: the highest peak of the last week, %.0f requests/s, is above it",
                            present));
        }
        if (whyNoDate.isPresent()) {
            return none(capacity, passed, whyNoDate.get());
        }
        double[] days = crossings(capacity, paths, seed);
        long crossing = Arrays.stream(days).filter(Double::isFinite).count();
        double probability = crossing / (double) days.length;
        Arrays.sort(days);
        if (date(series, days, CHANCE_MIN).isEmpty()) {
            return none(
                    capacity,
                    probability,
                    String.format(
                            Locale.ROOT,
                            "the peaks pass it within 24 months in only %.0f %% of the draws, and a date needs more than half of them",
                            probability * 100));
        }
        return new Exhaustion(
                capacity,
                Quantiles.of(capacity.draws()),
                probability,
                date(series, days, 0.1),
                date(series, days, CHANCE_MIN),
                date(series, days, 0.9),
                Optional.empty());
    }

    /** Days ahead on which each path first passes a capacity draw; infinite where it does not. */
    private static double[] crossings(CarriedRate capacity, double[][] paths, long seed) {
        var random = new SplittableRandom(seed ^ capacity.name().hashCode());
        double[] days = new double[paths.length];
        for (int d = 0; d < days.length; d++) {
            double limit = capacity.draws()[random.nextInt(capacity.draws().length)];
            days[d] = Double.POSITIVE_INFINITY;
            for (int h = 0; h < paths[d].length; h++) {
                if (paths[d][h] > limit) {
                    days[d] = h + 1.0;
                    break;
                }
            }
        }
        return days;
    }

    private static Optional<LocalDate> date(PeakSeries series, double[] sortedDays, double p) {
        // The next higher one: between a day and never there is no day.
        double days = sortedDays[(int) Math.ceil(p * (sortedDays.length - 1))];
        return Double.isFinite(days) ? Optional.of(series.date(series.lastDay() + (int) days)) : Optional.empty();
    }

    private static Exhaustion none(CarriedRate capacity, double probability, String why) {
        return new Exhaustion(
                capacity,
                Quantiles.of(capacity.draws()),
                probability,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(why));
    }
}
