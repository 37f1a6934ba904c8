package me.musclemap.api.profile;

import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.cache.RedisRound;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.leaderboards.Leaderboards;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** A user's own numbers. */
public final class Profiles {
    private static final Duration STATS_LIFE = Duration.ofMinutes(5);
    private static final int XP_PER_LEVEL = 1_000;
    private static final int TREND_WEEKS = 8;

    private static final String FULL = """
            select u.id, u.username, u.display_name as "displayName", u.avatar_url as "avatarUrl", null as "avatarId", u.total_xp as "xp",
                   u.current_level as "level", u.current_rank as "rank",
                   width_bucket(coalesce(b.lifetime_earned, 0), array[0, 1000, 10000, 100000, 1000000]) - 1 as "wealthTier",
                   extract(year from age(?::date, p.date_of_birth))::int as "age", p.gender, p.height_cm as "heightCm", p.weight_kg as "weightKg",
                   coalesce(p.preferred_units, 'metric') as "preferredUnits", u.profile_ghost_mode as "ghostMode",
                   u.profile_leaderboard_opt_in as "leaderboardOptIn", u.bio as "aboutMe", coalesce(s.limitations, '[]') as "limitations",
                   coalesce(s.equipment_inventory, '[]') as "equipmentInventory", s.theme,
                   (select array_agg(w.date::text) from workouts w where w.user_id = u.id and w.created_at >= ? and w.created_at <= ?) as trained
            from users u left join user_profile_extended p on p.user_id = u.id left join credit_balances b on b.user_id = u.id
            left join user_settings s on s.user_id = u.id where u.id = ?
            """;

    private final Database database;
    private final RedisCache cache;
    private final Leaderboards leaderboards;
    private final Clock clock;

    /** Numbers of {@code database}; {@code clock} is the data's time. */
    public Profiles(Database database, RedisCache cache, Leaderboards leaderboards, Clock clock) {
        this.database = database;
        this.cache = cache;
        this.leaderboards = leaderboards;
        this.clock = clock;
    }

    /** Query.myStats. */
    public @Nullable Object stats(Call call) {
        Map<?, ?> stats = stats(call.userId(), call.round());
        return stats.isEmpty() ? null : stats;
    }

    /** The key of what {@link #stats} answers. */
    public static String statsKey(String user) {
        return "user:" + user + ":stats";
    }

    /** What {@link #stats} answers for the user; null for a user that is not there. */
    public @Nullable Object statsOf(String user, RedisRound round) {
        Map<?, ?> stats = stats(user, round);
        return stats.isEmpty() ? null : stats;
    }

    private Map<?, ?> stats(String user, RedisRound round) {
        return (Map<?, ?>) cache.own(
                "user_stats",
                statsKey(user),
                STATS_LIFE,
                round,
                () -> database.as(user)
                        .row(
                                "stats.of_user",
                                "select u.id, u.current_level, u.total_xp, s.strength, s.endurance, s.dexterity, s.constitution, s.power, s.vitality, "
                                        + "(select count(distinct exercise_id) from workout_sets where user_id = u.id) as exercises, "
                                        + "w.total, w.last, w.days from users u join character_stats s on s.user_id = u.id, lateral "
                                        + "(select count(*) as total, max(created_at) as last, array_agg(distinct date::text) as days "
                                        + "from workouts where user_id = u.id) w where u.id = ?",
                                user)
                        .map(this::stats)
                        .orElse(Map.of()));
    }

    private Map<String, @Nullable Object> stats(Map<String, @Nullable Object> row) {
        var streaks = Streaks.of(days(row.get("days")), today());
        int level = (int) number(row.get("current_level"));
        int xp = (int) number(row.get("total_xp"));
        var stats = new LinkedHashMap<String, @Nullable Object>();
        stats.put("userId", row.get("id"));
        stats.put("level", level);
        stats.put("xp", xp);
        stats.put("xpToNextLevel", level * XP_PER_LEVEL - xp);
        stats.put("strength", rounded(row.get("strength")));
        stats.put("endurance", rounded(row.get("endurance")));
        stats.put("agility", rounded(row.get("dexterity")));
        stats.put("flexibility", rounded(row.get("constitution")));
        stats.put("balance", rounded(row.get("power")));
        stats.put("mentalFocus", rounded(row.get("vitality")));
        stats.put("totalWorkouts", row.get("total"));
        stats.put("totalExercises", row.get("exercises"));
        stats.put("currentStreak", streaks.current());
        stats.put("longestStreak", streaks.longest());
        stats.put("lastWorkoutAt", row.get("last"));
        return stats;
    }

