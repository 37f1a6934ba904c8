package me.musclemap.rum.sketch;

import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import java.util.Arrays;
import me.musclemap.rum.spool.Varints;

/**
 * Counts of values by relative size, from which a quantile is answered within {@value #RELATIVE_ERROR} of the exact one.
 * Not safe for use by many threads.
 *
 * <p>Counts are whole numbers of {@value #UNITS} to one page view, so that a sampled view can weigh more than one, that
 * merging in any order gives the same sketch and the same bytes, and that a value that was put in can be taken out again.
 * A sketch of changes alone may hold negative counts. Values below {@value #ZERO_BELOW} count as zero.
 *
 * <p>Source: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees",
 * VLDB 2019, algorithms 1 to 3; the index mapping is that of {@code sketches-java}.
 */
public final class Sketch {
    /** The largest relative error of a quantile. */
    public static final double RELATIVE_ERROR = 0.01;

    /** What one page view that stands for itself alone counts. */
    public static final int UNITS = 1024;

    private static final double ZERO_BELOW = 1e-4;
    private static final int GROWTH = 16;
    private static final int FORMAT = 1;
    private static final LogarithmicMapping MAPPING = new LogarithmicMapping(RELATIVE_ERROR);

    private long[] counts = new long[0];
    private int firstIndex;
    private long zeros;
    private long total;

    /** Puts a value in, which must be finite and not negative. */
    public void add(double value) {
        add(value, UNITS);
    }

    /** Takes out a value that was put in. */
    public void remove(double value) {
        if (value >= ZERO_BELOW && countAt(MAPPING.index(value)) < UNITS) {
            throw new IllegalStateException("a value was taken out of a sketch that is not in it");
        }
        add(value, -UNITS);
    }

    /** Puts a value in that weighs {@code units} of {@value #UNITS}; less than zero takes it out. */
    public void add(double value, long units) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("a sketch holds finite values from 0 on, was " + value);
        }
        if (value < ZERO_BELOW) {
            zeros += units;
        } else {
            int index = MAPPING.index(value);
            cover(index, index);
            counts[index - firstIndex] += units;
        }
        total += units;
    }

    private void cover(int first, int last) {
        if (counts.length == 0) {
            firstIndex = first;
            counts = new long[last - first + 1];
            return;
        }
        int end = firstIndex + counts.length - 1;
        if (first >= firstIndex && last <= end) {
            return;
        }
        int newFirst = first < firstIndex ? first - GROWTH : firstIndex;
        int newEnd = last > end ? last + GROWTH : end;
        long[] wider = new long[newEnd - newFirst + 1];
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

    /** The weight of all that is in, in {@value #UNITS} to a page view. */
    public long units() {
        return total;
    }

    /** How many page views those that are in stand for. */
    public long count() {
        return Math.round((double) total / UNITS);
    }

    /**
     * The value with this share of all values below it, 0 to 1: the middle of its bucket.
     *
     * @throws IllegalStateException if nothing is in
     */
    public double quantile(double share) {
        requireShare(share);
        double rank = share * (total - UNITS);
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

    private void requireShare(double share) {
        if (total <= 0) {
            throw new IllegalStateException("an empty sketch has no quantile");
        }
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("quantile " + share + ": use a share from 0 to 1");
        }
    }

    /** Shows each bucket that is not empty, smallest first: its bounds, and its weight. The zeros come as 0, 0. */
    public void forEach(Bucket bucket) {
        if (zeros != 0) {
            bucket.see(0, 0, zeros);
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                int index = firstIndex + i;
                bucket.see(MAPPING.lowerBound(index), MAPPING.upperBound(index), counts[i]);
            }
        }
    }

    /** Told of a bucket. */
    public interface Bucket {
        /** One bucket and its weight. */
        void see(double lower, double upper, long units);
    }

    /**
     * The bytes of this sketch. The same counts give the same bytes, whatever the order they came in: a format number, a
     * power of two that all counts are divided by, the zeros, and index and count of each bucket that is not empty.
     */
    public byte[] encode() {
        int shift = shift();
        int filled = 0;
        for (long count : counts) {
            filled += count == 0 ? 0 : 1;
        }
        var out = new Varints.Writer(8 + 3 * filled);
        out.unsigned(FORMAT);
        out.unsigned(shift);
        out.signed(zeros >> shift);
        out.unsigned(filled);
        long before = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                int index = firstIndex + i;
                out.signed(index - before);
                out.signed(counts[i] >> shift);
                before = index;
            }
        }
        return out.bytes();
    }

    private int shift() {
        long bits = zeros | UNITS;
        for (long count : counts) {
            bits |= count;
        }
        return Long.numberOfTrailingZeros(bits);
    }

    /**
     * The sketch of these bytes.
     *
     * @throws IllegalArgumentException if they are none
     */
    public static Sketch decode(byte[] bytes) {
        var in = new Varints.Reader(bytes);
        long format = in.unsigned();
        if (format != FORMAT) {
            throw new IllegalArgumentException("a sketch of format " + format + ", this program reads " + FORMAT);
        }
        int shift = (int) in.unsigned();
        var sketch = new Sketch();
        sketch.zeros = in.signed() << shift;
        sketch.total = sketch.zeros;
        long filled = in.unsigned();
        long index = 0;
        for (long i = 0; i < filled; i++) {
            index += in.signed();
            long count = in.signed() << shift;
            sketch.cover((int) index, (int) index);
            sketch.counts[(int) index - sketch.firstIndex] += count;
            sketch.total += count;
        }
        return sketch;
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

    private long countAt(int index) {
        int at = index - firstIndex;
        return at < 0 || at >= counts.length ? 0 : counts[at];
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new long[] {zeros, total});
    }
}
