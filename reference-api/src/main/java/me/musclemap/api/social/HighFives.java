package me.musclemap.api.social;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.community.Presence;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** Cheering other users on, one high five each a day, and saying that one is here. */
public final class HighFives {
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final int SHOWN = 20;
    private static final int MESSAGE_MAX = 200;
    private static final Set<String> KINDS = Set.of("high_five", "fist_bump", "cheer", "strong", "fire");
    private static final Set<String> STATUSES = Set.of("online", "away", "busy", "offline");

    private final Database database;
    private final RedisCache cache;
    private final Presence presence;
    private final Clock clock;

    /** High fives in {@code database}; {@code clock} is the data's time. */
    public HighFives(Database database, RedisCache cache, Presence presence, Clock clock) {
        this.database = database;
        this.cache = cache;
        this.presence = presence;
        this.clock = clock;
    }

    /** Query.highFiveUsers: who trained last and does not hide. */
    public Object users(Call call) {
        String user = call.userId();
        return Cell.maps(cache.shared(
                        "high_fives",
                        "agg:high-fives",
                        LIFE,
                        () -> database.reading()
                                .rows(
                                        "high_five.users",
                                        "select u.id, u.username, u.current_level as \"level\", u.current_identity_id as \"currentArchetype\", "
                                                + "u.avatar_url as \"avatarUrl\" from (select user_id, max(created_at) as last from (select user_id, created_at "
                                                + "from workouts where created_at <= ? order by created_at desc limit 200) w group by user_id) w "
                                                + "join users u on u.id = w.user_id where not u.profile_ghost_mode order by w.last desc, u.id limit "
                                                + (SHOWN + 1),
                                        clock.instant())))
                .stream()
                .filter(other -> !user.equals(other.get("id")))
                .limit(SHOWN)
                .toList();
    }

    /** Mutation.sendHighFive. */
    public Object send(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> input = call.input();
        String recipient = Call.text(input, "recipientId");
        String kind = Call.text(input, "type");
        String message = Cell.text(input.get("message"));
        if (!KINDS.contains(kind)) {
            throw new ApiError(
                    ApiError.Code.BAD_USER_INPUT,
                    "type must be one of "
                            + String.join(", ", KINDS.stream().sorted().toList()));
        }
        if (message.length() > MESSAGE_MAX) {
            throw new ApiError(
                    ApiError.Code.BAD_USER_INPUT, "message must not be longer than " + MESSAGE_MAX + " characters");
        }
        if (recipient.equals(user)) {
            return result("You cannot send a high five to yourself");
        }
        Instant now = clock.instant();
        Map<String, @Nullable Object> row = database.as(user)
                .row(
                        "high_five.send",
                        "with other as (select id from users where id = ?), sent as (insert into high_fives (sender_id, recipient_id, day, kind, "
                                + "message, created_at) select ?, id, ?::date, ?, nullif(?, ''), ? from other "
                                + "on conflict (sender_id, recipient_id, day) do nothing returning 1) "
                                + "select exists (select from other) as known, exists (select from sent) as sent",
                        recipient,
                        user,
                        now.atZone(ZoneOffset.UTC).toLocalDate().toString(),
                        kind,
                        message,
                        now)
                .orElse(Map.of());
        if (!Boolean.TRUE.equals(row.get("known"))) {
            throw new ApiError(ApiError.Code.NOT_FOUND, "Recipient not found");
        }
        return Boolean.TRUE.equals(row.get("sent")) ? result(null) : result("You sent one today already");
    }

    private static Map<String, @Nullable Object> result(@Nullable String error) {
        var result = new LinkedHashMap<String, @Nullable Object>();
        result.put("success", error == null);
        result.put("error", error);
        return result;
    }

    /** Mutation.updatePresence. */
    public Object presence(Call call) {
        String user = call.userId();
        String status = call.text("status");
        if (!STATUSES.contains(status)) {
            throw new ApiError(
                    ApiError.Code.BAD_USER_INPUT,
                    "status must be one of "
                            + String.join(", ", STATUSES.stream().sorted().toList()));
        }
        Instant now = clock.instant();
        boolean online = !status.equals("offline");
        if (online) {
            presence.seen(user, "unknown");
        }
        database.as(user)
                .update(
                        "presence.update",
                        "insert into user_presence (user_id, state, last_active_at) values (?, ?, ?) on conflict (user_id) do update "
                                + "set state = excluded.state, last_active_at = excluded.last_active_at",
                        user,
                        status,
                        now);
        return Map.of("online", online, "lastSeen", now, "status", status);
    }
}
