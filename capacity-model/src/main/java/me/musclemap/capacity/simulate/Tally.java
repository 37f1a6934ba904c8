package me.musclemap.capacity.simulate;

/**
 * Counts of times by their size, fine enough for percentiles to a thousandth: 1024 bins for each factor of two. Not
 * thread-safe.
 */
final class Tally {
    private static final int BITS = 10;
    private static final int SHIFT = 52 - BITS;
    /** Times below 2^-60 of a second count as zero, above 2^63 as that. */
    private static final long LOWEST = Double.doubleToRawLongBits(0x1p-60) >>> SHIFT;

    private static final int BINS = (int) ((Double.doubleToRawLongBits(0x1p63) >>> SHIFT) - LOWEST) + 1;

    private final int[] count = new int[BINS];
    private long zeros;
    private long total;
    private double sum;

    void add(double seconds) {
        total++;
        sum += seconds;
        if (seconds <= 0x1p-60) {
            zeros++;
        } else {
            count[(int) Math.min(BINS - 1L, (Double.doubleToRawLongBits(seconds) >>> SHIFT) - LOWEST)]++;
        }
    }

    void add(Tally other) {
        for (int i = 0; i < BINS; i++) {
            count[i] += other.count[i];
        }
        zeros += other.zeros;
        total += other.total;
        sum += other.sum;
    }

    long total() {
        return total;
    }

    double mean() {
        return total == 0 ? 0 : sum / total;
    }

    double shareAboveZero() {
        return total == 0 ? 0 : (double) (total - zeros) / total;
    }

    /** The time that a share {@code quantile} does not exceed; linear within a bin. */
    double percentile(double quantile) {
        double wanted = quantile * total;
        double seen = zeros;
        if (seen >= wanted) {
            return 0;
        }
        for (int i = 0; i < BINS; i++) {
            if (seen + count[i] >= wanted) {
                double low = Double.longBitsToDouble((i + LOWEST) << SHIFT);
                double high = Double.longBitsToDouble((i + 1 + LOWEST) << SHIFT);
                return low + (high - low) * (wanted - seen) / count[i];
            }
            seen += count[i];
        }
        return Double.longBitsToDouble((BINS + LOWEST) << SHIFT);
    }
}
