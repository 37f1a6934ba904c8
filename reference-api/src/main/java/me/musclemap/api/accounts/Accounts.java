package me.musclemap.api.accounts;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import me.musclemap.api.Ids;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.limits.RateLimits;
import me.musclemap.api.store.Database;
import me.musclemap.telemetry.business.BusinessTelemetry;
import org.jspecify.annotations.Nullable;

/** Sign-up, login, renewal, and who one is. */
public final class Accounts {
    private static final Duration USER_LIFE = Duration.ofMinutes(5);
    private static final Duration TRIAL = Duration.ofDays(90);
    private static final int WELCOME_CREDITS = 100;
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,190}\\.[^@\\s.]{2,}");
    private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9_.-]{3,30}");
    private static final int PASSWORD_MIN = 8;
    private static final int PASSWORD_MAX = 128;

    private static final String USER_COLUMNS =
            "u.id, u.email, u.username, u.display_name as \"displayName\", u.avatar_url as \"avatar\", u.current_level as \"level\", "
                    + "u.total_xp as \"xp\", u.roles, u.created_at as \"createdAt\"";

    /** What an unknown address is checked against, so that it takes as long as a known one. */
    private final String nobodysHash = PasswordHash.of("nobody", new byte[16]);

    private final Database database;
    private final RedisCache cache;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final Hashing hashing;
    private final RateLimits limits;
    private final BusinessTelemetry telemetry;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Accounts in {@code database}; {@code clock} is the data's time. */
    public Accounts(
            Database database,
            RedisCache cache,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            Hashing hashing,
            RateLimits limits,
            BusinessTelemetry telemetry,
            Clock clock) {
        this.database = database;
        this.cache = cache;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.hashing = hashing;
        this.limits = limits;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** Query.me. */
    public @Nullable Object me(Call call) {
        String id = call.userId();
        Object user = cache.own(
                "user",
                userKey(id),
                USER_LIFE,
                call.round(),
                () -> database.row("user.by_id", "select " + USER_COLUMNS + " from users u where u.id = ?", id)
                        .map(row -> (Object) row)
                        .orElse(Map.of()));
        return user instanceof Map<?, ?> row && row.isEmpty() ? null : user;
    }

    /** The key of what {@link #me} answers. */
    public static String userKey(String id) {
        return "user:" + id;
    }

    /** Mutation.login. */
    public Object login(Call call) {
        limits.login(call.caller());
        Map<String, @Nullable Object> input = call.input();
        String email = Call.text(input, "email").strip().toLowerCase(Locale.ROOT);
        String password = Call.text(input, "password");
        Map<String, @Nullable Object> user = database.row(
                        "user.by_email",
                        "select " + USER_COLUMNS + ", u.password_hash, i.id as archetype_id, i.name as archetype_name "
                                + "from users u left join identities i on i.id = u.current_identity_id where u.email = ?",
                        email)
                .map(HashMap::new)
                .orElseGet(HashMap::new);
        Object stored = user.remove("password_hash");
        String hash = stored instanceof String text ? text : nobodysHash;
        boolean good = password.length() <= PASSWORD_MAX && hashing.call(() -> PasswordHash.matches(hash, password));
        if (!good || stored == null) {
            telemetry.loginRefused();
            throw new ApiError(ApiError.Code.UNAUTHENTICATED, "Invalid email or password");
        }
        Object archetype = user.remove("archetype_id");
        Object name = user.remove("archetype_name");
        user.put("archetype", archetype == null || name == null ? null : Map.of("id", archetype, "name", name));
        telemetry.loggedIn();
        return admitted(call, user);
    }

    /** Mutation.register. */
    public Object register(Call call) {
        limits.signup(call.caller());
        Map<String, @Nullable Object> input = call.input();
        String email = Call.text(input, "email").strip().toLowerCase(Locale.ROOT);
        String username = Call.text(input, "username").strip();
        String password = Call.text(input, "password");
        check(EMAIL.matcher(email).matches(), "email is not an e-mail address");
        check(
                USERNAME.matcher(username).matches(),
                "username must have 3 to 30 letters, digits, dots, dashes or underscores");
        check(
                password.length() >= PASSWORD_MIN && password.length() <= PASSWORD_MAX,
                "password must have " + PASSWORD_MIN + " to " + PASSWORD_MAX + " characters");
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        String hash = hashing.call(() -> PasswordHash.of(password, salt));
        String id = Ids.next("user");
        Instant now = clock.instant();
        try {
            database.transaction("user.register", connection -> {
                Database.update(
                        connection,
                        "insert into users (id, email, username, password_hash, trial_started_at, trial_ends_at, last_active_at, created_at, "
                                + "updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        id,
                        email,
                        username,
                        hash,
                        now,
                        now.plus(TRIAL),
                        now,
                        now,
                        now);
                Database.update(connection, "insert into user_profile_extended (user_id) values (?)", id);
                Database.update(connection, "insert into character_stats (user_id) values (?)", id);
                Database.update(
                        connection,
                        "insert into credit_balances (user_id, balance, lifetime_earned, updated_at) values (?, ?, ?, ?)",
                        id,
                        WELCOME_CREDITS,
                        WELCOME_CREDITS,
                        now);
                return Database.update(
                        connection,
                        "insert into credit_ledger (id, user_id, action, amount, balance_after, description, created_at) "
                                + "values (?, ?, 'signup_bonus', ?, ?, 'Welcome credits', ?)",
                        Ids.next("cl"),
                        id,
                        WELCOME_CREDITS,
                        WELCOME_CREDITS,
                        now);
            });
        } catch (ApiError e) {
            if (e.code() == ApiError.Code.CONFLICT) {
                throw new ApiError(ApiError.Code.BAD_USER_INPUT, "Email or username already in use");
            }
            throw e;
        }
        telemetry.registered();
        var user = new HashMap<String, @Nullable Object>();
        user.put("id", id);
        user.put("email", email);
        user.put("username", username);
        user.put("level", 1);
        user.put("xp", 0);
        user.put("roles", List.of("user"));
        user.put("createdAt", now);
        return admitted(call, user);
    }

    /**
     * An access token for who holds {@code refreshToken}, and the next refresh token. The database is asked first: while it is
     * away the token stays good, so that a client may try again without looking like a thief.
     */
    public Session renew(String refreshToken) {
        Map<String, @Nullable Object> user = database.row(
                        "user.roles", "select email, roles from users where id = ?", refreshTokens.owner(refreshToken))
                .orElseThrow(() -> new ApiError(ApiError.Code.UNAUTHENTICATED, "The account is gone"));
        RefreshTokens.Renewed renewed = refreshTokens.renew(refreshToken);
        telemetry.tokenRefreshed();
        String token =
                accessTokens.issue(renewed.userId(), String.valueOf(user.get("email")), texts(user.get("roles")));
        return new Session(token, renewed.token());
    }

    /** Ends all sessions of the user. Access tokens that are out stay good until they expire, 15 minutes at most. */
    public void logoutEverywhere(String userId) {
        refreshTokens.revokeAll(userId);
    }

    /** Ends the session that {@code refreshToken} belongs to. */
    public void logout(String refreshToken) {
        refreshTokens.revoke(refreshToken);
    }

    /** What a renewal gives. */
    public record Session(String accessToken, String refreshToken) {}

    private Object admitted(Call call, Map<String, @Nullable Object> user) {
        String id = String.valueOf(user.get("id"));
        refreshTokens.first(id).ifPresent(call::grant);
        return Map.of(
                "token",
                accessTokens.issue(id, String.valueOf(user.get("email")), texts(user.get("roles"))),
                "user",
                user);
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof List<?> values
                ? values.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static void check(boolean rule, String message) {
        if (!rule) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, message);
        }
    }
}
