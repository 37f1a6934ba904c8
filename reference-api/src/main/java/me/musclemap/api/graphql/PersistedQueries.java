package me.musclemap.api.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import me.musclemap.api.cache.RedisStore;

/**
 * Automatic persisted queries: a client names a document by its sha256, and sends the text only when we do not know it. Kept
 * in Redis for a day so that all instances know it, and in this process. While Redis is away, what this process knows is
 * known, and clients send the text of the rest. Safe for use by many threads.
 */
final class PersistedQueries {
    private static final Duration LIFE = Duration.ofHours(24);
    private static final int NEAR_CHARS = 2_000_000;

    private final RedisStore redis;
    private final Registered registered;
    private final Cache<String, String> near = Caffeine.newBuilder()
            .maximumWeight(NEAR_CHARS)
            .weigher((String hash, String text) -> 200 + text.length())
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    PersistedQueries(RedisStore redis, Registered registered) {
        this.redis = redis;
        this.registered = registered;
    }

    /** The document with this sha256, if somebody sent it in the last day, or it is registered. */
    Optional<String> find(String hash) {
        String text = near.getIfPresent(hash);
        if (text != null) {
            return Optional.of(text);
        }
        Optional<String> shipped = registered.byHash(hash);
        Optional<String> found = shipped.isPresent() ? shipped : far(hash);
        found.ifPresent(document -> near.put(hash, document));
        return found;
    }

    private Optional<String> far(String hash) {
        try {
            return Optional.ofNullable(redis.call("GETEX", commands -> {
                var extended = io.lettuce.core.GetExArgs.Builder.ex(LIFE);
                return commands.getex(key(hash), extended);
            }));
        } catch (RedisException e) {
            return Optional.empty(); // the client sends the text
        }
    }

    /** Remembers a good document. */
    void keep(String hash, String text) {
        if (near.getIfPresent(hash) != null) {
            return;
        }
        near.put(hash, text);
        try {
            redis.call("SET", commands -> commands.set(key(hash), text, SetArgs.Builder.ex(LIFE)));
        } catch (RedisException e) {
            return; // known here; other instances will ask for it
        }
    }

    private static String key(String hash) {
        return "gql:apq:" + hash;
    }

    /** The sha256 of the text, lower-case hexadecimal. */
    static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
