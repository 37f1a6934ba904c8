package me.musclemap.telemetry.meters;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the values of one label bounded: the first so many different names stay as they are, every later one becomes
 * {@value #OTHER}. Safe for use by many threads.
 */
public final class BoundedNames {
    /** What a name becomes that is not kept. */
    public static final String OTHER = "_OTHER";

    private final Set<String> kept = ConcurrentHashMap.newKeySet();
    private final int limit;

    /** Keeps at most {@code limit} names, in the order they come. */
    public BoundedNames(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit of names must be at least 1, was " + limit);
        }
        this.limit = limit;
    }

    /** The name itself, or {@value #OTHER} once the limit is reached. */
    public String bound(String name) {
        if (kept.contains(name)) {
            return name;
        }
        // Two threads may both pass the test at the limit: one name more is harmless, a lock on every request is not.
        if (kept.size() >= limit) {
            return OTHER;
        }
        kept.add(name);
        return name;
    }
}
