package me.musclemap.capacity.measure;

import java.util.Arrays;
import java.util.Collection;
import java.util.TreeMap;

/**
 * How long requests took, as a histogram: equally ordered values in seconds and how often each was seen. Immutable by
 * agreement: the arrays are not to be changed.
 *
 * @param seconds rising
 * @param counts of the same length, above 0
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record ServiceTimes(double[] seconds, long[] counts) {
    /** Checks that the arrays belong together. */
    public ServiceTimes {
        if (seconds.length != counts.length || seconds.length == 0) {
            throw new IllegalArgumentException(seconds.length + " values and " + counts.length
                    + " counts: give one count for each value, and at least one");
        }
    }

    /** Several as one. */
    public static ServiceTimes of(Collection<ServiceTimes> parts) {
        var merged = new TreeMap<Double, Long>();
        for (ServiceTimes part : parts) {
            for (int i = 0; i < part.seconds.length; i++) {
                merged.merge(part.seconds[i], part.counts[i], Long::sum);
            }
        }
        return new ServiceTimes(
                merged.keySet().stream().mapToDouble(Double::doubleValue).toArray(),
                merged.values().stream().mapToLong(Long::longValue).toArray());
    }

    /** The share that took longer. */
    public double shareBeyond(double limitSeconds) {
        int from = Arrays.binarySearch(seconds, limitSeconds);
        long beyond = 0;
        for (int i = from >= 0 ? from + 1 : -from - 1; i < counts.length; i++) {
            beyond += counts[i];
        }
        return (double) beyond / count();
    }

    /** How many. */
    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** Their mean in seconds. */
    public double mean() {
        double sum = 0;
        for (int i = 0; i < seconds.length; i++) {
            sum += seconds[i] * counts[i];
        }
        return sum / count();
    }

    /** The value that a share {@code p} stays at or below. */
    public double quantile(double p) {
        double beyond = p * count();
        long seen = 0;
        for (int i = 0; i < seconds.length; i++) {
            seen += counts[i];
            if (seen >= beyond) {
                return seconds[i];
            }
        }
        return seconds[seconds.length - 1];
    }
}
