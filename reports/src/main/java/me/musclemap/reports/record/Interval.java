package me.musclemap.reports.record;

/**
 * A quantity with its interval.
 *
 * @param confidence share of intervals made this way that hold the true value, 0 to 1
 */
public record Interval(double low, double mid, double high, double confidence) {
    public Interval {
        if (!(low <= mid && mid <= high)) {
            throw new IllegalArgumentException(
                    "low, mid, high = %s, %s, %s: they must not fall".formatted(low, mid, high));
        }
    }
}
