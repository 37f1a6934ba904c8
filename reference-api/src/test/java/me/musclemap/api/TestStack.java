package me.musclemap.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.api.dataset.DataSet;
import me.musclemap.api.embedded.Binaries;
import me.musclemap.api.embedded.Cache;
import me.musclemap.api.embedded.EmbeddedStack;
import me.musclemap.api.http.Certificate;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.jspecify.annotations.Nullable;

/** The real service over real databases with a small data set, in this process. */
final class TestStack implements AutoCloseable {
    static final DataSet DATA = new DataSet(500, 1_000, 42);
    static final Path ROOM = Path.of(System.getProperty("repo.root", "..")).resolve("reference-api");

    private static final int IN_FLIGHT = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final EmbeddedStack databases;
    private final boolean ownsDatabases;
    private final List<String> replicas;
    private final Api.Guard guard;
    private final Telemetry telemetry;
    private final Api api;
    private final AccessTokens tokens;
    private final HttpClient client = HttpClient.newHttpClient();

    private TestStack(Optional<URI> collector) {
        this(collector, temporary(), Optional.empty(), List.of(), Optional.empty());
    }

    private TestStack(
            Optional<URI> collector,
            Path directory,
            Optional<EmbeddedStack> shared,
            List<String> replicas,
            Optional<Certificate> certificate) {
        this.directory = directory;
        ownsDatabases = shared.isEmpty();
        databases = shared.orElseGet(() -> EmbeddedStack.start(
                DATA, directory.resolve("databases"), "", Binaries.unpack(cache()), cache(), line -> {}));
        telemetry = Telemetry.start(TelemetryConfig.of("reference-api", "test").logFrom("ERROR"));
        Path key = directory.resolve("key.json");
        AccessTokens.writeNewKey(key);
        tokens = new AccessTokens(AccessTokens.readKey(key), Clock.systemUTC());
        this.replicas = List.copyOf(replicas);
        this.guard = new Api.Guard(Api.Guard.LOOPBACK, true, List.of("https://app.example"), 1_000, certificate);
        api = new Api(settings(0, collector, Api.Sharing.USUAL, IN_FLIGHT, false), telemetry);
    }

    private Api.Settings settings(
            int port, Optional<URI> collector, Api.Sharing sharing, int inFlight, boolean production) {
        return settings(databases.jdbcUrl(), port, collector, sharing, inFlight, production);
    }

    private Api.Settings settings(
            String jdbcUrl, int port, Optional<URI> collector, Api.Sharing sharing, int inFlight, boolean production) {
        return new Api.Settings(
                port,
                jdbcUrl,
                replicas,
                databases.user(),
                databases.password(),
                databases.redisUri(),
                AccessTokens.readKey(directory.resolve("key.json")),
                collector,
                8,
                inFlight,
                1,
                Duration.ZERO,
                false,
                sharing,
                production,
                guard);
    }

    /** Another instance over the same databases; 0 for a free port. */
    Instance another(int port, Api.Sharing sharing) {
        return another(port, sharing, IN_FLIGHT, false);
    }

    /** Another instance that works on so few requests at once. */
    Instance narrow(int inFlight) {
        return another(0, Api.Sharing.USUAL, inFlight, false);
    }

    /** Another instance that costs what the real product was measured to cost. */
    Instance asDearAsProduction() {
        return another(0, Api.Sharing.USUAL, IN_FLIGHT, true);
    }

    /** Another instance that holds so many connections open at once. */
    Instance withConnections(int most) {
        return guarded(new Api.Guard(Api.Guard.LOOPBACK, true, List.of(), most, Optional.empty()));
    }

    /** Another instance that listens on another address. */
    Instance on(String listen) {
        return guarded(new Api.Guard(listen, true, List.of(), 1_000, Optional.empty()));
    }

    private Instance guarded(Api.Guard other) {
        Api.Settings usual = settings(0, Optional.empty(), Api.Sharing.USUAL, IN_FLIGHT, false);
        return another(new Api.Settings(
                usual.port(),
                usual.jdbcUrl(),
                usual.replicas(),
                usual.user(),
                usual.password(),
                usual.redisUri(),
                usual.signingKey(),
                usual.collector(),
                usual.poolSize(),
                usual.inFlightMax(),
                usual.hashingThreads(),
                usual.refreshEvery(),
                usual.virtualThreads(),
                usual.sharing(),
                usual.production(),
                other));
    }

