package me.musclemap.api.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.api.cache.RedisRound;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.cache.Script;
import me.musclemap.api.errors.ApiError;
import me.musclemap.telemetry.business.BusinessTelemetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often somebody may ask. Counts live in Redis, so they are exact over all instances; one script in one round trip counts
 * whatever a request counts against. A window begins with its first request.
 *
 * <p>While Redis is away each instance counts for itself: the limits hold on each instance, and nobody is locked out.
 * A program on this machine that no proxy speaks for is not limited. Safe for use by many threads.
 */
public final class RateLimits {
    private static final Logger LOG = LoggerFactory.getLogger(RateLimits.class);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long AWAY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int COUNTED_HERE_MAX = 100_000;

    private static final Script COUNT =
            Script.of("local out = {} for i = 1, #KEYS do local n = redis.call('incrby', KEYS[i], ARGV[2 * i - 1]) "
                    + "local ttl = redis.call('pttl', KEYS[i]) "
                    + "if ttl < 0 then ttl = tonumber(ARGV[2 * i]) redis.call('pexpire', KEYS[i], ttl) end "
                    + "out[2 * i - 1] = n out[2 * i] = ttl end return out");

    /** What somebody is allowed in a minute. */
    private enum Tier {
        ANONYMOUS(60, 60),
        AUTHENTICATED(1_000, 100),
        PREMIUM(5_000, 500);

        private final int requests;
        private final int mutations;

        Tier(int requests, int mutations) {
            this.requests = requests;
            this.mutations = mutations;
        }
    }

    private static final int LOGINS = 10;
    private static final int SIGNUPS = 5;

    private final RedisStore redis;
    private final boolean on;
    private final BusinessTelemetry telemetry;
    private final SecurityEvents events;
    private final Cache<String, Window> here = Caffeine.newBuilder()
            .maximumSize(COUNTED_HERE_MAX)
            .expireAfterWrite(HOUR)
            .build();
    private volatile long awayUntilNanos = System.nanoTime();

    /** Limits counted in {@code redis}; when they are not {@code on}, everybody may. */
    public RateLimits(RedisStore redis, boolean on, BusinessTelemetry telemetry, SecurityEvents events) {
        this.redis = redis;
        this.on = on;
        this.telemetry = telemetry;
        this.events = events;
    }

    /**
     * What somebody is told.
     *
     * @param limit how many in the window
     * @param remaining how many are left
     * @param resetSeconds until the window ends
     * @param allowed false for one too many
     */
    public record Standing(long limit, long remaining, long resetSeconds, boolean allowed) {
        static final Standing UNLIMITED = new Standing(0, 0, 0, true);

        /** Whether there is a limit to tell of. */
        public boolean isLimited() {
            return limit > 0;
        }
    }

    private record Charge(String key, int max, Duration window, int count) {}

    private record Window(int count, long endMillis) {}

    /**
     * Counts requests, some of which change something. The standing is that of the limit that was hit, else that of all requests.
     *
     * @param round in which Redis is asked, with whatever else the request wants of it
     */
    public Standing requests(Caller caller, int requests, int mutations, RedisRound round) {
        if (!on || caller.address().isEmpty() || requests + mutations == 0) {
            return Standing.UNLIMITED;
        }
        Tier tier = caller.viewer().userId().isEmpty()
                ? Tier.ANONYMOUS
                : caller.viewer().premium() ? Tier.PREMIUM : Tier.AUTHENTICATED;
        String who = caller.viewer().userId().orElseGet(() -> caller.address().orElseThrow());
        var charges = new ArrayList<Charge>(2);
        charges.add(new Charge("limit:{" + who + "}", tier.requests, MINUTE, requests));
        if (mutations > 0) {
            charges.add(new Charge("limit:{" + who + "}:mutations", tier.mutations, MINUTE, mutations));
        }
        Standing standing = count(charges, round);
        if (!standing.allowed()) {
            telemetry.rateLimited();
            events.happened(SecurityEvents.Kind.RATE_LIMIT);
        }
        return standing;
    }

    /** Counts an attempt to log in. @throws ApiError for one too many */
    public void login(Caller caller) {
        require(caller, "login", LOGINS, MINUTE, SecurityEvents.Kind.LOGIN_LIMIT);
    }

    /** Counts a sign-up. @throws ApiError for one too many */
    public void signup(Caller caller) {
        require(caller, "signup", SIGNUPS, HOUR, SecurityEvents.Kind.SIGNUP_LIMIT);
    }

    private void require(Caller caller, String what, int max, Duration window, SecurityEvents.Kind event) {
        if (!on || caller.address().isEmpty()) {
            return;
        }
        String key = "limit:{" + caller.address().get() + "}:" + what;
        Standing standing = count(List.of(new Charge(key, max, window, 1)), redis.round());
        if (!standing.allowed()) {
            telemetry.rateLimited();
            events.happened(event);
            throw ApiError.tooMany(standing.resetSeconds());
        }
    }

    private Standing count(List<Charge> charges, RedisRound round) {
        List<Long> counts = counts(charges, round);
        Standing first = standing(charges.get(0), counts, 0);
        for (int i = 0; i < charges.size(); i++) {
            Standing one = i == 0 ? first : standing(charges.get(i), counts, i);
            if (!one.allowed()) {
                return one;
            }
        }
        return first;
    }

    private static Standing standing(Charge charge, List<Long> counts, int i) {
        long count = counts.get(2 * i);
        long seconds = Math.max(1, (counts.get(2 * i + 1) + 999) / 1_000);
        return new Standing(charge.max, Math.max(0, charge.max - count), seconds, count <= charge.max);
    }

    private List<Long> counts(List<Charge> charges, RedisRound round) {
        if (System.nanoTime() - awayUntilNanos < 0) {
            return countedHere(charges);
        }
        String[] keys = new String[charges.size()];
        String[] values = new String[2 * charges.size()];
        for (int i = 0; i < keys.length; i++) {
            Charge charge = charges.get(i);
            keys[i] = charge.key;
            values[2 * i] = Integer.toString(charge.count);
            values[2 * i + 1] = Long.toString(charge.window.toMillis());
        }
        try {
            return round.numbers(COUNT, keys, values);
        } catch (RedisException e) {
            awayUntilNanos = System.nanoTime() + AWAY_NANOS;
            LOG.debug("limits are counted in this process", e);
            return countedHere(charges);
        }
    }

    private List<Long> countedHere(List<Charge> charges) {
        long now = System.currentTimeMillis();
        var counts = new ArrayList<Long>(2 * charges.size());
        for (Charge charge : charges) {
            Window window = here.asMap()
                    .compute(
                            charge.key,
                            (key, old) -> old == null || old.endMillis <= now
                                    ? new Window(charge.count, now + charge.window.toMillis())
                                    : new Window(old.count + charge.count, old.endMillis));
            counts.add((long) window.count);
            counts.add(window.endMillis - now);
        }
        return counts;
    }
}
