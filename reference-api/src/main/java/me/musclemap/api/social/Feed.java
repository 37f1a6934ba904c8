package me.musclemap.api.social;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** What happened lately, for everybody: events of users who do not hide, the newest first. */
public final class Feed {
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final int OFFSET_MAX = 1_000;

    /** The page is cut from an index before anything is joined or counted. */
    private static final String PAGE = """
            select e.id, e.event_type as "type", e.user_id as "userId", u.username, u.avatar_url as "avatar", e.payload as "content",
                   e.created_at as "createdAt", (select count(*) from activity_likes l where l.event_id = e.id) as "likes",
                   (select count(*) from activity_comments c where c.event_id = e.id) as "comments"
            from (select e.* from activity_events e join users u on u.id = e.user_id and not u.profile_ghost_mode
                  where e.visibility_scope = 'public_anon' and e.created_at <= ? %s order by e.created_at desc, e.id desc limit ? offset ?) e
            join users u on u.id = e.user_id
            order by e.created_at desc, e.id desc
            """;

    private final Database database;
    private final RedisCache cache;
    private final Clock clock;

    /** Events in {@code database}; {@code clock} is the data's time. */
    public Feed(Database database, RedisCache cache, Clock clock) {
        this.database = database;
        this.cache = cache;
        this.clock = clock;
    }

    /** Query.communityFeed. */
    public Object page(Call call) {
        int limit = call.number("limit", 20, 1, 100);
        int offset = call.number("offset", 0, 0, OFFSET_MAX);
        String after = call.text("after", "");
        List<Map<String, @Nullable Object>> events = after.isEmpty()
                ? Cell.maps(
                        cache.shared("feed", "agg:feed:" + limit + ":" + offset, LIFE, () -> page("", limit, offset)))
                : page(
                        "and (e.created_at, e.id) < (select created_at, id from activity_events where id = ?)",
                        limit,
                        0,
                        after);
        List<?> liked = call.viewer().userId().map(user -> liked(user, events)).orElse(List.of());
        return events.stream().map(event -> marked(event, liked)).toList();
    }

    private List<Map<String, @Nullable Object>> page(String further, int limit, int offset, Object... place) {
        var values = new java.util.ArrayList<Object>();
        values.add(clock.instant());
        values.addAll(List.of(place));
        values.add(limit);
        values.add(offset);
        return database.reading().rows("feed.page", PAGE.formatted(further), values.toArray());
    }

    private List<?> liked(String user, List<Map<String, @Nullable Object>> events) {
        String[] ids = events.stream().map(event -> Cell.text(event.get("id"))).toArray(String[]::new);
        return database
                .rows(
                        "feed.liked",
                        "select event_id from activity_likes where user_id = ? and event_id = any (?)",
                        user,
                        ids)
                .stream()
                .map(row -> row.get("event_id"))
                .toList();
    }

    private static Map<String, @Nullable Object> marked(Map<String, @Nullable Object> event, List<?> liked) {
        var marked = new LinkedHashMap<>(event);
        marked.put("liked", liked.contains(event.get("id")));
        return marked;
    }
}
