package me.musclemap.api.community;

import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScoredValue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is here, in sorted sets of Redis by the time of their last sign of life: one set for all and one a region, so that a
 * question costs a count a region and not a read a user.
 */
public final class Presence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
    private static final Duration ONLINE = Duration.ofMinutes(2);
    private static final Duration AWAY = Duration.ofMinutes(5);
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final int IDS_MAX = 100;
    private static final int PENDING_MAX = 100_000;
    private static final Duration FLUSH_EVERY = Duration.ofMillis(500);
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{2,16}");
    private static final String ALL = "presence:zset";
    private static final String REGIONS = "presence:regions";

    private final RedisStore redis;
    private final RedisCache cache;
    private final Database database;
    private final Clock clock;
    private final ConcurrentHashMap<String, Sign> pending = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "presence");
        thread.setDaemon(true);
        return thread;
    });

    /** What is known of a user since the last writing: where, and how long ago he was here; none when he has left. */
    private record Sign(String region, @Nullable Duration age) {
        static final Sign AWAY_NOW = new Sign("unknown", ONLINE.plusMillis(1));
        static final Sign LEFT = new Sign("unknown", null);
    }

    /** Presence in {@code redis}; {@code clock} is the data's time. */
    public Presence(RedisStore redis, RedisCache cache, Database database, Clock clock) {
        this.redis = redis;
        this.cache = cache;
        this.database = database;
        this.clock = clock;
        var unused = timer.scheduleWithFixedDelay(
                this::flushQuietly, FLUSH_EVERY.toMillis(), FLUSH_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * The user is here now. Signs of life are written together, twice a second: a heartbeat costs an entry in a map, and
     * Redis one command for all of them.
     */
    public void seen(String userId, String region) {
        sign(userId, new Sign(REGION.matcher(region).matches() ? region : "unknown", Duration.ZERO));
    }

    /** The user's client is here, he is not: as if he had last been seen just too long ago to be online. */
    public void away(String userId) {
        sign(userId, Sign.AWAY_NOW);
    }

    /** The user has left. */
    public void left(String userId) {
        sign(userId, Sign.LEFT);
    }

    private void sign(String userId, Sign sign) {
        if (pending.size() < PENDING_MAX || pending.containsKey(userId)) {
            pending.put(userId, sign);
        }
    }

    private void flush() {
        if (pending.isEmpty()) {
            return;
        }
        long now = clock.millis();
        var byRegion = new HashMap<String, List<ScoredValue<String>>>();
        var all = new ArrayList<ScoredValue<String>>();
        var notHere = new ArrayList<String>();
        for (String user : List.copyOf(pending.keySet())) {
            Sign sign = pending.remove(user);
            if (sign == null) {
                continue;
            }
            Duration age = sign.age();
            if (age != null) {
                all.add(ScoredValue.just((double) (now - age.toMillis()), user));
            }
            if (age != null && age.isZero()) {
                byRegion.computeIfAbsent(sign.region(), name -> new ArrayList<>())
                        .add(ScoredValue.just((double) now, user));
            } else {
                notHere.add(user);
            }
        }
        write(byRegion, all, notHere);
    }

    /** @param notHere those who are counted nowhere from now on; who of them are away is in {@code all} */
    private void write(
            Map<String, List<ScoredValue<String>>> byRegion, List<ScoredValue<String>> all, List<String> notHere) {
        redis.call("ZADD", commands -> {
            if (!notHere.isEmpty()) {
                String[] users = notHere.toArray(String[]::new);
                commands.smembers(REGIONS).forEach(region -> commands.zrem("presence:geo:" + region, users));
                commands.zrem(ALL, users);
            }
            byRegion.forEach((region, users) -> commands.zadd("presence:geo:" + region, scored(users)));
            if (!byRegion.isEmpty()) {
                commands.sadd(REGIONS, byRegion.keySet().toArray(String[]::new));
            }
            return all.isEmpty() ? 0L : commands.zadd(ALL, scored(all));
        });
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of a generic type cannot be made otherwise
    private static ScoredValue<String>[] scored(List<ScoredValue<String>> users) {
        return users.toArray(new ScoredValue[0]);
    }

    private void flushQuietly() {
        try {
            flush();
        } catch (RedisException e) {
            LOG.debug("presence is not written, the next heartbeats are", e); // a nicety
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Query.communityPresence. */
    public Object community() {
        try {
            return cache.shared("presence", "rt:presence:community", LIFE, this::count);
        } catch (RedisException e) {
            return Map.of("total", 0, "byGeoBucket", List.of(), "redisEnabled", false);
        }
    }

    private Object count() {
        flush();
        double oldest = clock.instant().minus(AWAY).toEpochMilli();
        var gone = Range.from(Range.Boundary.<Double>unbounded(), Range.Boundary.excluding(oldest));
        Range<Double> online = Range.from(
                Range.Boundary.including((double) clock.instant().minus(ONLINE).toEpochMilli()),
                Range.Boundary.unbounded());
        return redis.call("ZCOUNT", commands -> {
            commands.zremrangebyscore(ALL, gone);
            var regions = new ArrayList<Map<String, Object>>();
            for (String region : commands.smembers(REGIONS)) {
                commands.zremrangebyscore("presence:geo:" + region, gone);
                long count = commands.zcount("presence:geo:" + region, online);
                if (count > 0) {
                    regions.add(Map.of("geoBucket", region, "count", count));
                } else {
                    commands.del("presence:geo:" + region);
                    commands.srem(REGIONS, region);
                }
            }
            return Map.of("total", commands.zcount(ALL, online), "byGeoBucket", regions, "redisEnabled", true);
        });
    }

    /** Query.userPresence. */
    public Object users(Call call) {
        call.userId();
        List<String> ids = call.texts("userIds");
        if (ids.size() > IDS_MAX) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "userIds must not hold more than " + IDS_MAX);
        }
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, Instant> seen = lastSeen(ids);
        Instant now = clock.instant();
        var answer = new ArrayList<Map<String, @Nullable Object>>();
        for (String id : ids) {
            Instant last = seen.get(id);
            var one = new LinkedHashMap<String, @Nullable Object>();
            one.put("userId", id);
            one.put("status", last == null ? "offline" : status(Duration.between(last, now)));
            one.put("lastSeen", last);
            answer.add(one);
        }
        return answer;
    }

    private static String status(Duration silence) {
        return silence.compareTo(ONLINE) <= 0 ? "online" : silence.compareTo(AWAY) <= 0 ? "away" : "offline";
    }

    private Map<String, Instant> lastSeen(List<String> ids) {
        var seen = new LinkedHashMap<String, Instant>();
        try {
            List<Double> scores = redis.call("ZMSCORE", commands -> commands.zmscore(ALL, ids.toArray(String[]::new)));
            for (int i = 0; i < ids.size(); i++) {
                Double score = scores.get(i);
                if (score != null) {
                    seen.put(ids.get(i), Instant.ofEpochMilli(score.longValue()));
                }
            }
            ids.forEach(id -> {
                Sign sign = pending.get(id);
                if (sign != null && sign.age() == null) {
                    seen.remove(id);
                } else if (sign != null) {
                    seen.put(id, clock.instant().minus(sign.age()));
                }
            });
        } catch (RedisException e) {
            database.rows("user.last_active", "select id, last_active_at from users where id = any (?)", (Object)
                            ids.toArray(String[]::new))
                    .forEach(row -> {
                        if (row.get("last_active_at") instanceof Instant last) {
                            seen.put(String.valueOf(row.get("id")), last);
                        }
                    });
        }
        return seen;
    }
}
