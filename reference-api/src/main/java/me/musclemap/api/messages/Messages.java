package me.musclemap.api.messages;

import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.Ids;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** Conversations, their messages, and who is typing. */
public final class Messages {
    private static final Duration MEMBERS_LIFE = Duration.ofMinutes(5);
    private static final Duration TYPING_LIFE = Duration.ofSeconds(8);
    private static final int CONTENT_MAX = 5_000;

    private static final String CONVERSATIONS = """
            select c.id, c.type, c.name, c.last_message_at as "lastMessageAt", me.starred, me.archived_at as "archivedAt",
                   c.created_at as "createdAt", c.updated_at as "updatedAt",
                   (select jsonb_agg(jsonb_build_object('userId', u.id, 'username', u.username, 'displayName', u.display_name,
                                                       'avatarUrl', u.avatar_url, 'lastActiveAt', u.last_active_at) order by u.id)
                    from conversation_participants p join users u on u.id = p.user_id where p.conversation_id = c.id) as participants,
                   (select jsonb_build_object('id', m.id, 'content', m.content, 'createdAt', m.created_at, 'senderId', m.sender_id)
                    from messages m where m.conversation_id = c.id and m.deleted_at is null
                    order by m.created_at desc, m.id desc limit 1) as "lastMessage",
                   (select count(*) from messages m where m.conversation_id = c.id and m.deleted_at is null and m.sender_id <> me.user_id
                        and m.created_at > coalesce(me.last_read_at, '-infinity')) as "unreadCount"
            from conversation_participants me join conversations c on c.id = me.conversation_id
            where me.user_id = ? and %s
            order by c.last_message_at desc nulls last limit 50
            """;

    private static final String MESSAGES = """
            select m.id, m.conversation_id as "conversationId", m.sender_id as "senderId", u.username as "senderUsername",
                   u.display_name as "senderDisplayName", m.content, m.content_type as "contentType",
                   case when r.id is null then null else jsonb_build_object('id', r.id, 'content', r.content, 'senderName', ru.username) end
                       as "replyTo",
                   (select jsonb_agg(jsonb_build_object('emoji', x.emoji, 'count', x.n, 'users', x.users, 'userReacted', x.own))
                    from (select emoji, count(*) as n, jsonb_agg(user_id) as users, bool_or(user_id = ?) as own
                          from message_reactions where message_id = m.id group by emoji) x) as reactions,
                   m.pinned_at as "pinnedAt", m.edited_at as "editedAt", m.edit_count as "editCount", null as "deliveredAt",
                   (select max(p.last_read_at) from conversation_participants p where p.conversation_id = m.conversation_id
                        and p.user_id <> m.sender_id and p.last_read_at >= m.created_at) as "readAt",
                   m.created_at as "createdAt"
            from messages m join users u on u.id = m.sender_id
            left join messages r on r.id = m.reply_to_id left join users ru on ru.id = r.sender_id
            where m.conversation_id = ? and m.deleted_at is null
              and (m.created_at, m.id) < (coalesce((select created_at from messages where id = ?::text), 'infinity'), coalesce(?::text, ''))
            order by m.created_at desc, m.id desc limit ?
            """;

    private static final String SEND = """
            with sent as (
                insert into messages (id, conversation_id, sender_id, content, reply_to_id, created_at)
                values (?, ?, ?, ?, (select id from messages where id = ?::text and conversation_id = ?), ?) returning *
            ), touched as (
                update conversations c set last_message_at = s.created_at, updated_at = s.created_at from sent s where c.id = s.conversation_id
            )
            select s.id, s.conversation_id as "conversationId", s.sender_id as "senderId", s.content, s.created_at as "createdAt",
                   case when r.id is null then null else jsonb_build_object('id', r.id, 'content', r.content, 'senderName', u.username) end
                       as "replyTo"
            from sent s left join messages r on r.id = s.reply_to_id left join users u on u.id = r.sender_id
            """;

    private final Database database;
    private final RedisCache cache;
    private final RedisStore redis;
    private final Clock clock;

    /** Messages in {@code database}; {@code clock} is the data's time. */
    public Messages(Database database, RedisCache cache, RedisStore redis, Clock clock) {
        this.database = database;
        this.cache = cache;
        this.redis = redis;
        this.clock = clock;
    }

    /** Query.conversations. */
    public Object conversations(Call call) {
        String tab = call.text("tab", "inbox");
        String which = switch (tab) {
            case "inbox" -> "me.archived_at is null";
            case "starred" -> "me.starred";
            case "archived" -> "me.archived_at is not null";
            default -> throw new ApiError(ApiError.Code.BAD_USER_INPUT, "tab must be inbox, starred or archived");
        };
        String user = call.userId();
        return database.as(user).rows("conversation.of_user", CONVERSATIONS.formatted(which), user);
    }

