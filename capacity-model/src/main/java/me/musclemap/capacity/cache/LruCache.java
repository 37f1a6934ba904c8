package me.musclemap.capacity.cache;

/**
 * The hit ratio of a least-recently-used cache under independent requests of Zipf popularity.
 *
 * <p>Source: H. Che, Y. Tung and Z. Wang 2002: an item stays for a characteristic time T, the root of
 * {@code sum_i 1 - exp(-p_i T) = capacity}; T is in requests. Items far down the ranking are summed in groups of nearly equal
 * popularity. Immutable.
 *
 * @param hitRatio share of requests that are hits
 * @param characteristicRequests T, in requests; infinite where everything fits
 */
public record LruCache(double hitRatio, double characteristicRequests) {
    private static final long SINGLE_MAX = 2_000_000;

    /**
     * A cache of {@code capacity} of {@code items} items, of which rank i is asked for as {@code i^-zipf}.
     *
     * @throws IllegalArgumentException if a number is negative or not finite, or there are no items
     */
    public static LruCache of(long items, double zipf, double capacity) {
        if (items < 1 || !(zipf >= 0) || Double.isInfinite(zipf) || !(capacity >= 0) || Double.isInfinite(capacity)) {
            throw new IllegalArgumentException("items=" + items + " zipf=" + zipf + " capacity=" + capacity
                    + ": give at least one item and finite numbers that are not negative");
        }
        if (capacity >= items) {
            return new LruCache(1, Double.POSITIVE_INFINITY);
        }
        if (capacity == 0) {
            return new LruCache(0, 0);
        }
        Ranking ranking = new Ranking(items, zipf);
        double time = ranking.characteristicTime(capacity);
        return new LruCache(ranking.hitRatio(time), time);
    }

    /** Popularities, grouped beyond the first ranks. */
    private static final class Ranking {
        private final double[] popularity;
        private final double[] members;

        Ranking(long items, double zipf) {
            int single = (int) Math.min(items, SINGLE_MAX);
            int groups = single;
            for (long rank = single + 1L; rank <= items; rank += width(rank)) {
                groups++;
            }
            popularity = new double[groups];
            members = new double[groups];
            for (int i = 0; i < single; i++) {
                popularity[i] = Math.pow(i + 1.0, -zipf);
                members[i] = 1;
            }
            int group = single;
            for (long rank = single + 1L; rank <= items; rank += width(rank)) {
                long last = Math.min(items, rank + width(rank) - 1);
                popularity[group] = Math.pow((rank + last) / 2.0, -zipf);
                members[group++] = last - rank + 1;
            }
            double total = 0;
            for (int i = groups - 1; i >= 0; i--) {
                total += members[i] * popularity[i];
            }
            for (int i = 0; i < groups; i++) {
                popularity[i] /= total;
            }
        }

        /** A group spans a ten-thousandth of its rank: its popularities differ by as little. */
        private static long width(long rank) {
            return Math.max(1, rank / 10_000);
        }

        double characteristicTime(double capacity) {
            double high = Math.max(1, capacity);
            while (held(high) < capacity) {
                high *= 2;
                if (Double.isInfinite(high)) {
                    return high;
                }
            }
            // held is concave and rising, so Newton from below climbs to the root without passing it
            double time = 0;
            for (int round = 0; round < 200; round++) {
                double missing = capacity - held(time);
                double next = time + missing / rate(time);
                if (!(next > time * (1 + 1e-14)) || next > high) {
                    return Math.min(Math.max(time, next), high);
                }
                time = next;
            }
            return time;
        }

        private double held(double time) {
            double sum = 0;
            for (int i = popularity.length - 1; i >= 0; i--) {
                sum -= members[i] * Math.expm1(-popularity[i] * time);
            }
            return sum;
        }

        private double rate(double time) {
            double sum = 0;
            for (int i = popularity.length - 1; i >= 0; i--) {
                sum += members[i] * popularity[i] * Math.exp(-popularity[i] * time);
            }
            return sum;
        }

        double hitRatio(double time) {
            double sum = 0;
            for (int i = popularity.length - 1; i >= 0; i--) {
                sum -= members[i] * popularity[i] * Math.expm1(-popularity[i] * time);
            }
            return sum;
        }
    }
}
