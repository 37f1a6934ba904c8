package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Foreign pages, tokens, other users' rows. */
@ExtendWith(SharedStack.class)
class SecurityTest {
    private static final String LOGIN = "mutation($input: LoginInput!) { login(input: $input) { token } }";

    private final TestStack stack;

    SecurityTest(TestStack stack) {
        this.stack = stack;
    }

    private HttpResponse<String> send(String method, String path, String origin) {
        return stack.send(method, path, "", null, Map.of("Origin", origin));
    }

    @Test
    void onlyNamedOriginsMayReadAnswers() {
        HttpResponse<String> ours = send("GET", "/api/muscles", "https://app.example");
        assertThat(ours.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://app.example");
        assertThat(ours.headers().allValues("Vary")).anyMatch(vary -> vary.contains("Origin"));
        assertThat(send("POST", "/api/graphql", "https://app.example")
                        .headers()
                        .firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://app.example");
        HttpResponse<String> foreign = send("GET", "/api/muscles", "https://evil.example");
        assertThat(foreign.headers().firstValue("Timing-Allow-Origin")).isEmpty();
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(send("POST", "/api/graphql", "https://app.example").headers().firstValue("Timing-Allow-Origin"))
                .as("so that its page may read Server-Timing")
                .hasValue("https://app.example");
        assertThat(ours.headers().firstValue("Server-Timing"))
                .as("an edge keeps this answer for others")
                .isEmpty();
        assertThat(send("OPTIONS", "/api/graphql", "https://app.example").statusCode())
                .isEqualTo(204);
        assertThat(send("OPTIONS", "/api/graphql", "https://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(send("POST", "/api/auth/refresh", "https://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(send("POST", "/api/auth/refresh", "https://app.example").statusCode())
                .isEqualTo(401);
    }

    @Test
    void everyAnswerTellsBrowsersToBeStrict() {
        for (String path : new String[] {"/health", "/api/muscles", "/nowhere"}) {
            var headers = stack.get(path).headers();
            assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(headers.firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'"));
            assertThat(headers.firstValue("Strict-Transport-Security"))
                    .as("not over plain HTTP")
                    .isEmpty();
        }
        var graphql = stack.post("{ me { id } }", Map.of(), stack.token(51)).headers();
        assertThat(graphql.firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(graphql.firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(graphql.firstValue("x-trace-id")).isPresent();
        assertThat(graphql.firstValue("Server-Timing"))
                .as("the trace, for the page's own vitals")
                .hasValueSatisfying(timing -> assertThat(timing)
                        .matches("traceparent;desc=\"00-"
                                + graphql.firstValue("x-trace-id").orElseThrow() + "-[0-9a-f]{16}-0[0-3]\""));
        var secure = stack.send("GET", "/api/muscles", "", null, Map.of("X-Forwarded-Proto", "https"));
        assertThat(secure.headers().firstValue("Strict-Transport-Security"))
                .hasValue("max-age=31536000; includeSubDomains; preload");
    }

    @Test
    void anAccessTokenNamesUserAddressAndRolesForFifteenMinutes() {
        JsonNode claims = claims(login(74, "headroom-10").body());
        assertThat(claims.get("sub").asText()).isEqualTo(TestStack.DATA.userId(74));
        assertThat(claims.get("email").asText()).isEqualTo("user74@headroom.example");
        assertThat(claims.get("roles")).hasSize(1);
        assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(900);
    }

    private HttpResponse<String> login(int user, String password) {
        return stack.post(
                LOGIN,
                Map.of("input", Map.of("email", "user" + user + "@headroom.example", "password", password)),
                null);
    }

    private static JsonNode claims(String answer) {
        String token = TestStack.json(answer).at("/data/login/token").asText();
        return TestStack.json(new String(
                Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void loggingOutEverywhereEndsEverySession() {
        HttpResponse<String> phone = login(75, "headroom-11");
        HttpResponse<String> laptop = login(75, "headroom-11");
        HttpResponse<String> other = login(76, "headroom-12");
        assertThat(stack.send("POST", "/api/auth/logout-all", "", stack.token(75), Map.of())
                        .statusCode())
                .isEqualTo(204);
        assertThat(refresh(phone)).isEqualTo(401);
        assertThat(refresh(laptop)).isEqualTo(401);
        assertThat(refresh(other)).as("of another user").isEqualTo(200);
        assertThat(stack.send("POST", "/api/auth/logout-all", "", null, Map.of())
                        .statusCode())
                .isEqualTo(401);
    }

    private int refresh(HttpResponse<String> login) {
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
        return stack.send(
                        "POST",
                        "/api/auth/refresh",
                        "",
                        null,
                        Map.of("Cookie", cookie.substring(0, cookie.indexOf(';'))))
                .statusCode();
    }

    @Test
    void inTheNameOfAUserTheDatabaseShowsNothingOfOthers() throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                stack.databases().jdbcUrl(),
                stack.databases().user(),
                stack.databases().password())) {
            connection.setAutoCommit(false);
            assertThat(count(connection, "select count(distinct user_id) from workouts"))
                    .isGreaterThan(100);
            try (var as = connection.prepareStatement(
                    "select set_config('app.user_id', ?, true), set_config('role', 'musclemap_member', true)")) {
                as.setString(1, TestStack.DATA.userId(50));
                as.execute();
            }
            for (String table : new String[] {
                "workouts", "workout_sets", "credit_ledger", "sleep_logs", "character_stats", "user_profile_extended"
            }) {
                assertThat(count(
                                connection,
                                "select count(*) from " + table + " where user_id <> '" + TestStack.DATA.userId(50)
                                        + "'"))
                        .as("rows of others in %s", table)
                        .isZero();
            }
            assertThat(count(connection, "select count(*) from character_stats"))
                    .isEqualTo(1);
            assertThat(refused(connection, "select password_hash from users")).isEqualTo("42501");
            connection.rollback();
            assertThat(count(connection, "select count(distinct user_id) from workouts"))
                    .as("the settings ended with their transaction")
                    .isGreaterThan(100);
        }
    }

    @Test
    void inTheNameOfAUserTheDatabaseShowsOnlyHisConversations() throws SQLException {
        String user = TestStack.DATA.userId(0);
        String foreign = "(select conversation_id from conversation_participants where user_id = '" + user + "')";
        try (Connection connection = DriverManager.getConnection(
                stack.databases().jdbcUrl(),
                stack.databases().user(),
                stack.databases().password())) {
            connection.setAutoCommit(false);
            long all = count(connection, "select count(*) from messages");
            long ours = count(connection, "select count(*) from messages where conversation_id in " + foreign);
            long members = count(
                    connection, "select count(*) from conversation_participants where conversation_id in " + foreign);
            assertThat(ours).isBetween(1L, all - 1);
            String other = text(connection, "select min(id) from conversations where id not in " + foreign);
            try (var as = connection.prepareStatement(
                    "select set_config('app.user_id', ?, true), set_config('role', 'musclemap_member', true)")) {
                as.setString(1, user);
                as.execute();
            }
            assertThat(count(connection, "select count(*) from messages")).isEqualTo(ours);
            assertThat(count(connection, "select count(*) from conversation_participants"))
                    .as("his own, and who else is in his conversations")
                    .isEqualTo(members);
            assertThat(count(connection, "select count(*) from conversations where id = '" + other + "'"))
                    .isZero();
            assertThat(refused(
                            connection,
                            "insert into messages (id, conversation_id, sender_id, content, created_at) values ('x', '"
                                    + other + "', '" + user + "', 'hello', now())"))
                    .isEqualTo("42501");
            connection.rollback();
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String refused(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
            return "allowed";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }
}
