package me.musclemap.api.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import me.musclemap.telemetry.cache.CacheTelemetry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values that are dear to make: looked for in this process, then in Redis, then made, once for all who wait. When Redis is
 * away, values are made each time they are not in this process. Safe for use by many threads.
 *
 * <p>Who makes a value holds a lease on its key in Redis. Others who want the same shared value wait a moment for it, also in
 * other instances; and a value is only written while its lease stands. Dropping a key ends its lease, so what was read from
 * the database before a change is never kept after it.
 *
 * <p>Values are what JSON can hold: maps, lists, texts, numbers. They must not be changed by those who get them.
 */
public final class RedisCache {
    private static final Logger LOG = LoggerFactory.getLogger(RedisCache.class);
    private static final Duration NEAR_MAX = Duration.ofSeconds(5);
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration OTHERS_PATIENCE = Duration.ofMillis(600);
    private static final Duration OTHERS_PAUSE = Duration.ofMillis(15);
    private static final int NEAR_ENTRIES = 500;

    private final RedisStore redis;
    private final CacheTelemetry telemetry;
    private final ObjectMapper json;
    private final Cache<String, Object> near = Caffeine.newBuilder()
            .maximumSize(NEAR_ENTRIES)
            .expireAfterWrite(NEAR_MAX)
            .build();
    private final Cache<String, Written> bodies =
            Caffeine.newBuilder().maximumSize(NEAR_ENTRIES).build();
    private final ConcurrentHashMap<String, CompletableFuture<Object>> making = new ConcurrentHashMap<>();

    /** The answer that was written of a value. */
    private record Written(Object value, Body body) {}

    /** Caches in {@code redis}; {@code json} writes and reads the values. */
    public RedisCache(RedisStore redis, CacheTelemetry telemetry, ObjectMapper json) {
        this.redis = redis;
        this.telemetry = telemetry;
        this.json = json;
    }

    /**
     * A value that all users share.
     *
     * @param keyClass the family of the key, for the counters
     */
    public Object shared(String keyClass, String key, Duration life, Supplier<Object> maker) {
        Object value = near.getIfPresent(key);
        if (value != null) {
            telemetry.hit(keyClass);
            return value;
        }
        return single(key, () -> {
            Object fetched = fetch(keyClass, key, life, maker, true);
            near.put(key, fetched);
            return fetched;
        });
    }

    /** A value of one user: kept in Redis only, because another instance may drop it. */
    public Object own(String keyClass, String key, Duration life, Supplier<Object> maker) {
        return own(keyClass, key, life, redis.round(), maker);
    }

    /** The same, read in {@code round}, which may have asked for it already. */
    public Object own(String keyClass, String key, Duration life, RedisRound round, Supplier<Object> maker) {
        Object found = far(key, round);
        if (found != null) {
            telemetry.hit(keyClass);
            return found;
        }
        return single(key, () -> fetch(keyClass, key, life, maker, false));
    }

    /** {@code {"data": value}} as an answer, written once for as long as {@code value} is the one that this process keeps. */
    public Body body(String key, Object value) {
        Written written = bodies.getIfPresent(key);
        if (written != null && written.value == value) {
            return written.body;
        }
        try {
            var body = new Body(json.writeValueAsBytes(Map.of("data", value)));
            bodies.put(key, new Written(value, body));
            return body;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the value of " + key + " is not JSON", e);
        }
    }

    /** Drops what was changed. */
    public void drop(String... keys) {
        for (String key : keys) {
            near.invalidate(key);
        }
        try {
            redis.drop(keys);
        } catch (RedisException e) {
            LOG.debug("cannot drop cached values", e); // Redis is away, and with it what it held
        }
    }

    private Object single(String key, Supplier<Object> maker) {
        var ours = new CompletableFuture<Object>();
        CompletableFuture<Object> theirs = making.putIfAbsent(key, ours);
        if (theirs != null) {
            try {
                return theirs.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        }
        try {
            Object value = maker.get();
            ours.complete(value);
            return value;
        } catch (RuntimeException | Error e) {
            ours.completeExceptionally(e);
            throw e;
        } finally {
            making.remove(key, ours);
        }
    }

    private Object fetch(String keyClass, String key, Duration life, Supplier<Object> maker, boolean waits) {
        Object found = far(key);
        if (found != null) {
            telemetry.hit(keyClass);
            return found;
        }
        Optional<RedisStore.Lease> lease = lease(key);
        if (lease.isPresent() && !lease.get().ours() && waits) {
            Object others = awaitOthers(key);
            if (others != null) {
                telemetry.hit(keyClass);
                return others;
            }
        }
        telemetry.miss(keyClass);
        return made(keyClass, life, maker, lease);
    }

    private Object made(String keyClass, Duration life, Supplier<Object> maker, Optional<RedisStore.Lease> lease) {
        Object value;
        try {
            value = maker.get();
        } catch (RuntimeException e) {
            lease.filter(RedisStore.Lease::ours).ifPresent(this::end);
            throw e;
        }
        if (lease.isPresent() && lease.get().ours()) {
            try {
                redis.write(lease.get(), json.writeValueAsBytes(value), life);
            } catch (RedisException e) {
                LOG.debug("cannot cache", e);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the value of " + keyClass + " is not JSON", e);
            }
        }
        return value;
    }

    /** Empty when Redis is away. */
    private Optional<RedisStore.Lease> lease(String key) {
        try {
            return Optional.of(redis.lease(key, LEASE));
        } catch (RedisException e) {
            return Optional.empty();
        }
    }

    private void end(RedisStore.Lease lease) {
        try {
            redis.end(lease);
        } catch (RedisException e) {
            LOG.debug("cannot end a lease, it ends by itself", e);
        }
    }

    private @Nullable Object awaitOthers(String key) {
        long until = System.nanoTime() + OTHERS_PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            try {
                Thread.sleep(OTHERS_PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
            Object found = far(key);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Object far(String key) {
        return far(key, redis.round());
    }

    private @Nullable Object far(String key, RedisRound round) {
        try {
            byte[] bytes = round.read(key);
            return bytes == null ? null : json.readValue(bytes, Object.class);
        } catch (RedisException e) {
            return null; // counted as a miss; health says that Redis is away
        } catch (IOException e) {
            LOG.warn("a cached value is not JSON and is made again key={}", key);
            return null;
        }
    }
}
