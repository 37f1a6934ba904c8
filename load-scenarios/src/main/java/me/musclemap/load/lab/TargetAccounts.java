package me.musclemap.load.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import me.musclemap.load.drive.Accounts;
import me.musclemap.load.drive.Accounts.Account;

/**
 * The accounts that a run uses at a target: created through the product's own sign-up, or given in a file; at the end their workouts in
 * progress are completed and they are logged out. The product has no operation that deletes an account, so created ones stay, in a file
 * that names them. Not thread-safe.
 */
final class TargetAccounts {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int TOO_MANY = 429;
    private static final long LONGEST_WAIT_SECONDS = 60;
    private static final Duration CLEAN_UP_PATIENCE = Duration.ofSeconds(30);
    private static final int UNREACHABLE_AT_MOST = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI target;
    private final boolean varyClientAddress;
    private final Consumer<String> say;
    private final SecureRandom random = new SecureRandom();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    TargetAccounts(URI target, boolean varyClientAddress, Consumer<String> say) {
        this.target = target;
        this.varyClientAddress = varyClientAddress;
        this.say = say;
    }

    /** Signs up this many, one after the other, and writes each to the file before the next: what was created is never forgotten. */
    void create(int count, String runId, Path file) {
        var created = new ArrayList<Account>();
        for (int i = 0; i < count; i++) {
            // Run ids begin with the day; a username has 30 letters at most.
            var name = "headroom-" + runId.substring(runId.indexOf('-') + 1) + "-" + i;
            var account = new Account(name + "@headroom.example", password(), name);
            signUp(account, i, created.size());
            created.add(account);
            write(created, file);
        }
        say.accept(count + " accounts created at " + target + ", listed in " + file);
    }

    private String password() {
        var bytes = new byte[12];
        random.nextBytes(bytes);
        return "Hr-" + HexFormat.of().formatHex(bytes);
    }

    private void signUp(Account account, int number, int created) {
        var input = JSON.createObjectNode();
        input.putObject("input")
                .put("email", account.email())
                .put("password", account.password())
                .put("username", account.username());
        var body = graphql(
                "Register",
                "mutation Register($input: RegisterInput!) { register(input: $input) { token user { id __typename } __typename } }",
                input);
        while (true) {
            var answer = post("/api/graphql", body, "", number);
            if (answer.statusCode() == TOO_MANY) {
                waitForLimiter(answer, created);
                continue;
            }
            if (answer.statusCode() / 100 != 2
                    || json(answer).at("/data/register/token").asText().isEmpty()) {
                throw LabException.failed("--target=" + target + ": refused to sign up " + account.email() + " (http "
                        + answer.statusCode() + " " + shortened(answer.body())
                        + "): give accounts with --accounts FILE");
            }
            return;
        }
    }

    private void waitForLimiter(HttpResponse<String> answer, int created) {
        long seconds = answer.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(Long::parseLong)
                .orElse(10L);
        if (seconds > LONGEST_WAIT_SECONDS) {
            throw LabException.failed("--target=" + target + ": its limiter allows no more sign-ups from here for "
                    + seconds + " s; " + created
                    + " accounts were created: use fewer --users, or give accounts with --accounts FILE");
        }
        say.accept("the target's limiter asks to wait " + seconds + " s before the next sign-up");
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed("interrupted while accounts were created");
        }
    }

    private static void write(List<Account> accounts, Path file) {
        try {
            new Accounts(accounts).write(file);
        } catch (IOException e) {
            throw LabException.failed(
                    file + ": cannot be written (" + e.getMessage() + "): accounts would be forgotten");
        }
    }

    /**
     * Completes what is in progress and logs out; says what stays. It takes at most half a minute, and gives up on a target that
     * answers no more.
     */
    void cleanUp(Accounts accounts, boolean created, Path file) {
        long until = System.nanoTime() + CLEAN_UP_PATIENCE.toNanos();
        int completed = 0;
        int reached = 0;
        int unreachable = 0;
        for (var account : accounts.all()) {
            if (unreachable == UNREACHABLE_AT_MOST || System.nanoTime() > until) {
                break;
            }
            try {
                completed += finish(account, reached + unreachable) ? 1 : 0;
                reached++;
                unreachable = 0;
            } catch (LabException e) {
                unreachable++;
            }
        }
        int left = accounts.all().size() - reached;
        say.accept("cleaned up: " + completed + " workouts in progress completed, " + reached + " accounts logged out"
                + (left == 0 ? "" : ", " + left + " not reached or not reached in time"));
        if (created) {
            say.accept(accounts.all().size() + " accounts named headroom-… stay at " + target + ", listed in " + file
                    + ": the product has no operation that deletes an account");
        }
    }

    private boolean finish(Account account, int number) {
        var input = JSON.createObjectNode();
        input.putObject("input").put("email", account.email()).put("password", account.password());
        var token = json(post(
                        "/api/graphql",
                        graphql(
                                "Login",
                                "mutation Login($input: LoginInput!) { login(input: $input) { token __typename } }",
                                input),
                        "",
                        number))
                .at("/data/login/token")
                .asText();
        if (token.isEmpty()) {
            return false;
        }
        var active = json(post(
                        "/api/graphql",
                        graphql(
                                "ActiveWorkoutSession",
                                "query ActiveWorkoutSession { activeWorkoutSession { id } }",
                                JSON.createObjectNode()),
                        token,
                        number))
                .at("/data/activeWorkoutSession/id")
                .asText();
        boolean completed = false;
        if (!active.isEmpty()) {
            var end = JSON.createObjectNode();
            end.putObject("input").put("sessionId", active).put("isPublic", false);
            completed = !json(post(
                            "/api/graphql",
                            graphql(
                                    "CompleteWorkoutSession",
                                    "mutation CompleteWorkoutSession($input: CompleteWorkoutSessionInput!) { completeWorkoutSession(input: $input) { workout { id __typename } __typename } }",
                                    end),
                            token,
                            number))
                    .at("/data/completeWorkoutSession")
                    .isMissingNode();
        }
        post("/api/auth/logout", "{}", token, number);
        return completed;
    }

    private static String graphql(String name, String query, JsonNode variables) {
        var body = JSON.createObjectNode().put("operationName", name).put("query", query);
        body.set("variables", variables);
        return body.toString();
    }

    private HttpResponse<String> post(String path, String body, String token, int number) {
        var request = HttpRequest.newBuilder(target.resolve(path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (varyClientAddress) {
            request.header(
                    "X-Forwarded-For",
                    "10." + ((number >> 16) & 255) + "." + ((number >> 8) & 255) + "." + (number & 255));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw LabException.failed("--target=" + target + ": no answer ("
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed("interrupted while accounts were created or cleaned up");
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            // Not JSON is as good as nothing: the caller finds no value in it and says so.
            return JSON.missingNode();
        }
    }

    private static String shortened(String text) {
        var line = text.replaceAll("\\s+", " ");
        return line.length() <= 120 ? line : line.substring(0, 120) + "…";
    }
}
