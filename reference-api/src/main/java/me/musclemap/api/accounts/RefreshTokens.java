package me.musclemap.api.accounts;

import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.errors.ApiError;

/**
 * Refresh tokens: 256 random bits, good for seven days and for one use, kept as hashes in Redis. Each use gives the next
 * token of its family; a token that is used twice was stolen from one of the two, so its whole family ends. Safe for use by
 * many threads.
 */
public final class RefreshTokens {
    /** How long a token that is not used stays good. */
    public static final Duration LIFE = Duration.ofDays(7);

    private final RedisStore redis;
    private final SecureRandom random = new SecureRandom();

    /** Keeps tokens in {@code redis}. */
    public RefreshTokens(RedisStore redis) {
        this.redis = redis;
    }

    /** A next token of a user. */
    public record Renewed(String userId, String token) {}

    /** The first token of a new family; none when Redis is away: the login then has to be repeated in 15 minutes. */
    public Optional<String> first(String userId) {
        byte[] family = new byte[12];
        random.nextBytes(family);
        try {
            return Optional.of(next(userId, HexFormat.of().formatHex(family)));
        } catch (RedisException e) {
            return Optional.empty();
        }
    }

    /** Uses {@code token} up. @throws ApiError when it is not good, or Redis is away */
    public Renewed renew(String token) {
        String hash = hash(token);
        try {
            String owner = redis.call("GETDEL", commands -> commands.getdel("refresh:" + hash));
            if (owner == null) {
                endFamilyOfUsed(hash);
                throw new ApiError(ApiError.Code.UNAUTHENTICATED, "The refresh token is not valid: log in again");
            }
            int colon = owner.indexOf(':');
            String family = owner.substring(0, colon);
            String userId = owner.substring(colon + 1);
            redis.call("SET", commands -> commands.set("refresh:used:" + hash, family, SetArgs.Builder.ex(LIFE)));
            if (redis.call("EXISTS", commands -> commands.exists("refresh:family:" + family)) == 0) {
                throw new ApiError(ApiError.Code.UNAUTHENTICATED, "The refresh token was revoked: log in again");
            }
            return new Renewed(userId, next(userId, family));
        } catch (RedisException e) {
            throw new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "Sessions cannot be renewed now, try again");
        }
    }

    /** Ends the family of {@code token}. */
    public void revoke(String token) {
        try {
            String owner = redis.call("GETDEL", commands -> commands.getdel("refresh:" + hash(token)));
            if (owner != null) {
                String family = owner.substring(0, owner.indexOf(':'));
                redis.call("DEL", commands -> commands.del("refresh:family:" + family));
            }
        } catch (RedisException e) {
            throw new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "Sessions cannot be ended now, try again");
        }
    }

    private void endFamilyOfUsed(String hash) {
        String family = redis.call("GET", commands -> commands.get("refresh:used:" + hash));
        if (family != null) {
            redis.call("DEL", commands -> commands.del("refresh:family:" + family));
        }
    }

    private String next(String userId, String family) {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        redis.call("SET", commands -> {
            commands.set("refresh:family:" + family, userId, SetArgs.Builder.ex(LIFE));
            return commands.set("refresh:" + hash(token), family + ":" + userId, SetArgs.Builder.ex(LIFE));
        });
        return token;
    }

    private static String hash(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
