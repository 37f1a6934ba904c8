package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How often somebody may ask. Every test asks from addresses of its own. */
@ExtendWith(SharedStack.class)
class LimitsTest {
    private static final String PUBLIC = "{\"query\":\"{ communityPresence { total } }\"}";
    private static final String LOGIN = "mutation($input: LoginInput!) { login(input: $input) { token user { id } } }";

    private final TestStack stack;

    LimitsTest(TestStack stack) {
        this.stack = stack;
    }

    private HttpResponse<String> ask(String address, String body, boolean premium) {
        return stack.send(
                "POST",
                "/api/graphql",
                body,
                premium ? stack.token(40, "user", "premium") : null,
                Map.of("X-Forwarded-For", address, "Content-Type", "application/json"));
    }

    @Test
    void theSixtyFirstAnonymousRequestOfAMinuteIsRefusedWithWhenToComeBack() {
        List<HttpResponse<String>> answers = IntStream.rangeClosed(1, 61)
                .mapToObj(i -> ask("192.0.2.1", PUBLIC, false))
                .toList();
        assertThat(answers.subList(0, 60)).allMatch(answer -> answer.statusCode() == 200);
        assertThat(answers.get(0).headers().firstValue("x-ratelimit-limit")).hasValue("60");
        assertThat(answers.get(0).headers().firstValue("x-ratelimit-remaining")).hasValue("59");
        HttpResponse<String> refused = answers.get(60);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
        assertThat(TestStack.json(refused.body()).at("/error/code").asText()).isEqualTo("RATE_LIMIT_EXCEEDED");
        assertThat(ask("192.0.2.2", PUBLIC, false).statusCode())
                .as("another address is another caller")
                .isEqualTo(200);
    }

    @Test
    void twoInstancesCountTogether() {
        try (var other = stack.another()) {
            int refused = 0;
            for (int i = 0; i < 80; i++) {
                var asked = i % 2 == 0 ? stack : other;
                var answer =
                        asked.send("GET", "/api/community/presence", "", null, Map.of("X-Forwarded-For", "192.0.2.3"));
                refused += answer.statusCode() == 429 ? 1 : 0;
            }
            assertThat(refused).as("of 80 requests to both").isEqualTo(20);
        }
    }

    @Test
    void whoPaysMayAskMore() {
        assertThat(ask("192.0.2.4", PUBLIC, true).headers().firstValue("x-ratelimit-limit"))
                .hasValue("5000");
        var authenticated = stack.send(
                "POST",
                "/api/graphql",
                PUBLIC,
                stack.token(41),
                Map.of("X-Forwarded-For", "192.0.2.4", "Content-Type", "application/json"));
        assertThat(authenticated.headers().firstValue("x-ratelimit-limit")).hasValue("1000");
    }

    @Test
    void aBatchCountsAsWhatItHolds() {
        String ten = "[" + "{\"query\":\"{ communityPresence { total } }\"},".repeat(9)
                + "{\"query\":\"{ communityPresence { total } }\"}]";
        HttpResponse<String> answer = ask("192.0.2.5", ten, false);
        assertThat(answer.headers().firstValue("x-ratelimit-remaining")).hasValue("50");
    }

    private HttpResponse<String> tenMutations(String token) {
        String one = "{\"query\":\"mutation { updatePresence(status: \\\"online\\\") { online } }\"}";
        return stack.send(
                "POST",
                "/api/graphql",
                "[" + (one + ",").repeat(9) + one + "]",
                token,
                Map.of("X-Forwarded-For", "192.0.2.9", "Content-Type", "application/json"));
    }

