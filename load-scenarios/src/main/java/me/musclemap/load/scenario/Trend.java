package me.musclemap.load.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Whether a figure grows while everything else stays the same: the median of the slopes between all pairs of parts, relative to the
 * median value, with an interval. Immutable.
 *
 * <p>Source: Sen, Estimates of the Regression Coefficient Based on Kendall's Tau, Journal of the American Statistical Association 63,
 * 1968.
 *
 * @param perHour change in an hour as a ratio to the median value; NaN with too few parts
 * @param low end of the 95 % interval
 * @param high end of the 95 % interval
 */
public record Trend(double perHour, double low, double high) {
    private static final int FEWEST = 5;
    private static final double Z = 1.96;

    /** The trend of values at these hours. */
    public static Trend of(List<Double> hours, List<Double> values) {
        int n = values.size();
        var sorted = values.stream().sorted().toList();
        double middle = n == 0 ? 0 : median(sorted);
        if (n < FEWEST || !(middle > 0)) {
            return new Trend(Double.NaN, Double.NaN, Double.NaN);
        }
        var slopes = new ArrayList<Double>();
        for (int i = 0; i < n; i++) {
            for (int k = i + 1; k < n; k++) {
                double apart = hours.get(k) - hours.get(i);
                if (apart > 0) {
                    slopes.add((values.get(k) - values.get(i)) / apart / middle);
                }
            }
        }
        Collections.sort(slopes);
        double spread = Z * Math.sqrt(n * (n - 1) * (2.0 * n + 5) / 18);
        int count = slopes.size();
        // Sen's ends are the M1-th and the (M2 + 1)-th slope, counted from one.
        int low = (int) Math.max(0, Math.floor((count - spread) / 2) - 1);
        int high = (int) Math.min(count - 1, Math.ceil((count + spread) / 2));
        return new Trend(median(slopes), slopes.get(low), slopes.get(high));
    }

    private static double median(List<Double> sorted) {
        int count = sorted.size();
        return (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
    }

    /** Whether the interval leaves out that nothing changes. */
    public boolean isSure() {
        return low > 0 || high < 0;
    }

    /** In words. */
    public String words(String what) {
        if (Double.isNaN(perHour)) {
            return "Too few parts to say whether " + what + " drifts.";
        }
        return String.format(
                Locale.ROOT,
                isSure()
                        ? "%s drifts: %+.0f %% an hour (%+.0f to %+.0f)."
                        : "No drift of %s can be told from chance: %+.0f %% an hour (%+.0f to %+.0f).",
                what,
                perHour * 100,
                low * 100,
                high * 100);
    }
}
