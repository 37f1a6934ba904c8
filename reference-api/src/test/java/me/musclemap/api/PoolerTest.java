package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Behind a real PgBouncer that lends its two connections for a transaction at a time. Skipped where there is none. */
@ExtendWith(SharedStack.class)
class PoolerTest {
    private static final Path PGBOUNCER = Path.of("/usr/sbin/pgbouncer");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int USERS = 12;

    private final TestStack stack;
    private final HttpClient client = HttpClient.newHttpClient();

    PoolerTest(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void behindAPoolerInTransactionModeEverybodySeesHisOwn() throws Exception {
        assumeTrue(Files.isExecutable(PGBOUNCER), "pgbouncer is not installed");
        Path directory = Files.createTempDirectory(
                "headroom-pooler", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        int port = free();
        Process pooler = start(directory, port);
        try {
            awaitListening(pooler, port);
            // This PgBouncer may be older than 1.21, which knows no prepared statements.
            String url = "jdbc:postgresql://127.0.0.1:" + port + "/musclemap?prepareThreshold=0";
            try (TestStack.Instance pooled = stack.through(url)) {
                everybodyTrains(pooled.port());
            }
        } finally {
            pooler.destroy();
            assertThat(pooler.waitFor(10, TimeUnit.SECONDS)).isTrue();
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    /** More at once than the pooler has connections, so that each connection serves many users. */
    private void everybodyTrains(int port) throws Exception {
        for (int round = 0; round < 3; round++) {
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < USERS; i++) {
                answers.add(ask(
                        port,
                        user(i),
                        "{ me { id } activeWorkoutSession { id userId } conversations { participants { userId } } }",
                        Map.of()));
            }
            for (int i = 0; i < USERS; i++) {
                JsonNode data = TestStack.json(answers.get(i).get().body()).get("data");
                String id = TestStack.DATA.userId(user(i));
                assertThat(data.at("/me/id").asText()).isEqualTo(id);
                assertThat(data.at("/activeWorkoutSession/id").asText()).isEqualTo(TestStack.DATA.sessionId(user(i)));
                for (JsonNode conversation : data.get("conversations")) {
                    assertThat(conversation.at("/participants").findValuesAsText("userId"))
                            .contains(id);
                }
            }
        }
        for (int i = 0; i < USERS; i++) {
            var set = Map.of(
                    "sessionId", TestStack.DATA.sessionId(user(i)), "exerciseId", "ex-003", "setNumber", 1, "reps", 7);
            JsonNode logged = TestStack.json(ask(
                            port,
                            user(i),
                            "mutation($in: LogSetInput!) { logSet(input: $in) { setLogged { reps } } }",
                            Map.of("in", set))
                    .get()
                    .body());
            assertThat(logged.at("/data/logSet/setLogged/reps").asInt()).isEqualTo(7);
        }
    }

    /** Users with a workout in progress, whom no other test trains. */
    private static int user(int i) {
        return 300 + 2 * i;
    }

    private CompletableFuture<HttpResponse<String>> ask(int port, int user, String query, Map<String, ?> variables)
            throws IOException {
        String body = JSON.writeValueAsString(Map.of("query", query, "variables", variables));
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/graphql"))
                        .header("Authorization", "Bearer " + stack.token(user))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private Process start(Path directory, int port) throws IOException {
        URI database = URI.create(stack.databases().jdbcUrl().substring("jdbc:".length()));
        Path settings = directory.resolve("pgbouncer.ini");
        Files.writeString(settings, """
                [databases]
                musclemap = host=127.0.0.1 port=%d dbname=musclemap user=%s password=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 2
                ignore_startup_parameters = extra_float_digits
                """.formatted(
                database.getPort(), stack.databases().user(), stack.databases().password(), port));
        var command = new ArrayList<String>();
        if ("root".equals(System.getProperty("user.name"))) { // as whom it refuses to run
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        command.addAll(List.of(PGBOUNCER.toString(), settings.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int free() throws IOException {
        try (var probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private static void awaitListening(Process pooler, int port) throws Exception {
        for (int attempt = 0; attempt < 200; attempt++) {
            try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(probe.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                assertThat(pooler.isAlive()).as("pgbouncer runs").isTrue();
                Thread.sleep(50);
            }
        }
        throw new AssertionError("pgbouncer does not listen");
    }
}
