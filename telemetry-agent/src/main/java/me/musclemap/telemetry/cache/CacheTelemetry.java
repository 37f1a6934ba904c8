package me.musclemap.telemetry.cache;

import io.micrometer.core.instrument.Counter;
import java.util.concurrent.ConcurrentHashMap;
import me.musclemap.telemetry.meters.BoundedNames;
import me.musclemap.telemetry.meters.Meters;

/**
 * Hits and misses by class of key. Safe for use by many threads.
 *
 * <p>A key class is what the code calls a family of keys ({@code exercises}, {@code leaderboard}); never a key, which may
 * hold a person's id.
 */
public final class CacheTelemetry {
    private static final int KEY_CLASSES_MAX = 50;

    private final Meters meters;
    private final BoundedNames keyClasses = new BoundedNames(KEY_CLASSES_MAX);
    private final ConcurrentHashMap<String, Counter> hits = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Counter> misses = new ConcurrentHashMap<>();

    /** Counts into {@code meters}. */
    public CacheTelemetry(Meters meters) {
        this.meters = meters;
    }

    /** A value was found. */
    public void hit(String keyClass) {
        counter(hits, keyClass, "hit").increment();
    }

    /** No value was found. */
    public void miss(String keyClass) {
        counter(misses, keyClass, "miss").increment();
    }

    private Counter counter(ConcurrentHashMap<String, Counter> counters, String keyClass, String result) {
        String name = keyClasses.bound(keyClass);
        Counter counter = counters.get(name);
        return counter != null
                ? counter
                : counters.computeIfAbsent(
                        name, n -> meters.counter("cache_requests_total", "cache_key_class", n, "result", result));
    }
}
