package me.musclemap.api.leaderboards;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** Rankings by statistic (from the materialised view) and by what was done in a window of time. */
public final class Leaderboards {
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final List<String> STATS =
            List.of("strength", "endurance", "dexterity", "constitution", "power", "vitality");
    private static final List<String> SCOPES = List.of("global", "country", "state", "city");

    private final Database database;
    private final RedisCache cache;
    private final Clock clock;

    /** Rankings of {@code database}; {@code clock} is the data's time. */
    public Leaderboards(Database database, RedisCache cache, Clock clock) {
        this.database = database;
        this.cache = cache;
        this.clock = clock;
    }

    /** Query.statLeaderboard. */
    public Object byStat(Call call) {
        String stat = oneOf("stat", call.text("stat", "vitality"), STATS);
        String scope = oneOf("scope", call.text("scope", "global"), SCOPES);
        String place = call.text("scopeValue", "");
        int limit = call.number("limit", 20, 1, 100);
        int after = call.number("afterRank", 0, 0, 10_000_000);
        String key = "agg:leaderboard:stat:"
                + String.join(":", stat, scope, place, Integer.toString(limit), Integer.toString(after));
        return cache.shared("leaderboard", key, LIFE, () -> {
            List<Map<String, @Nullable Object>> entries =
                    scope.equals("global") ? global(stat, limit, after) : local(stat, scope, place, limit, after);
            var result = new LinkedHashMap<String, @Nullable Object>();
            result.put("entries", entries);
            result.put("total", total(scope, place));
            result.put(
                    "nextCursor",
                    entries.size() < limit
                            ? null
                            : entries.get(entries.size() - 1).get("rank"));
            return result;
        });
    }

    /** Query.leaderboards: the first hundred by experience. */
    public Object byExperience(Call call) {
        return cache.shared(
                "leaderboard",
                "agg:leaderboard:xp",
                LIFE,
                () -> database.reading()
                        .rows(
                                "leaderboard.xp",
                                "select global_xp_rank::int as \"rank\", user_id as \"userId\", username, avatar_url as \"avatar\", "
                                        + "1 + total_xp / 1000 as \"level\", total_xp as \"xp\", 'xp' as \"stat\", total_xp as \"value\" "
                                        + "from mv_xp_rankings_v2 order by global_xp_rank, user_id limit 100"));
    }

    private List<Map<String, @Nullable Object>> global(String stat, int limit, int after) {
        return database.reading()
                .rows(
                        "leaderboard.stat",
                        "select " + entry(stat) + ", rank_" + stat
                                + " as \"rank\" from mv_leaderboard_global where rank_" + stat + " > ? order by rank_"
                                + stat + ", user_id limit ?",
                        after,
                        limit);
    }

    private List<Map<String, @Nullable Object>> local(String stat, String scope, String place, int limit, int after) {
        return database.reading()
                .rows(
                        "leaderboard.stat_local",
                        "select * from (select " + entry(stat) + ", dense_rank() over (order by " + stat
                                + " desc) as \"rank\" "
                                + "from mv_leaderboard_global where " + scope
                                + " = ?) ranked where \"rank\" > ? order by \"rank\", \"userId\" limit ?",
                        place,
                        after,
                        limit);
    }

    private static String entry(String stat) {
        return "user_id as \"userId\", username, avatar_url as \"avatarUrl\", " + stat
                + " as \"statValue\", gender, country, state, city";
    }

    private long total(String scope, String place) {
        Object total = cache.shared("leaderboard", "agg:leaderboard:total:" + scope + ":" + place, LIFE, () -> {
            String where = scope.equals("global") ? "" : " where " + scope + " = ?";
            Object[] values = scope.equals("global") ? new Object[0] : new Object[] {place};
            return number(database.reading()
                    .rows("leaderboard.total", "select count(*) as n from mv_leaderboard_global" + where, values)
                    .get(0)
                    .get("n"));
        });
        return number(total);
    }

