package me.musclemap.api.community;

import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/**
 * Who is here, in sorted sets of Redis by the time of their last sign of life: one set for all and one a region, so that a
 * question costs a count a region and not a read a user.
 */
public final class Presence {
    private static final Duration ONLINE = Duration.ofMinutes(2);
    private static final Duration AWAY = Duration.ofMinutes(5);
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final int IDS_MAX = 100;
    private static final String ALL = "presence:zset";
    private static final String REGIONS = "presence:regions";

    private final RedisStore redis;
    private final RedisCache cache;
    private final Database database;
    private final Clock clock;

    /** Presence in {@code redis}; {@code clock} is the data's time. */
    public Presence(RedisStore redis, RedisCache cache, Database database, Clock clock) {
        this.redis = redis;
        this.cache = cache;
        this.database = database;
        this.clock = clock;
    }

    /** The user is here now. Nothing is kept when Redis is away. */
    public void seen(String userId, String region) {
        double now = clock.millis();
        String bounded = region.matches("[a-z0-9-]{2,16}") ? region : "unknown";
        try {
            redis.call("ZADD", commands -> {
                commands.zadd(ALL, now, userId);
                commands.sadd(REGIONS, bounded);
                return commands.zadd("presence:geo:" + bounded, now, userId);
            });
        } catch (RedisException e) {
            return; // presence is a nicety: the next heartbeat tries again
        }
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
        double oldest = clock.instant().minus(AWAY).toEpochMilli();
        Range<Double> online = Range.from(
                Range.Boundary.including((double) clock.instant().minus(ONLINE).toEpochMilli()),
                Range.Boundary.unbounded());
        return redis.call("ZCOUNT", commands -> {
            commands.zremrangebyscore(ALL, Range.from(Range.Boundary.unbounded(), Range.Boundary.excluding(oldest)));
            var regions = new ArrayList<Map<String, Object>>();
            for (String region : commands.smembers(REGIONS)) {
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
