package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedStack.class)
class AccountsTest {
    private static final String LOGIN =
            "mutation($input: LoginInput!) { login(input: $input) { token user { id username } } }";
    private static final String REGISTER =
            "mutation($input: RegisterInput!) { register(input: $input) { token user { id } } }";
    private static final String ME = "{ me { id } }";

    private final TestStack stack;

    AccountsTest(TestStack stack) {
        this.stack = stack;
    }

    private static Map<String, ?> login(int user, String password) {
        return Map.of("input", Map.of("email", "user" + user + "@headroom.example", "password", password));
    }

    private HttpResponse<String> refresh(String cookie) {
        return stack.send("POST", "/api/auth/refresh", "", null, Map.of("Cookie", cookie));
    }

    private static String cookie(HttpResponse<String> answer) {
        String set = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(set).contains("HttpOnly").contains("SameSite=Strict").contains("Path=/api/auth");
        return set.substring(0, set.indexOf(';'));
    }

    @Test
    void aSeededUserLogsInWithItsPassword() {
        var data = stack.data(LOGIN, login(70, "headroom-6"), null);
        assertThat(data.at("/login/user/id").asText()).isEqualTo(TestStack.DATA.userId(70));
        assertThat(stack.data(ME, Map.of(), data.at("/login/token").asText())
                        .at("/me/id")
                        .asText())
                .isEqualTo(TestStack.DATA.userId(70));
    }

    @Test
    void aWrongPasswordAndAnUnknownAddressGetTheSameAnswer() {
        HttpResponse<String> wrong = stack.post(LOGIN, login(70, "headroom-7"), null);
        HttpResponse<String> unknown = stack.post(LOGIN, login(70_000, "headroom-7"), null);
        assertThat(wrong.statusCode()).isEqualTo(200);
        assertThat(wrong.body()).contains("UNAUTHENTICATED").isEqualTo(unknown.body());
    }

    @Test
    void aRefreshTokenIsGoodOnceAndItsTheftEndsTheFamily() {
        String first = cookie(stack.post(LOGIN, login(71, "headroom-7"), null));
        HttpResponse<String> renewed = refresh(first);
        assertThat(renewed.statusCode()).isEqualTo(200);
        String token = TestStack.json(renewed.body()).at("/data/token").asText();
        assertThat(stack.data(ME, Map.of(), token).at("/me/id").asText()).isEqualTo(TestStack.DATA.userId(71));
        assertThat(renewed.body()).doesNotContain("refreshToken");
        String second = cookie(renewed);
        assertThat(second).isNotEqualTo(first);
        assertThat(refresh(first).statusCode()).as("used again by a thief").isEqualTo(401);
        assertThat(refresh(second).statusCode())
                .as("and so the owner has to log in again")
                .isEqualTo(401);
    }

    @Test
    void afterLogoutTheRefreshTokenIsGone() {
        String cookie = cookie(stack.post(LOGIN, login(72, "headroom-8"), null));
        assertThat(stack.send("POST", "/api/auth/logout", "", null, Map.of("Cookie", cookie))
                        .statusCode())
                .isEqualTo(204);
        assertThat(refresh(cookie).statusCode()).isEqualTo(401);
    }

    @Test
    void whoRegistersIsInAndMayNotRegisterTwice() {
        var input = Map.of(
                "input", Map.of("email", "New.One@headroom.example", "username", "new-one", "password", "long-enough"));
        var data = stack.data(REGISTER, input, null);
        String token = data.at("/register/token").asText();
        assertThat(stack.data(ME, Map.of(), token).at("/me/id").asText())
                .isEqualTo(data.at("/register/user/id").asText());
        assertThat(stack.data("{ economyWallet { balance { credits } } }", Map.of(), token)
                        .at("/economyWallet/balance/credits")
                        .asInt())
                .isEqualTo(100);
        assertThat(stack.errorCode(REGISTER, input, null)).isEqualTo("BAD_USER_INPUT");
    }

    @Test
    void aBadTokenIsAsGoodAsNone() {
        String good = stack.token(73);
        String forged = good.substring(0, good.length() - 4) + (good.endsWith("AAAA") ? "BBBB" : "AAAA");
        assertThat(stack.errorCode(ME, Map.of(), forged)).isEqualTo("UNAUTHENTICATED");
        assertThat(stack.errorCode(ME, Map.of(), null)).isEqualTo("UNAUTHENTICATED");
        assertThat(stack.data("{ myMuscleActivations { muscleId } }", Map.of(), forged)
                        .get("myMuscleActivations"))
                .isEmpty();
    }

    @Test
    void whoseAccountIsGoneIsToldSoWhateverTheTokenSays() {
        String session = "{\"sessionId\":\"of-nobody-1\",\"startedAt\":1768000000000,\"sets\":[]}";
        HttpResponse<String> refused = stack.send(
                "POST", "/api/sessions", session, stack.token(900_000), Map.of("Content-Type", "application/json"));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(401);
    }
}
