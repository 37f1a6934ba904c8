package me.musclemap.api.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import me.musclemap.api.errors.ApiError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads whose answers many share and may be a little old: they go to the replicas in turn, and to the primary where there is
 * no replica, or while none answers. What a user just wrote is never read here. Safe for use by many threads.
 */
public final class Reading {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
    private static final long AWAY_NANOS = Duration.ofSeconds(5).toNanos();

    private final Statements primary;
    private final List<Statements> replicas;
    private final AtomicLongArray awayUntilNanos;
    private final AtomicInteger turn = new AtomicInteger();

    Reading(Statements primary, List<Statements> replicas) {
        this.primary = primary;
        this.replicas = List.copyOf(replicas);
        this.awayUntilNanos = new AtomicLongArray(replicas.size());
        for (int i = 0; i < replicas.size(); i++) {
            awayUntilNanos.set(i, System.nanoTime());
        }
    }

    /** All rows of {@code sql}. */
    public List<Map<String, @Nullable Object>> rows(String name, String sql, @Nullable Object... values) {
        for (int tried = 0; tried < replicas.size(); tried++) {
            int i = Math.floorMod(turn.getAndIncrement(), replicas.size());
            if (System.nanoTime() - awayUntilNanos.get(i) < 0) {
                continue;
            }
            try {
                return replicas.get(i).rows(name, sql, values);
            } catch (ApiError e) {
                if (e.code() != ApiError.Code.SERVICE_UNAVAILABLE) {
                    throw e;
                }
                awayUntilNanos.set(i, System.nanoTime() + AWAY_NANOS);
                LOG.warn("replica unavailable, the next one answers replica={}", i);
            }
        }
        return primary.rows(name, sql, values);
    }

    /** The first row of {@code sql}, if there is one. */
    public Optional<Map<String, @Nullable Object>> row(String name, String sql, @Nullable Object... values) {
        return rows(name, sql, values).stream().findFirst();
    }
}
