package me.musclemap.capacity.cache;

import java.util.Arrays;

/**
 * The keys of one cache whose entries expire a fixed time after they were put in: how many there are, and how unevenly they are
 * asked for. Rank i is asked for as {@code i^-zipf}; ranks far down are summed in groups. Immutable.
 *
 * <p>Source: {@link TtlCache} for each key; keys do not disturb each other where nothing is evicted for want of room.
 */
public final class KeyPopulation {
    private static final int SINGLE_MAX = 64;
    private static final double GROUP = 1.1;

    private final double[] share;
    private final double[] members;

    private KeyPopulation(double[] share, double[] members) {
        this.share = share;
        this.members = members;
    }

    /**
     * So many keys.
     *
     * @param keys above 0; a fraction stands for a last key that is seldom asked for
     * @throws IllegalArgumentException if one is out of its range
     */
    public static KeyPopulation of(double keys, double zipf) {
        if (!(keys > 0) || Double.isInfinite(keys) || !(zipf >= 0) || Double.isInfinite(zipf)) {
            throw new IllegalArgumentException(
                    "keys=" + keys + " zipf=" + zipf + ": give keys above 0 and an exponent that is not negative");
        }
        if (zipf == 0) {
            return new KeyPopulation(new double[] {1 / keys}, new double[] {keys});
        }
        double[] share = new double[SINGLE_MAX + 800];
        double[] members = new double[share.length];
        int groups = 0;
        double from = 0; // ranks up to here are in a group already
        while (from < keys) {
            double to = Math.min(keys, groups < SINGLE_MAX ? from + 1 : from * GROUP);
            members[groups] = to - from;
            share[groups++] = Math.pow((from + to + 1) / 2, -zipf);
            from = to;
        }
        double total = 0;
        for (int g = 0; g < groups; g++) {
            total += members[g] * share[g];
        }
        for (int g = 0; g < groups; g++) {
            share[g] /= total;
        }
        return new KeyPopulation(Arrays.copyOf(share, groups), Arrays.copyOf(members, groups));
    }

    /**
     * Share of the requests that are hits.
     *
     * @param requestsPerSecond of all keys together
     * @param ttlSeconds not negative; infinite for entries that stay
     */
    public double hitRatio(double requestsPerSecond, double ttlSeconds) {
        double hits = 0;
        for (int g = 0; g < share.length; g++) {
            hits += members[g] * share[g] * new TtlCache(requestsPerSecond * share[g], ttlSeconds).hitRatio();
        }
        return Math.min(1, hits);
    }

    /**
     * The same so many seconds after every entry was lost: a key misses until it is asked for again.
     *
     * @param sinceSeconds not negative
     */
    public double hitRatioAfterLoss(double requestsPerSecond, double ttlSeconds, double sinceSeconds) {
        double hits = 0;
        for (int g = 0; g < share.length; g++) {
            double perSecond = requestsPerSecond * share[g];
            double back = -Math.expm1(-perSecond * sinceSeconds);
            hits += members[g] * share[g] * back * new TtlCache(perSecond, ttlSeconds).hitRatio();
        }
        return Math.min(1, hits);
    }
}
