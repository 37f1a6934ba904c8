package me.musclemap.rum.sketch;

import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import java.util.Arrays;

/**
 * Counts of values by relative size, from which a quantile is answered within {@value #RELATIVE_ERROR} of the exact one.
 * Not safe for use by many threads.
 *
 * <p>Counts are whole numbers, so that merging in any order gives the same sketch, and a value that was put in can be
 * taken out again. Values below {@value #ZERO_BELOW} count as zero.
 *
 * <p>Source: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees",
 * VLDB 2019, algorithms 1 to 3; the index mapping is that of {@code sketches-java}.
 */
public final class Sketch {
    /** The largest relative error of a quantile. */
    public static final double RELATIVE_ERROR = 0.01;

    private static final double ZERO_BELOW = 1e-4;
    private static final int GROWTH = 32;
    private static final LogarithmicMapping MAPPING = new LogarithmicMapping(RELATIVE_ERROR);

    private int[] counts = new int[0];
    private int firstIndex;
    private long zeros;
    private long total;

    /** Puts a value in, which must be finite and not negative. */
    public void add(double value) {
        add(value, 1);
    }

    /** Takes out a value that was put in. */
    public void remove(double value) {
        add(value, -1);
    }

    private void add(double value, int count) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("a sketch holds finite values from 0 on, was " + value);
        }
        if (value < ZERO_BELOW) {
            zeros += count;
        } else {
            addAt(MAPPING.index(value), count);
        }
        total += count;
    }

    private void addAt(int index, int count) {
        cover(index, index);
        int at = index - firstIndex;
        if (counts[at] + count < 0) {
            throw new IllegalStateException("a value was taken out of a sketch that is not in it");
        }
        counts[at] += count;
    }

    private void cover(int first, int last) {
        if (counts.length == 0) {
            firstIndex = first;
            counts = new int[last - first + 1];
            return;
        }
        int end = firstIndex + counts.length - 1;
        if (first >= firstIndex && last <= end) {
            return;
        }
        int newFirst = first < firstIndex ? first - GROWTH : firstIndex;
        int newEnd = last > end ? last + GROWTH : end;
        int[] wider = new int[newEnd - newFirst + 1];
        System.arraycopy(counts, 0, wider, firstIndex - newFirst, counts.length);
        counts = wider;
        firstIndex = newFirst;
    }

    /** Adds all of another sketch to this one. */
    public void merge(Sketch other) {
        if (other.counts.length > 0) {
            cover(other.firstIndex, other.firstIndex + other.counts.length - 1);
            for (int i = 0; i < other.counts.length; i++) {
                counts[other.firstIndex + i - firstIndex] += other.counts[i];
            }
        }
        zeros += other.zeros;
        total += other.total;
    }

    /** How many values are in. */
    public long count() {
        return total;
    }

    /**
     * The value with this share of all values below it, 0 to 1.
     *
     * @throws IllegalStateException if nothing is in
     */
    public double quantile(double share) {
        if (total == 0) {
            throw new IllegalStateException("an empty sketch has no quantile");
        }
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("quantile " + share + ": use a share from 0 to 1");
        }
        double rank = share * (total - 1);
        long below = zeros;
        if (below > rank) {
            return 0;
        }
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            if (below > rank) {
                return MAPPING.value(firstIndex + i);
            }
        }
        throw new IllegalStateException("a sketch holds fewer values than it counts");
    }

    /** Equal when the same values, up to the sketch's precision, are in. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Sketch sketch) || sketch.total != total || sketch.zeros != zeros) {
            return false;
        }
        int first = Math.min(firstIndex, sketch.firstIndex);
        int end = Math.max(firstIndex + counts.length, sketch.firstIndex + sketch.counts.length);
        for (int index = first; index < end; index++) {
            if (countAt(index) != sketch.countAt(index)) {
                return false;
            }
        }
        return true;
    }

    private int countAt(int index) {
        int at = index - firstIndex;
        return at < 0 || at >= counts.length ? 0 : counts[at];
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new long[] {zeros, total});
    }
}