    /** A user's place in each statistic: statistic → scope → rank, total and percentile. Empty for who takes no part. */
    public Map<String, Object> rankings(String userId) {
        Map<String, @Nullable Object> row = database.reading()
                .row("leaderboard.own", "select * from mv_leaderboard_global where user_id = ?", userId)
                .orElse(Map.of());
        var rankings = new LinkedHashMap<String, Object>();
        if (row.isEmpty()) {
            return rankings;
        }
        String country = row.get("country") instanceof String name ? name : "";
        for (String stat : STATS) {
            var scopes = new LinkedHashMap<String, Object>();
            scopes.put("global", place(number(row.get("rank_" + stat)), total("global", "")));
            if (!country.isEmpty()) {
                scopes.put("country", place(number(row.get("country_rank_" + stat)), total("country", country)));
            }
            rankings.put(stat, scopes);
        }
        return rankings;
    }

    private static Map<String, Object> place(long rank, long total) {
        double above = total <= 1 ? 1 : 1 - (rank - 1) / (double) (total - 1);
        return Map.of("rank", rank, "total", total, "percentile", Math.round(Math.max(0, above) * 1000) / 10.0);
    }

    /** GET /api/leaderboards/simple. */
    public Object simple(Metric metric, Window window, int limit) {
        String key = "agg:leaderboard:" + metric.label() + ":" + window.label() + ":" + limit;
        return cache.shared("leaderboard", key, LIFE, () -> {
            var data = database.reading()
                    .rows(
                            "leaderboard.simple",
                            "select u.id as \"userId\", u.username, u.display_name as \"displayName\", u.avatar_url as \"avatarUrl\", "
                                    + "m.value, m.rank::text as \"rank\" from (select user_id, value::bigint as value, rank() over (order by value desc) as rank "
                                    + "from (" + metric.sql()
                                    + ") v order by value desc, user_id limit ?) m join users u on u.id = m.user_id "
                                    + "order by m.rank, u.id",
                            since(window),
                            limit);
            return Map.of(
                    "data", data, "meta", Map.of("metric", metric.label(), "window", window.label(), "limit", limit));
        });
    }

    /**
     * GET /api/leaderboards/user-rank. How many have more is read from a distribution that all share for five minutes; what the
     * user has is read each time.
     */
    public Object rankOf(String userId, Metric metric, Window window) {
        long value = database.row(
                        "leaderboard.user_value",
                        "select value::bigint as value from (" + metric.sqlOfUser() + ") v",
                        since(window),
                        userId)
                .map(row -> number(row.get("value")))
                .orElse(0L);
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("rank", value == 0 ? null : Long.toString(1 + above(value, metric, window)));
        data.put("value", value);
        if (value != 0) {
            data.put("metric", metric.label());
            data.put("window", window.label());
        }
        return Map.of("data", data);
    }

    private long above(long value, Metric metric, Window window) {
        Object distribution = cache.shared(
                "leaderboard", "agg:leaderboard:distribution:" + metric.label() + ":" + window.label(), LIFE, () -> {
                    var pairs = new ArrayList<List<Long>>();
                    database.reading()
                            .rows(
                                    "leaderboard.distribution",
                                    "select value::bigint as value, count(*) as n from (" + metric.sql()
                                            + ") v group by 1 order by 1 desc",
                                    since(window))
                            .forEach(row -> pairs.add(List.of(number(row.get("value")), number(row.get("n")))));
                    return pairs;
                });
        long above = 0;
        if (distribution instanceof List<?> pairs) {
            for (Object pair : pairs) {
                if (!(pair instanceof List<?> two) || number(two.get(0)) <= value) {
                    break;
                }
                above += number(two.get(1));
            }
        }
        return above;
    }

    private Instant since(Window window) {
        return clock.instant().minus(window.length());
    }

    private static String oneOf(String name, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, name + " must be one of " + String.join(", ", allowed));
        }
        return value;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}