    /** Another instance that hands web-vitals to {@code collector}. */
    Instance withCollector(URI collector) {
        return another(settings(0, Optional.of(collector), Api.Sharing.USUAL, IN_FLIGHT, false));
    }

    /** Another instance that finds the database at {@code jdbcUrl}: a pooler in front of it, for example. */
    Instance through(String jdbcUrl) {
        return another(settings(jdbcUrl, 0, Optional.empty(), Api.Sharing.USUAL, IN_FLIGHT, false));
    }

    private Instance another(int port, Api.Sharing sharing, int inFlight, boolean production) {
        return another(settings(port, Optional.empty(), sharing, inFlight, production));
    }

    private static Instance another(Api.Settings settings) {
        // Metrics of its own: a pool that closes takes its meters with it.
        Telemetry own =
                Telemetry.start(TelemetryConfig.of("reference-api", "test").logFrom("ERROR"));
        return new Instance(new Api(settings, own), own);
    }

    record Instance(Api api, Telemetry telemetry) implements AutoCloseable {
        int port() {
            return api.port();
        }

        @Override
        public void close() {
            api.close();
            telemetry.registry().close(); // not the logging, which the whole process shares
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("headroom api ");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another instance over the same databases. */
    TestStack another() {
        return another(List.of());
    }

    /** Another instance over the same databases, which reads from these replicas. */
    TestStack another(List<String> replicas) {
        return new TestStack(Optional.empty(), temporary(), Optional.of(databases), replicas, Optional.empty());
    }

    /** Another instance over the same databases, which speaks TLS. */
    TestStack another(Certificate certificate) {
        return new TestStack(
                Optional.empty(), temporary(), Optional.of(databases), List.of(), Optional.of(certificate));
    }

    static TestStack start() {
        return new TestStack(Optional.empty());
    }

    static TestStack start(URI collector) {
        return new TestStack(Optional.of(collector));
    }

    /** Kept between test runs, so that the snapshot is made once a build directory. */
    static Cache cache() {
        return new Cache(ROOM.resolve("target").resolve("test cache").toAbsolutePath());
    }

    EmbeddedStack databases() {
        return databases;
    }

    Telemetry telemetry() {
        return telemetry;
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + api.port() + path);
    }

    /** A token of the seeded user {@code i}. */
    String token(int i) {
        return tokens.issue(DATA.userId(i), DataSet.email(i), List.of("user"));
    }

    /** A token of the seeded user {@code i} with these roles. */
    String token(int i, String... roles) {
        return tokens.issue(DATA.userId(i), DataSet.email(i), List.of(roles));
    }

    /** How long a key of Redis has to live, in seconds. */
    long secondsToLive(String key) {
        RedisClient client = RedisClient.create(databases.redisUri());
        try (var connection = client.connect()) {
            return connection.sync().ttl(key);
        } finally {
            client.shutdown();
        }
    }

    /** Posts an operation; the answer as it came. */
    HttpResponse<String> post(String query, Map<String, ?> variables, @Nullable String token) {
        try {
            String body = JSON.writeValueAsString(Map.of("query", query, "variables", variables));
            return send("POST", "/api/graphql", body, token, Map.of("Content-Type", "application/json"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Posts an operation; its data, which must be without errors. */
    JsonNode data(String query, Map<String, ?> variables, @Nullable String token) {
        JsonNode answer = json(post(query, variables, token).body());
        if (answer.has("errors")) {
            throw new AssertionError("errors: " + answer.get("errors"));
        }
        return answer.get("data");
    }

    /** Posts an operation; the code of its first error. */
    String errorCode(String query, Map<String, ?> variables, @Nullable String token) {
        return json(post(query, variables, token).body())
                .path("errors")
                .path(0)
                .path("extensions")
                .path("code")
                .asText();
    }

    HttpResponse<String> send(
            String method, String path, String body, @Nullable String token, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(url(path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, "", null, Map.of());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        api.close();
        if (ownsDatabases) {
            telemetry.close();
            databases.close();
        } else {
            telemetry.registry().close(); // not the logging, which the whole process shares
        }
        try {
            Files.deleteIfExists(directory.resolve("key.json"));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
