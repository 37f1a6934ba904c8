package me.musclemap.api.accounts;

import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.limits.SecurityEvents;

/**
 * Refresh tokens: 256 random bits, good for seven days and for one use, kept as hashes in Redis. Each use gives the next
 * token of its family; a token that is used twice was stolen from one of the two, so its whole family ends. Safe for use by
 * many threads.
 */
public final class RefreshTokens {
    /** How long a token that is not used stays good. */
    public static final Duration LIFE = Duration.ofDays(7);

    /**
     * Keys: the token, its mark of use, the next token. Values: the next token's hash, lives in seconds. A token that was used
     * ends its family. All in one step, so that of two who use a token at once one is refused and both lose it.
     */
    private static final String RENEW = """
            local owner = redis.call('getdel', KEYS[1])
            if not owner then
                local family = redis.call('get', KEYS[2])
                if family then redis.call('del', 'refresh:family:' .. family) return {'reused', ''} end
                return {'unknown', ''}
            end
            local colon = string.find(owner, ':', 1, true)
            local family = string.sub(owner, 1, colon - 1)
            local user = string.sub(owner, colon + 1)
            redis.call('set', KEYS[2], family, 'ex', ARGV[1])
            if redis.call('expire', 'refresh:family:' .. family, ARGV[1]) == 0 then return {'revoked', ''} end
            redis.call('expire', 'refresh:user:' .. user, ARGV[1])
            redis.call('set', KEYS[3], owner, 'ex', ARGV[1])
            return {'good', user}
            """;

    /** Keys: the token's family, the user's families, the first token. Values: user, family, life in seconds. */
    private static final String BEGIN = """
            redis.call('set', KEYS[1], ARGV[1], 'ex', ARGV[3])
            redis.call('sadd', KEYS[2], ARGV[2])
            redis.call('expire', KEYS[2], ARGV[3])
            redis.call('set', KEYS[3], ARGV[2] .. ':' .. ARGV[1], 'ex', ARGV[3])
            return 1
            """;

    private static final String REVOKE = """
            local owner = redis.call('getdel', KEYS[1])
            if not owner then return 0 end
            local colon = string.find(owner, ':', 1, true)
            local family = string.sub(owner, 1, colon - 1)
            redis.call('srem', 'refresh:user:' .. string.sub(owner, colon + 1), family)
            return redis.call('del', 'refresh:family:' .. family)
            """;

    private static final String REVOKE_ALL = """
            local families = redis.call('smembers', KEYS[1])
            for _, family in ipairs(families) do redis.call('del', 'refresh:family:' .. family) end
            redis.call('del', KEYS[1])
            return #families
            """;

    private static final String LIFE_SECONDS = Long.toString(LIFE.toSeconds());

    private final RedisStore redis;
    private final SecurityEvents events;
    private final SecureRandom random = new SecureRandom();

    /** Keeps tokens in {@code redis}. */
    public RefreshTokens(RedisStore redis, SecurityEvents events) {
        this.redis = redis;
        this.events = events;
    }

    /** A next token of a user. */
    public record Renewed(String userId, String token) {}

    /** The first token of a new family; none when Redis is away: the login then has to be repeated in 15 minutes. */
    public Optional<String> first(String userId) {
        byte[] bits = new byte[12];
        random.nextBytes(bits);
        String family = HexFormat.of().formatHex(bits);
        String token = fresh();
        String[] keys = {"refresh:family:" + family, "refresh:user:" + userId, "refresh:" + hash(token)};
        try {
            redis.call(
                    "EVAL",
                    commands ->
                            commands.<Long>eval(BEGIN, ScriptOutputType.INTEGER, keys, userId, family, LIFE_SECONDS));
            return Optional.of(token);
        } catch (RedisException e) {
            return Optional.empty();
        }
    }

    /** Whose {@code token} is; it stays good. @throws ApiError when it is not good, or Redis is away */
    public String owner(String token) {
        Optional<String> owner;
        try {
            owner = redis.insist("MGET", commands -> commands.mget("refresh:" + hash(token)))
                    .get(0)
                    .optional();
        } catch (RedisException e) {
            throw new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "Sessions cannot be renewed now, try again");
        }
        // One that is not there is refused, and one that was used before ends its family.
        return owner.map(it -> it.substring(it.indexOf(':') + 1))
                .orElseGet(() -> renew(token).userId());
    }

    /** Uses {@code token} up. @throws ApiError when it is not good, or Redis is away */
    public Renewed renew(String token) {
        String hash = hash(token);
        String next = fresh();
        String[] keys = {"refresh:" + hash, "refresh:used:" + hash, "refresh:" + hash(next)};
        List<String> outcome;
        try {
            outcome = redis.insist(
                    "EVAL", commands -> commands.<List<String>>eval(RENEW, ScriptOutputType.MULTI, keys, LIFE_SECONDS));
        } catch (RedisException e) {
            throw new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "Sessions cannot be renewed now, try again");
        }
        switch (outcome.get(0)) {
            case "good" -> {
                return new Renewed(outcome.get(1), next);
            }
            case "reused" -> events.happened(SecurityEvents.Kind.TOKEN_REUSED);
            default -> {}
        }
        throw new ApiError(ApiError.Code.UNAUTHENTICATED, "The refresh token is not valid: log in again");
    }

    /** Ends the family of {@code token}. */
    public void revoke(String token) {
        evaluate(REVOKE, "refresh:" + hash(token));
    }

    /** Ends all families of the user. */
    public void revokeAll(String userId) {
        evaluate(REVOKE_ALL, "refresh:user:" + userId);
    }

    private void evaluate(String script, String key) {
        try {
            redis.insist("EVAL", commands -> commands.<Long>eval(script, ScriptOutputType.INTEGER, new String[] {key}));
        } catch (RedisException e) {
            throw new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "Sessions cannot be ended now, try again");
        }
    }

    private String fresh() {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
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