    @Test
    void mutationsHaveALimitOfTheirOwnAndRestWritesAreSome() {
        String token = stack.token(44);
        for (int i = 0; i < 10; i++) {
            assertThat(tenMutations(token).statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refused = tenMutations(token);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("x-ratelimit-limit")).hasValue("100");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        var headers = Map.of("X-Forwarded-For", "192.0.2.9", "Content-Type", "application/json");
        assertThat(stack.send("POST", "/api/graphql", PUBLIC, token, headers).statusCode())
                .as("reading goes on")
                .isEqualTo(200);
        assertThat(stack.send("POST", "/api/community/presence", "{}", token, headers)
                        .statusCode())
                .isEqualTo(429);
        assertThat(stack.send("POST", "/api/sessions", "{}", token, headers).statusCode())
                .isEqualTo(429);
        assertThat(stack.send("GET", "/api/sessions/status", "", token, headers).statusCode())
                .isEqualTo(200);
    }

    @Test
    void whoPaysIsKnownByHisLoginAndMayChangeMore() throws Exception {
        try (Connection owner = DriverManager.getConnection(
                        stack.databases().jdbcUrl(),
                        stack.databases().user(),
                        stack.databases().password());
                var statement = owner.prepareStatement(
                        "update users set roles = '[\"user\", \"premium\"]'::jsonb where id = ?")) {
            statement.setString(1, TestStack.DATA.userId(46));
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
        String token = stack.data(
                        "mutation($i: LoginInput!) { login(input: $i) { token } }",
                        Map.of("i", Map.of("email", "user46@headroom.example", "password", "headroom-46")),
                        null)
                .at("/login/token")
                .asText();
        for (int i = 0; i < 11; i++) {
            HttpResponse<String> answer = tenMutations(token);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-ratelimit-limit")).hasValue("5000");
        }
    }

    @Test
    void theEleventhLoginOfAMinuteIsRefusedAlsoThroughABatch() {
        String login = "{\"query\":\"" + LOGIN.replace("\"", "\\\"")
                + "\",\"variables\":{\"input\":{\"email\":\"nobody@headroom.example\",\"password\":\"x\"}}}";
        HttpResponse<String> ten = ask("192.0.2.6", "[" + (login + ",").repeat(9) + login + "]", false);
        assertThat(ten.body()).contains("UNAUTHENTICATED").doesNotContain("TOO_MANY_REQUESTS");
        HttpResponse<String> eleventh = ask("192.0.2.6", login, false);
        assertThat(eleventh.statusCode()).isEqualTo(429);
        assertThat(eleventh.headers().firstValue("Retry-After")).isPresent();
        assertThat(eleventh.body()).contains("TOO_MANY_REQUESTS");
    }

    @Test
    void theSixthSignUpOfAnHourIsRefused() {
        String body = "{\"query\":\"mutation($i: RegisterInput!) { register(input: $i) { token } }\","
                + "\"variables\":{\"i\":{\"email\":\"no address\",\"username\":\"x\",\"password\":\"y\"}}}";
        for (int i = 0; i < 5; i++) {
            assertThat(ask("192.0.2.7", body, false).body()).contains("BAD_USER_INPUT");
        }
        assertThat(ask("192.0.2.7", body, false).statusCode()).isEqualTo(429);
    }

    /** One more than the bound is taken off the kernel's queue: whoever accepts was waiting for it already. */
    @Test
    void connectionsBeyondTheBoundWaitUntilOneEnds() throws Exception {
        var sockets = new ArrayList<Socket>();
        try (TestStack.Instance few = stack.withConnections(2)) {
            for (int i = 0; i < 6; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), few.port());
                socket.getOutputStream()
                        .write("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                sockets.add(socket);
            }
            assertThat(awaitAnswered(sockets, 2)).hasSizeLessThanOrEqualTo(3);
            Thread.sleep(400);
            List<Socket> first = awaitAnswered(sockets, 2);
            assertThat(first).hasSizeBetween(2, 3);
            int before = first.size();
            Socket ended = first.get(0);
            sockets.remove(ended);
            ended.close();
            assertThat(awaitAnswered(sockets, before)).hasSize(before);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static List<Socket> awaitAnswered(List<Socket> sockets, int many) throws Exception {
        for (int attempt = 0; attempt < 400; attempt++) {
            var answered = new ArrayList<Socket>();
            for (Socket socket : sockets) {
                if (socket.getInputStream().available() > 0) {
                    answered.add(socket);
                }
            }
            if (answered.size() >= many) {
                return answered;
            }
            Thread.sleep(25);
        }
        throw new AssertionError("fewer than " + many + " connections were served");
    }

    @Test
    void moreThanTenMegabytesAreNotRead() {
        assertThat(ask("192.0.2.8", "x".repeat(10 * 1024 * 1024 + 1), false).statusCode())
                .isEqualTo(413);
    }
}
