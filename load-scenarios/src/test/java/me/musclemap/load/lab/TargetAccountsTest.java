package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import me.musclemap.load.drive.Accounts;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.Window;
import me.musclemap.load.workload.Workload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts at a deployment that signs people up, has a limiter, and keeps a workout in progress. */
class TargetAccountsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;

    private final HttpServer product;
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> addresses = Collections.synchronizedList(new ArrayList<>());
    private final List<String> said = new ArrayList<>();
    private volatile String retryAfter = "1";
    private final AtomicInteger signUpsUntilLimit = new AtomicInteger(Integer.MAX_VALUE);

    TargetAccountsTest() throws IOException {
        product = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void aProduct() {
        product.createContext("/", this::answer);
        product.start();
    }

    @AfterEach
    void stop() {
        product.stop(0);
    }

    @Test
    void accountsAreSignedUpWithTheLimitersLeaveAndNamedInAFileOfTheirOwner() throws IOException {
        signUpsUntilLimit.set(2);
        var file = dir.resolve("accounts.csv");
        accounts(false).create(3, "20261123-031500-abcd", file);
        assertThat(asked).containsExactly("Register", "Register", "Register 429", "Register");
        assertThat(said).anyMatch(line -> line.contains("asks to wait 1 s"));
        assertThat(Accounts.read(file).all())
                .extracting(Accounts.Account::username)
                .containsExactly("headroom-031500-abcd-0", "headroom-031500-abcd-1", "headroom-031500-abcd-2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(addresses).as("all come from here").containsOnly("");
    }

    @Test
    void aLimiterThatWantsAnHourEndsItAndSaysHowManyWereCreated() throws IOException {
        signUpsUntilLimit.set(1);
        retryAfter = "3600";
        var file = dir.resolve("accounts.csv");
        assertThatThrownBy(() -> accounts(false).create(3, "20261123-031500-abcd", file))
                .isInstanceOf(LabException.class)
                .hasMessageContainingAll(
                        "no more sign-ups from here for 3600 s", "1 accounts were created", "--accounts");
        assertThat(Accounts.read(file).all())
                .as("what was created is not forgotten")
                .hasSize(1);
    }

    @Test
    void onlyWhenItIsAskedForEachUserShowsAnAddressOfItsOwn() {
        accounts(true).create(3, "20261123-031500-abcd", dir.resolve("accounts.csv"));
        assertThat(addresses).containsExactly("10.0.0.0", "10.0.0.1", "10.0.0.2");
    }

    @Test
    void atTheEndWorkoutsAreCompletedAndAccountsLoggedOutAndWhatStaysIsNamed() throws IOException {
        var file = dir.resolve("accounts.csv");
        Files.writeString(file, "busy@x.example,secret\nidle@x.example,secret\n");
        accounts(false).cleanUp(Accounts.read(file), true, file);
        assertThat(asked)
                .containsExactly(
                        "Login",
                        "ActiveWorkoutSession",
                        "CompleteWorkoutSession",
                        "/api/auth/logout",
                        "Login",
                        "ActiveWorkoutSession",
                        "/api/auth/logout");
        assertThat(said)
                .anyMatch(line -> line.contains("1 workouts in progress completed, 2 accounts logged out"))
                .anyMatch(line -> line.contains("stay at") && line.contains("no operation that deletes an account"));
    }

    @Test
    void aTargetThatIsGoneIsNotWaitedForAccountByAccount() throws IOException {
        var file = dir.resolve("accounts.csv");
        var lines = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            lines.append("u").append(i).append("@x.example,secret\n");
        }
        Files.writeString(file, lines);
        new TargetAccounts(URI.create("http://127.0.0.1:1"), false, said::add)
                .cleanUp(Accounts.read(file), false, file);
        assertThat(said).anyMatch(line -> line.contains("0 accounts logged out, 50 not reached"));
    }

    @Test
    void aLimiterThatAnswersMoreThanAFewRequestsEndsTheRunWithWhatToDo() {
        var day = Workload.load(
                Path.of(System.getProperty("repo.root", ".."), "load-scenarios/workloads/musclemap-day.yaml"));
        var latency = new Window.Latency(90, 0.1, 0.1, 0.1, 0.1, 0.1);
        var window = new Window(
                0,
                0,
                Window.Role.SCENARIO,
                0,
                10,
                "workload",
                1,
                new Window.Size(20, 0),
                10,
                10,
                9,
                0,
                20,
                0,
                Map.of("MyStats", 98L),
                Map.of("MyStats", 2L),
                new Window.Latencies(latency, latency),
                0.0,
                new Window.GeneratorHealth(0, 0),
                0,
                null,
                null,
                null);
        var record = Changed.of(TestRecords.first(day)).windows(List.of(window)).record();
        var target = URI.create("http://127.0.0.1:1");
        Targets.requireStill(target, record, Map.of("MyStats: http 429", 1L));
        assertThatThrownBy(() -> Targets.requireStill(target, record, Map.of("MyStats: http 429", 2L)))
                .isInstanceOf(LabException.class)
                .hasMessageContainingAll("429 to 2 of 100", "--vary-client-address");
    }

    private TargetAccounts accounts(boolean varyClientAddress) {
        var target = URI.create("http://127.0.0.1:" + product.getAddress().getPort());
        return new TargetAccounts(target, varyClientAddress, said::add);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var address = exchange.getRequestHeaders().getFirst("X-Forwarded-For");
            addresses.add(address == null ? "" : address);
            var path = exchange.getRequestURI().getPath();
            var request = JSON.readTree(body);
            var name =
                    path.equals("/api/graphql") ? request.path("operationName").asText() : path;
            if (name.equals("Register") && signUpsUntilLimit.getAndDecrement() == 0) {
                asked.add("Register 429");
                signUpsUntilLimit.set(Integer.MAX_VALUE);
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
                exchange.sendResponseHeaders(429, -1);
                return;
            }
            asked.add(name);
            var email = request.at("/variables/input/email").asText();
            var text = answer(name, email.isEmpty() ? token(exchange) : email);
            exchange.sendResponseHeaders(200, text.length());
            exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String token(HttpExchange exchange) {
        var header = exchange.getRequestHeaders().getFirst("Authorization");
        return header == null ? "" : header;
    }

    /** The token is the account's address, so that who asks is known. */
    private static String answer(String name, String who) {
        return switch (name) {
            case "Register" -> "{\"data\":{\"register\":{\"token\":\"" + who + "\"}}}";
            case "Login" -> "{\"data\":{\"login\":{\"token\":\"" + who + "\"}}}";
            case "ActiveWorkoutSession" ->
                who.contains("busy")
                        ? "{\"data\":{\"activeWorkoutSession\":{\"id\":\"ws_1\"}}}"
                        : "{\"data\":{\"activeWorkoutSession\":null}}";
            case "CompleteWorkoutSession" -> "{\"data\":{\"completeWorkoutSession\":{\"workout\":{\"id\":\"w\"}}}}";
            default -> "{}";
        };
    }
}
