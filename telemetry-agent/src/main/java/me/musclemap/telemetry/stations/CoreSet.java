package me.musclemap.telemetry.stations;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** A set of cores, written as Linux does: {@code 0,2-3}. Immutable. */
public final class CoreSet {
    private static final int CORES_MAX = 4096;

    private final BitSet cores;

    private CoreSet(BitSet cores) {
        this.cores = cores;
    }

    /**
     * Reads a list of cores.
     *
     * @throws IllegalArgumentException if it is not one, or is empty
     */
    public static CoreSet parse(String list) {
        var cores = new BitSet();
        for (String part : list.split(",", -1)) {
            String[] ends = part.strip().split("-", -1);
            try {
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[ends.length - 1]);
                if (ends.length > 2 || first < 0 || last < first || last >= CORES_MAX) {
                    throw new NumberFormatException();
                }
                cores.set(first, last + 1);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "cores=" + list + ": write core numbers and ranges, for example 0 or 0,2-3", e);
            }
        }
        return new CoreSet(cores);
    }

    /** Cores 0 to {@code count} - 1. */
    public static CoreSet first(int count) {
        var cores = new BitSet();
        cores.set(0, count);
        return new CoreSet(cores);
    }

    boolean contains(int core) {
        return cores.get(core);
    }

    /** How many cores both sets have, of which this set has all when the answer is its {@link #size}. */
    int common(CoreSet other) {
        var both = (BitSet) cores.clone();
        both.and(other.cores);
        return both.cardinality();
    }

    int size() {
        return cores.cardinality();
    }

    /** The numbers in order. */
    public List<Integer> numbers() {
        return cores.stream().boxed().toList();
    }

    /** This set without cores from {@code count} on, which the host does not have. */
    CoreSet below(int count) {
        var some = new BitSet();
        IntStream.range(0, count).filter(cores::get).forEach(some::set);
        return new CoreSet(some);
    }
}
