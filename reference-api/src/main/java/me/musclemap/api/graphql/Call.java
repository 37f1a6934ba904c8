package me.musclemap.api.graphql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.api.accounts.Viewer;
import me.musclemap.api.cache.RedisRound;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.limits.Caller;
import org.jspecify.annotations.Nullable;

/** One root field being answered: who asks, and with which arguments. */
public final class Call {
    private final Map<String, @Nullable Object> arguments;
    private final Session session;

    Call(Map<String, @Nullable Object> arguments, Session session) {
        this.arguments = arguments;
        this.session = session;
    }

    /** What the answer does to the caller's session, beside its JSON. */
    static final class Session {
        private final Caller caller;
        private final RedisRound round;
        private @Nullable String refreshToken;

        Session(Caller caller, RedisRound round) {
            this.caller = caller;
            this.round = round;
        }

        Optional<String> refreshToken() {
            return Optional.ofNullable(refreshToken);
        }
    }

    /** Who asks. */
    public Viewer viewer() {
        return session.caller.viewer();
    }

    /** Who asks, and from where. */
    public Caller caller() {
        return session.caller;
    }

    /** What this request asks Redis. For the thread that answers it. */
    public RedisRound round() {
        return session.round;
    }

    /** The user's id. @throws ApiError when the request is anonymous */
    public String userId() {
        return viewer().required();
    }

    /** Hands the caller a refresh token, in a cookie. */
    public void grant(String refreshToken) {
        session.refreshToken = refreshToken;
    }

    /** The fields of the argument {@code input}. */
    @SuppressWarnings("unchecked") // the schema says it is an input object
    public Map<String, @Nullable Object> input() {
        Object input = arguments.get("input");
        return input == null ? Map.of() : (Map<String, @Nullable Object>) input;
    }

    /** A text argument that the schema demands. */
    public String text(String name) {
        return text(arguments, name);
    }

    /** A text argument, or {@code otherwise}. */
    public String text(String name, String otherwise) {
        return arguments.get(name) instanceof String text ? text : otherwise;
    }

    /** Whether a yes-or-no argument says yes. */
    public boolean is(String name) {
        return Boolean.TRUE.equals(arguments.get(name));
    }

    /** A list-of-text argument. */
    public List<String> texts(String name) {
        return arguments.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** A whole-number argument, held between the two bounds. */
    public int number(String name, int otherwise, int min, int max) {
        int number = arguments.get(name) instanceof Number given ? given.intValue() : otherwise;
        return Math.max(min, Math.min(max, number));
    }

    /** A text field of {@code fields} that the schema demands. */
    public static String text(Map<String, @Nullable Object> fields, String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, name + " is required");
        }
        return String.valueOf(value);
    }
}
