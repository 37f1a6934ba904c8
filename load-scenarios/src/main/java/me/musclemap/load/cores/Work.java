package me.musclemap.load.cores;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A fixed piece of what servers do, in four kinds, and the CPU time that it takes. CPU time and not the clock's: a program that
 * takes the core away for a moment does not count, one that works on the other core at that moment does. Not thread-safe.
 */
final class Work {
    /** What a request of a server is made of. Compilers, caches and memory mind a neighbour differently. */
    enum Kind {
        /** Arithmetic on a few kilobytes, as signatures and passwords are. */
        hashing,
        /** Reading a JSON text byte by byte. */
        scanning,
        /** Following references through eight megabytes. */
        chasing,
        /** Making many small objects and finding them again. */
        allocating
    }

    private static final int CHASED_INTS = 1 << 21;
    private static final int CHASE_STEPS = 4000;
    private static final int TEXT_ROWS = 60;
    private static final int OBJECTS = 250;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final byte[] block;
    private final byte[] text;
    private final int[] next;
    private int place;
    private long sum;

    Work(long seed) {
        var random = new SplittableRandom(seed);
        block = new byte[8192];
        random.nextBytes(block);
        var words = new StringBuilder("[");
        for (int i = 0; i < TEXT_ROWS; i++) {
            words.append("{\"id\":").append(random.nextInt(1_000_000)).append(",\"name\":\"user ");
            words.append(random.nextInt()).append("\",\"sets\":[8,10,12],\"done\":true},");
        }
        text = words.append("{}]").toString().getBytes(StandardCharsets.UTF_8);
        next = new int[CHASED_INTS];
        for (int i = 0; i < CHASED_INTS; i++) {
            next[i] = i;
        }
        // One cycle through all of them (Sattolo), so that no chase ends up in a corner that a cache holds.
        for (int i = CHASED_INTS - 1; i > 0; i--) {
            int other = random.nextInt(i);
            int kept = next[i];
            next[i] = next[other];
            next[other] = kept;
        }
    }

    /**
     * Works for so long, a quarter of it on each kind, and tells the CPU time of a unit of each in nanoseconds.
     *
     * @param first the kind to begin with, from 0: two that work at once need not do the same at every moment
     */
    Map<Kind, Double> slice(int millis, int first) {
        var nanos = new EnumMap<Kind, Double>(Kind.class);
        Kind[] kinds = Kind.values();
        for (int i = 0; i < kinds.length; i++) {
            Kind kind = kinds[(first + i) % kinds.length];
            long end = System.nanoTime() + millis * 1_000_000L / kinds.length;
            long before = threads.getCurrentThreadCpuTime();
            int units = 0;
            while (units == 0 || System.nanoTime() < end) {
                unit(kind);
                units++;
            }
            nanos.put(kind, (double) (threads.getCurrentThreadCpuTime() - before) / units);
        }
        return nanos;
    }

    /** What came out of all work: printed, so that no compiler finds it useless. */
    long sum() {
        return sum;
    }

    private void unit(Kind kind) {
        switch (kind) {
            case hashing -> hash();
            case scanning -> scan();
            case chasing -> chase();
            case allocating -> allocate();
        }
    }

    private void hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int round = 0; round < 4; round++) {
                sum += digest.digest(block)[0];
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void scan() {
        for (int round = 0; round < 6; round++) {
            boolean quoted = false;
            int depth = 0;
            long number = 0;
            for (byte b : text) {
                if (b == '"') {
                    quoted = !quoted;
                } else if (!quoted && (b == '{' || b == '[')) {
                    depth++;
                } else if (!quoted && (b == '}' || b == ']')) {
                    depth--;
                } else if (!quoted && b >= '0' && b <= '9') {
                    number = number * 10 + b - '0';
                } else if (!quoted && b == ',') {
                    sum += number;
                    number = 0;
                }
            }
            sum += depth;
        }
    }

    private void chase() {
        int at = place;
        for (int step = 0; step < CHASE_STEPS; step++) {
            at = next[at];
        }
        place = at;
        sum += at;
    }

    private void allocate() {
        var objects = new HashMap<String, long[]>();
        for (int i = 0; i < OBJECTS; i++) {
            objects.put("key:" + i * 31, new long[] {i, sum, i * 17L});
        }
        for (int i = 0; i < OBJECTS; i++) {
            long[] found = objects.get("key:" + i * 31);
            sum += found == null ? 0 : found[2];
        }
    }
}
