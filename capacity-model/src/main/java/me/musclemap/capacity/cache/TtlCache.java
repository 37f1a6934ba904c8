package me.musclemap.capacity.cache;

/**
 * One key of a cache whose entries expire a fixed time after they were put in, under Poisson requests.
 *
 * <p>Source: renewal argument: each miss is followed by {@code rate * ttl} hits on average. The ratio rises with the
 * traffic of the key, and falls when the traffic is spread over more caches.
 *
 * @param requestsPerSecond of this key at this cache, finite and not negative
 * @param ttlSeconds time to live, not negative; infinite for an entry that stays
 */
public record TtlCache(double requestsPerSecond, double ttlSeconds) {
    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if one is negative, or the rate is not finite
     */
    public TtlCache {
        if (!(requestsPerSecond >= 0) || !(ttlSeconds >= 0) || Double.isInfinite(requestsPerSecond)) {
            throw new IllegalArgumentException("rate=" + requestsPerSecond + "/s ttl=" + ttlSeconds
                    + " s: give a finite rate and a time to live, neither of them negative");
        }
    }

    /** Share of requests that are hits. */
    public double hitRatio() {
        double perLife = requestsPerSecond == 0 ? 0 : requestsPerSecond * ttlSeconds;
        return Double.isInfinite(perLife) ? 1 : perLife / (1 + perLife);
    }

    /** Misses per second. */
    public double missesPerSecond() {
        return requestsPerSecond == 0 ? 0 : requestsPerSecond / (1 + requestsPerSecond * ttlSeconds);
    }
}
