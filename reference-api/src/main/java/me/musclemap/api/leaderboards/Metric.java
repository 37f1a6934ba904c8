package me.musclemap.api.leaderboards;

import java.util.Locale;
import java.util.Optional;

/** What a simple leaderboard ranks by. Its SQL takes the beginning of the window, then, for one user, his id. */
public enum Metric {
    /** Finished workouts. */
    WORKOUT_COUNT("select user_id, count(*) as value from workouts where created_at > ?%s group by user_id"),
    /** Training units. */
    TOTAL_VOLUME(
            "select user_id, round(sum(total_tu)::numeric) as value from workouts where created_at > ?%s group by user_id"),
    /** Days in a row with a workout, up to the last one, within the window. */
    CURRENT_STREAK("""
            select user_id, days as value from (
                select user_id, count(*) as days, row_number() over (partition by user_id order by max(day) desc) as nth from (
                    select user_id, day, day - (row_number() over (partition by user_id order by day))::int as island
                    from (select distinct user_id, date as day from workouts where created_at > ?%s) d
                ) i group by user_id, island
            ) s where nth = 1"""),
    /** Credits received. */
    CREDITS_EARNED(
            "select user_id, sum(amount) as value from credit_ledger where amount > 0 and created_at > ?%s group by user_id"),
    /** How far the companion has grown; has no window, so its beginning is compared with something that is always later. */
    BUDDY_LEVEL("select user_id, stage as value from user_companion_state where 'infinity'::timestamptz > ?%s");

    private final String sql;

    Metric(String sql) {
        this.sql = sql;
    }

    /** The metric called {@code label}. */
    public static Optional<Metric> of(String label) {
        for (Metric metric : values()) {
            if (metric.label().equals(label)) {
                return Optional.of(metric);
            }
        }
        return Optional.empty();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String sql() {
        return sql.replace("%s", "");
    }

    String sqlOfUser() {
        return sql.replace("%s", " and user_id = ?");
    }
}