    private LocalDate today() {
        return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static List<LocalDate> days(@Nullable Object texts) {
        return texts instanceof List<?> list
                ? list.stream()
                        .map(String::valueOf)
                        .map(LocalDate::parse)
                        .sorted()
                        .toList()
                : List.of();
    }

    /** Query.myStatsWithRankings. */
    public @Nullable Object statsWithRankings(Call call) {
        Map<?, ?> stats = stats(call.userId(), call.round());
        return stats.isEmpty() ? null : Map.of("stats", stats, "rankings", leaderboards.rankings(call.userId()));
    }

    /** Query.myMuscleActivations. */
    public Object muscleActivations(Call call) {
        return call.viewer()
                .userId()
                .<Object>map(user -> database.as(user)
                        .rows(
                                "workout.muscles",
                                "select key as \"muscleId\", least(100, round(sum(value::numeric)))::int as activation "
                                        + "from workouts, jsonb_each_text(muscle_activations) where user_id = ? and created_at > ? "
                                        + "group by key order by 2 desc, 1",
                                user,
                                clock.instant().minus(Duration.ofDays(30))))
                .orElse(List.of());
    }

    /** Query.economyWallet. */
    public Object wallet(Call call) {
        String user = call.userId();
        return database.as(user)
                .row(
                        "wallet.of_user",
                        "select jsonb_build_object('credits', b.balance, 'pending', 0, 'lifetime', b.lifetime_earned) as balance, "
                                + "coalesce((select jsonb_agg(jsonb_build_object('id', l.id, 'type', l.action, 'amount', l.amount, "
                                + "'description', l.description, 'createdAt', l.created_at)) from (select * from credit_ledger "
                                + "where user_id = b.user_id order by created_at desc, id desc limit 10) l), '[]'::jsonb) as transactions "
                                + "from credit_balances b where b.user_id = ?",
                        user)
                .<Object>map(row -> row)
                .orElse(Map.of(
                        "balance", Map.of("credits", 0, "pending", 0, "lifetime", 0), "transactions", List.of()));
    }

    /** Query.extendedProfile. */
    public @Nullable Object extended(Call call) {
        LocalDate monday = today().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        Instant first = monday.minusWeeks(TREND_WEEKS - 1L).atStartOfDay().toInstant(ZoneOffset.UTC);
        String user = call.userId();
        return database.as(user)
                .row(
                        "profile.of_user",
                        "select p.height_cm as \"height\", p.weight_kg as \"weight\", extract(year from age(?::date, p.date_of_birth))::int as \"age\", "
                                + "p.gender, p.fitness_level as \"fitnessLevel\", p.goals, p.preferred_units as \"preferredUnits\", p.city, p.county, "
                                + "p.state, p.country, p.country_code as \"countryCode\", p.leaderboard_opt_in as \"leaderboardOptIn\", "
                                + "p.profile_visibility as \"profileVisibility\", null as \"previousStrength\", "
                                + "(select array_agg(w.date::text || '|' || w.total_volume) from workouts w "
                                + "where w.user_id = p.user_id and w.created_at >= ?) as recent from user_profile_extended p where p.user_id = ?",
                        today().toString(),
                        first,
                        user)
                .map(row -> extended(row, monday))
                .orElse(null);
    }

    private static Map<String, @Nullable Object> extended(Map<String, @Nullable Object> row, LocalDate monday) {
        int[] week = new int[7];
        double[] trend = new double[TREND_WEEKS];
        if (row.get("recent") instanceof List<?> workouts) {
            for (Object workout : workouts) {
                String text = String.valueOf(workout);
                int bar = text.indexOf('|');
                LocalDate day = LocalDate.parse(text.substring(0, bar));
                if (!day.isBefore(monday)) {
                    week[day.getDayOfWeek().getValue() - 1]++;
                }
                int back = (int) Math.floorDiv(monday.plusDays(6).toEpochDay() - day.toEpochDay(), 7L);
                if (back >= 0 && back < TREND_WEEKS) {
                    trend[TREND_WEEKS - 1 - back] += Double.parseDouble(text.substring(bar + 1));
                }
            }
        }
        var profile = new LinkedHashMap<>(row);
        profile.remove("recent");
        profile.put("weeklyActivity", java.util.Arrays.stream(week).boxed().toList());
        var entries = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < TREND_WEEKS; i++) {
            entries.add(Map.of("label", monday.minusWeeks(TREND_WEEKS - 1L - i).toString(), "value", trend[i]));
        }
        profile.put("volumeTrend", entries);
        return profile;
    }

    /** Query.creditsBalance. */
    public @Nullable Object credits(Call call) {
        String user = call.userId();
        return database.as(user)
                .row(
                        "wallet.balance",
                        "select balance as \"credits\", 0 as \"pending\", lifetime_earned as \"lifetime\" from credit_balances where user_id = ?",
                        user)
                .<Object>map(row -> row)
                .orElse(Map.of("credits", 0, "pending", 0, "lifetime", 0));
    }

    /** Query.myFullProfile. */
    public @Nullable Object full(Call call) {
        String user = call.userId();
        Instant now = clock.instant();
        LocalDate monday = today().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        return database.as(user)
                .row(
                        "profile.full",
                        FULL,
                        today().toString(),
                        monday.atStartOfDay().toInstant(ZoneOffset.UTC),
                        now,
                        user)
                .map(row -> {
                    int[] week = new int[7];
                    Cell.texts(row.get("trained"))
                            .forEach(day ->
                                    week[LocalDate.parse(day).getDayOfWeek().getValue() - 1]++);
                    row.put(
                            "weeklyActivity",
                            java.util.Arrays.stream(week).boxed().toList());
                    return (Object) row;
                })
                .orElse(null);
    }

    private static long rounded(@Nullable Object value) {
        return Math.round(number(value));
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0;
    }
}
