package me.musclemap.capacity.uncertainty;

import java.util.Arrays;

/**
 * A figure with how sure it is: with probability {@code confidence} the truth lies from {@code low} to {@code high}.
 *
 * @param mid the best single figure, inside the interval
 * @param confidence 0 to 1
 */
public record Interval(double low, double mid, double high, double confidence) {
    /** The confidence that this room works with. */
    public static final double CONFIDENCE = 0.9;

    public Interval {
        if (!(low <= mid && mid <= high)) {
            throw new IllegalArgumentException("interval out of order: " + low + ", " + mid + ", " + high);
        }
    }

    /** The central 90 % of the draws around a best figure, which is kept inside. */
    public static Interval of(double mid, double[] draws) {
        double[] sorted = draws.clone();
        Arrays.sort(sorted);
        double low = Quantiles.quantile(sorted, (1 - CONFIDENCE) / 2);
        double high = Quantiles.quantile(sorted, (1 + CONFIDENCE) / 2);
        return new Interval(Math.min(low, mid), mid, Math.max(high, mid), CONFIDENCE);
    }

    /** A figure that is known. */
    public static Interval exactly(double value) {
        return new Interval(value, value, value, CONFIDENCE);
    }

    /** Whether the value lies inside, ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
