package me.musclemap.api.profile;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.Ids;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** The companion that grows with its user, and what is suggested to a user: tips and places. */
public final class Companions {
    private static final int XP_PER_STAGE = 500;
    private static final int STAGE_MAX = 6;
    private static final double RADIUS_KM = 10;
    private static final double EARTH_KM = 6_371;
    private static final Duration LIFE = Duration.ofHours(1);
    private static final int TIPS_MAX = 10;

    private static final String STATE =
            "select id, user_id as \"userId\", nickname, stage, xp, is_visible as \"isVisible\", is_minimized as \"isMinimized\", "
                    + "sounds_enabled as \"soundsEnabled\", tips_enabled as \"tipsEnabled\", created_at as \"createdAt\" "
                    + "from user_companion_state where user_id = ?";

    private final Database database;
    private final RedisCache cache;
    private final Clock clock;

    /** Companions in {@code database}; {@code clock} is the data's time. */
    public Companions(Database database, RedisCache cache, Clock clock) {
        this.database = database;
        this.cache = cache;
        this.clock = clock;
    }

    /** Query.mascot. */
    public Object state(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> row = database.as(user)
                .row("companion.of_user", STATE, user)
                .orElseGet(() -> {
                    database.as(user)
                            .update(
                                    "companion.create",
                                    "insert into user_companion_state (id, user_id, created_at) values (?, ?, ?) on conflict (user_id) do nothing",
                                    Ids.next("ucs"),
                                    user,
                                    clock.instant());
                    return database.as(user)
                            .row("companion.of_user", STATE, user)
                            .orElse(Map.of());
                });
        var state = new LinkedHashMap<>(row);
        state.put("progression", progression((int) number(row.get("xp"))));
        return state;
    }

    private static Map<String, Object> progression(int xp) {
        int stage = Math.min(STAGE_MAX, 1 + xp / XP_PER_STAGE);
        int previous = (stage - 1) * XP_PER_STAGE;
        int next = stage * XP_PER_STAGE;
        boolean grown = stage == STAGE_MAX;
        return Map.of(
                "currentXp", xp,
                "prevStageXp", previous,
                "nextStageXp", next,
                "progressPercent", grown ? 100.0 : (xp - previous) * 100.0 / XP_PER_STAGE,
                "isMaxStage", grown);
    }

    /** Query.mascotPendingReactions. */
    public Object reactions(Call call) {
        String user = call.userId();
        return database.as(user)
                .rows(
                        "companion.reactions",
                        "select id, event_id as \"eventId\", reaction_type as \"reactionType\", message, emote, animation, duration, intensity, "
                                + "sound_effect as \"soundEffect\", shown, created_at as \"createdAt\" from mascot_timeline_reactions "
                                + "where user_id = ? and not shown order by created_at limit ?",
                        user,
                        call.number("limit", 10, 1, 50));
    }

    /** Query.tips. */
    public Object tips(Call call) {
        String context = call.text("context", "");
        String exercise = call.text("exerciseId", "");
        if (context.length() > 40 || exercise.length() > 40) {
            return List.of();
        }
        List<?> tips = (List<?>) cache.shared(
                "tips",
                "ref:tips:" + context + ":" + exercise,
                LIFE,
                () -> database.rows(
                        "tip.of_context",
                        "select id, trigger_type as \"type\", title, content, category, "
                                + "case when trigger_type = 'exercise' then trigger_value end as \"exerciseId\", priority from tips "
                                + "where (? = '' or ? = any (display_context)) and (? = '' or trigger_value = ?) "
                                + "order by priority desc, id limit " + TIPS_MAX,
                        context,
                        context,
                        exercise,
                        exercise));
        List<?> seen = call.viewer()
                .userId()
                .map(user ->
                        database
                                .as(user)
                                .rows("tip.seen", "select tip_id from tip_views where user_id = ?", user)
                                .stream()
                                .map(row -> row.get("tip_id"))
                                .toList())
                .orElse(List.of());
        return tips.stream().map(tip -> marked((Map<?, ?>) tip, seen)).toList();
    }

    private static Map<Object, @Nullable Object> marked(Map<?, ?> tip, List<?> seen) {
        var marked = new LinkedHashMap<Object, @Nullable Object>(tip);
        marked.put("seen", seen.contains(tip.get("id")));
        return marked;
    }

    /** Query.nearestOutdoorVenues. */
    public Object venues(Call call) {
        Map<String, @Nullable Object> input = call.input();
        double latitude = number(input.get("latitude"));
        double longitude = number(input.get("longitude"));
        double radius = input.get("maxDistanceKm") instanceof Number given ? given.doubleValue() : RADIUS_KM;
        int limit = input.get("limit") instanceof Number given ? Math.max(1, Math.min(50, given.intValue())) : 10;
        List<?> venues = (List<?>)
                cache.shared(
                        "venues",
                        "ref:venues",
                        LIFE,
                        () -> database.rows(
                                "venue.all",
                                "select id, name, address, average_rating as \"averageRating\", total_ratings as \"totalRatings\", "
                                        + "is_verified as \"isVerified\", latitude, longitude from fitness_venues where is_active order by id"));
        return venues.stream()
                .map(venue -> distant((Map<?, ?>) venue, latitude, longitude))
                .filter(venue -> number(venue.get("distance")) <= radius)
                .sorted(java.util.Comparator.comparingDouble(venue -> number(venue.get("distance"))))
                .limit(limit)
                .toList();
    }

    private static Map<Object, @Nullable Object> distant(Map<?, ?> venue, double latitude, double longitude) {
        var distant = new LinkedHashMap<Object, @Nullable Object>(venue);
        double km = kilometres(latitude, longitude, number(venue.get("latitude")), number(venue.get("longitude")));
        distant.put("distance", Math.round(km * 1_000) / 1_000.0);
        return distant;
    }

    /** Along the surface, by the haversine formula. */
    private static double kilometres(double latitude1, double longitude1, double latitude2, double longitude2) {
        double north = Math.toRadians(latitude2 - latitude1) / 2;
        double east = Math.toRadians(longitude2 - longitude1) / 2;
        double half = Math.pow(Math.sin(north), 2)
                + Math.cos(Math.toRadians(latitude1))
                        * Math.cos(Math.toRadians(latitude2))
                        * Math.pow(Math.sin(east), 2);
        return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)));
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0;
    }
}