    /** Query.conversationMessages. */
    public Object messages(Call call) {
        String user = call.userId();
        String conversation = call.text("conversationId");
        requireMember(user, conversation);
        String before = call.text("before", "");
        String cursor = before.isEmpty() ? null : before;
        return database.as(user)
                .rows(
                        "message.of_conversation",
                        MESSAGES,
                        user,
                        conversation,
                        cursor,
                        cursor,
                        call.number("limit", 50, 1, 100));
    }

    /** Query.typingUsers. */
    public Object typing(Call call) {
        String user = call.userId();
        String conversation = call.text("conversationId");
        requireMember(user, conversation);
        double now = clock.millis();
        List<String> ids;
        try {
            ids = redis.call(
                    "ZRANGEBYSCORE",
                    commands -> commands.zrangebyscore(
                            "typing:" + conversation,
                            Range.from(Range.Boundary.excluding(now), Range.Boundary.unbounded())));
        } catch (RedisException e) {
            return List.of(); // nobody is known to type while Redis is away
        }
        List<String> others = ids.stream().filter(id -> !id.equals(user)).toList();
        return others.isEmpty()
                ? List.of()
                : database.rows(
                        "user.by_ids",
                        "select id as \"userId\", username, avatar_url as \"avatarUrl\" from users where id = any (?) order by id",
                        (Object) others.toArray(String[]::new));
    }

    /** Mutation.sendMessage. */
    public Object send(Call call) {
        String user = call.userId();
        String conversation = call.text("conversationId");
        String content = call.text("content").strip();
        if (content.isEmpty() || content.length() > CONTENT_MAX) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "content must have 1 to " + CONTENT_MAX + " characters");
        }
        requireMember(user, conversation);
        String reply = call.text("replyToId", "");
        Instant now = clock.instant();
        Map<String, @Nullable Object> sent = database.as(user)
                .row(
                        "message.send",
                        SEND,
                        Ids.next("msg"),
                        conversation,
                        user,
                        content,
                        reply.isEmpty() ? null : reply,
                        conversation,
                        now)
                .orElseThrow(() -> new IllegalStateException("an insert returned nothing"));
        return new LinkedHashMap<>(sent);
    }

    /** Mutation.markConversationRead. */
    public Object markRead(Call call) {
        String user = call.userId();
        String conversation = call.text("conversationId");
        requireMember(user, conversation);
        read(user, conversation);
        return true;
    }

    /** Mutation.setTypingStatus. */
    public Object setTyping(Call call) {
        String user = call.userId();
        String conversation = call.text("conversationId");
        requireMember(user, conversation);
        typing(user, conversation, call.is("isTyping"));
        return true;
    }

    private void requireMember(String user, String conversation) {
        if (!members(conversation).contains(user)) {
            throw new ApiError(ApiError.Code.FORBIDDEN, "Not a participant of this conversation");
        }
    }

    /** The ids of those in a conversation; none when there is no such. */
    List<String> members(String conversation) {
        Object members = cache.own(
                "conversation_members",
                "conversation:" + conversation + ":members",
                MEMBERS_LIFE,
                () -> database
                        .rows(
                                "conversation.members",
                                "select user_id from conversation_participants where conversation_id = ?",
                                conversation)
                        .stream()
                        .map(row -> row.get("user_id"))
                        .toList());
        return members instanceof List<?> ids
                ? ids.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** The conversation of a message that {@code user} may read; empty when there is no such. */
    String conversationOf(String user, String message) {
        return database.as(user)
                .row("message.conversation", "select conversation_id from messages where id = ?", message)
                .map(row -> String.valueOf(row.get("conversation_id")))
                .orElse("");
    }

    /** A member types, or has stopped. Forgotten after a few seconds, and at once when Redis is away. */
    void typing(String user, String conversation, boolean typing) {
        String key = "typing:" + conversation;
        try {
            if (typing) {
                redis.call("ZADD", commands -> {
                    commands.zadd(
                            key, (double) clock.instant().plus(TYPING_LIFE).toEpochMilli(), user);
                    return commands.pexpire(key, TYPING_LIFE);
                });
            } else {
                redis.call("ZREM", commands -> commands.zrem(key, user));
            }
        } catch (RedisException e) {
            return; // a nicety: the next keystroke tries again
        }
    }

    /** A member has read a conversation up to now. */
    void read(String user, String conversation) {
        database.as(user)
                .update(
                        "conversation.read",
                        "update conversation_participants set last_read_at = ? where conversation_id = ? and user_id = ?",
                        clock.instant(),
                        conversation,
                        user);
    }
}
