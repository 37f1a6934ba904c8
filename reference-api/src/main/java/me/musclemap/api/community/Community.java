package me.musclemap.api.community;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** The counts that everybody sees. */
public final class Community {
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final Duration NOW = Duration.ofMinutes(15);

    /** Below this, a count is shown as a bound, so that a small community is not counted by eye. */
    private static final int SHOWN_MIN = 5;

    private final Database database;
    private final RedisCache cache;
    private final Clock clock;

    /** Counts of {@code database}; {@code clock} is the data's time. */
    public Community(Database database, RedisCache cache, Clock clock) {
        this.database = database;
        this.cache = cache;
        this.clock = clock;
    }

    /** Query.publicCommunityStats. */
    @SuppressWarnings("unchecked") // the cache gives back what we put in
    public Map<String, @Nullable Object> publicStats() {
        return (Map<String, @Nullable Object>) cache.shared("community", "agg:community", LIFE, () -> {
            Map<String, @Nullable Object> counts = database.row(
                            "community.counts",
                            "select (select count(distinct user_id) from workouts where created_at > ?) as active, "
                                    + "(select count(*) from users) as users, (select count(*) from workouts) as workouts",
                            clock.instant().minus(NOW))
                    .orElse(Map.of());
            long workouts = number(counts.get("workouts"));
            var stats = new LinkedHashMap<String, @Nullable Object>();
            stats.put("activeNow", shown(number(counts.get("active"))));
            stats.put("activeWorkouts", shown(number(counts.get("active"))));
            stats.put("totalUsers", shown(number(counts.get("users"))));
            stats.put("totalWorkouts", shown(workouts));
            stats.put("recentActivity", recentActivity());
            stats.put("milestone", milestone(workouts));
            return stats;
        });
    }

    private static Map<String, Object> shown(long value) {
        return Map.of(
                "value",
                value,
                "display",
                value < SHOWN_MIN ? SHOWN_MIN + "+" : Long.toString(value),
                "threshold",
                value < SHOWN_MIN);
    }

    private List<Map<String, @Nullable Object>> recentActivity() {
        return database.rows(
                "community.activity",
                "select id, event_type as \"type\", payload ->> 'message' as \"message\", created_at as \"timestamp\", "
                        + "created_at as \"createdAt\" from activity_events where visibility_scope = 'public_anon' and created_at <= ? "
                        + "order by created_at desc, id desc limit 5",
                clock.instant());
    }

    /** The largest power of ten that the community has reached. */
    private static @Nullable Map<String, Object> milestone(long workouts) {
        if (workouts < 10) {
            return null;
        }
        long reached = (long) Math.pow(10, Math.floor(Math.log10((double) workouts)));
        return Map.of("type", "workouts", "value", reached, "reached", true, "next", reached * 10);
    }

    /** Query.communityStats. */
    public Object stats() {
        return cache.shared("community", "agg:community:activity", LIFE, () -> {
            Instant now = clock.instant();
            Map<String, @Nullable Object> row = database.row(
                            "community.activity_counts",
                            "select (select count(*) from users where last_active_at > ?) as \"activeUsers\", "
                                    + "(select count(*) from active_workout_sessions where last_activity_at > ?) as \"activeWorkouts\", "
                                    + "count(*) filter (where created_at > ?) as \"totalWorkoutsToday\", count(*) as \"totalWorkoutsWeek\", "
                                    + "(select i.name from users u join identities i on i.id = u.current_identity_id "
                                    + "group by i.name order by count(*) desc, i.name limit 1) as \"topArchetype\" "
                                    + "from workouts where created_at > ?",
                            now.minus(NOW),
                            now.minus(NOW),
                            now.truncatedTo(java.time.temporal.ChronoUnit.DAYS),
                            now.minus(Duration.ofDays(7)))
                    .orElse(Map.of());
            return new LinkedHashMap<>(row);
        });
    }

    /** What a socket is told when it opens: the public counts, with the activity's time under the name sockets use. */
    Map<String, @Nullable Object> snapshot() {
        var snapshot = new LinkedHashMap<>(publicStats());
        var activity = new ArrayList<Map<String, @Nullable Object>>();
        if (snapshot.get("recentActivity") instanceof List<?> events) {
            for (Object event : events) {
                if (event instanceof Map<?, ?> one) {
                    var told = new LinkedHashMap<String, @Nullable Object>();
                    told.put("type", one.get("type"));
                    told.put("message", one.get("message"));
                    told.put("createdAt", one.get("createdAt"));
                    activity.add(told);
                }
            }
        }
        snapshot.put("recentActivity", activity);
        return snapshot;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}
