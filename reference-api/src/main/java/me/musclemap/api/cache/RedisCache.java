package me.musclemap.api.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import me.musclemap.telemetry.cache.CacheTelemetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values that are dear to make: looked for in this process, then in Redis, then made, once for all who wait in this
 * process. When Redis is away, values are made each time they are not in this process. Safe for use by many threads.
 *
 * <p>Values are what JSON can hold: maps, lists, texts, numbers. They must not be changed by those who get them.
 */
public final class RedisCache {
    private static final Logger LOG = LoggerFactory.getLogger(RedisCache.class);
    private static final Duration NEAR_MAX = Duration.ofSeconds(5);
    private static final int NEAR_ENTRIES = 500;

    private final RedisStore redis;
    private final CacheTelemetry telemetry;
    private final ObjectMapper json;
    private final com.github.benmanes.caffeine.cache.Cache<String, Object> near = Caffeine.newBuilder()
            .maximumSize(NEAR_ENTRIES)
            .expireAfterWrite(NEAR_MAX)
            .build();
    private final ConcurrentHashMap<String, CompletableFuture<Object>> making = new ConcurrentHashMap<>();

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
        value = single(key, () -> farOrMade(keyClass, key, life, maker));
        near.put(key, value);
        return value;
    }

    /** A value of one user: kept in Redis only, because another instance may drop it. */
    public Object own(String keyClass, String key, Duration life, Supplier<Object> maker) {
        return farOrMade(keyClass, key, life, maker);
    }

    /** Drops what was changed. */
    public void drop(String... keys) {
        for (String key : keys) {
            near.invalidate(key);
        }
        try {
            redis.commands().del(keys);
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

    private Object farOrMade(String keyClass, String key, Duration life, Supplier<Object> maker) {
        Optional<Object> found = far(key);
        if (found.isPresent()) {
            telemetry.hit(keyClass);
            return found.get();
        }
        telemetry.miss(keyClass);
        Object value = maker.get();
        try {
            redis.write(key, json.writeValueAsBytes(value), life);
        } catch (RedisException e) {
            LOG.debug("cannot cache", e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the value of " + keyClass + " is not JSON", e);
        }
        return value;
    }

    private Optional<Object> far(String key) {
        try {
            byte[] bytes = redis.read(key);
            return bytes == null ? Optional.empty() : Optional.of(json.readValue(bytes, Object.class));
        } catch (RedisException e) {
            return Optional.empty(); // counted as a miss; health says that Redis is away
        } catch (IOException e) {
            LOG.warn("a cached value is not JSON and is made again key={}", key);
            return Optional.empty();
        }
    }
}
