package me.musclemap.api.progress;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** What one user has reached and wants to reach: badges, milestones, goals. */
public final class Achievements {
    private static final int OFFSET_MAX = 1_000;
    private static final int PAGE = 50;
    private static final Duration LIFE = Duration.ofMinutes(10);

    private static final String EARNED = """
            select e.id, d.key as "achievementKey", d.name as "achievementName", d.description as "achievementDescription",
                   d.icon as "achievementIcon", d.category, d.points, d.rarity, d.points * 10 as "creditsEarned", d.points * 5 as "xpEarned",
                   false as "isVerified", null as "witnessUsername", e.earned_at as "earnedAt", count(*) over () as total
            from achievement_events e join achievement_definitions d on d.id = e.achievement_id
            where e.user_id = ? and (? = '' or d.category = ?)
            order by e.earned_at desc, e.id desc limit ? offset ?
            """;

    /** The time of the workout that reached a milestone is the one at its place in the user's history. */
    private static final String MILESTONES = """
            with done as (select coalesce(array_agg(created_at order by created_at, id), '{}') as times from workouts where user_id = ?)
            select m.id, m.category as "type", m.name as "title", coalesce(m.description, m.name) as "description", m.target, m.reward_credits as "reward",
                   least(cardinality(done.times), m.target) as "current", done.times[m.target] as "unlockedAt",
                   exists (select from credit_ledger where user_id = ? and idempotency_key = 'milestone:' || ? || ':' || m.id) as "claimed"
            from (select *, (condition_value ->> 'count')::int as target from milestones where condition_type = 'workout_count') m, done
            order by m.target, m.id
            """;

    private final Database database;
    private final RedisCache cache;
    private final Clock clock;

    /** Badges in {@code database}; {@code clock} is the data's time. */
    public Achievements(Database database, RedisCache cache, Clock clock) {
        this.database = database;
        this.cache = cache;
        this.clock = clock;
    }

    /** The key of a user's first page, which is all that most have; a finished workout drops it. */
    public static String key(String user) {
        return "user:" + user + ":achievements";
    }

    /** Query.myAchievements: an empty page for nobody. Pages by offset, as the product's clients do. */
    public Object mine(Call call) {
        Optional<String> user = call.viewer().userId();
        if (user.isEmpty()) {
            return Map.of("achievements", List.of(), "total", 0);
        }
        String category = call.text("category", "");
        int offset = call.number("offset", 0, 0, OFFSET_MAX);
        int limit = call.number("limit", PAGE, 1, 100);
        return category.isEmpty() && offset == 0 && limit == PAGE
                ? cache.own("achievements", key(user.get()), LIFE, call.round(), () -> page(user.get(), "", PAGE, 0))
                : page(user.get(), category, limit, offset);
    }

    private Map<String, @Nullable Object> page(String user, String category, int limit, int offset) {
        List<Map<String, @Nullable Object>> rows =
                database.as(user).rows("achievement.of_user", EARNED, user, category, category, limit, offset);
        var page = new LinkedHashMap<String, @Nullable Object>();
        page.put("achievements", rows);
        page.put("total", rows.isEmpty() ? offset : rows.get(0).get("total"));
        return page;
    }

    /** Query.milestones. */
    public Object milestones(Call call) {
        String user = call.userId();
        return database.as(user).rows("milestone.of_user", MILESTONES, user, user, user);
    }

    /** Query.goals. */
    public Object goals(Call call) {
        String user = call.userId();
        return database.as(user)
                .rows(
                        "goal.of_user",
                        "select id, user_id as \"userId\", goal_type as \"type\", coalesce(title, goal_type) as \"title\", description, "
                                + "coalesce(target_value, 0) as \"target\", coalesce(current_value, 0) as \"current\", "
                                + "coalesce(target_unit, '') as \"unit\", target_date::text || 'T00:00:00Z' as \"deadline\", "
                                + "case when status = 'active' and target_date < ?::date then 'overdue' else status end as \"status\", "
                                + "created_at as \"createdAt\", coalesce(updated_at, created_at) as \"updatedAt\" from user_goals where user_id = ? "
                                + "order by created_at desc, id limit 100",
                        clock.instant().toString(),
                        user);
    }
}
