package me.musclemap.api.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import me.musclemap.api.Problem;
import me.musclemap.api.embedded.Children.Child;

/**
 * One running PostgreSQL, on loopback only.
 *
 * @param port its TCP port
 */
record Postgres(Child child, int port) implements AutoCloseable {
    static final String VERSION = "17.11";
    static final String DATABASE = "musclemap";
    static final String SUPERUSER = "postgres";

    private static final int ATTEMPTS = 3;
    private static final int ATTEMPTS_AGAIN = 100;
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

    /** What the measured database runs with: durable, and as wide as the plan's own. */
    private static final Map<String, String> MEASURED = Map.ofEntries(
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("wal_level", "replica"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("shared_buffers", "128MB"),
            Map.entry("effective_cache_size", "1GB"),
            Map.entry("max_connections", "100"),
            Map.entry("max_wal_size", "1GB"),
            Map.entry("checkpoint_timeout", "5min"),
            Map.entry("random_page_cost", "1.1"),
            Map.entry("jit", "off"),
            Map.entry("shared_preload_libraries", "pg_stat_statements"),
            Map.entry("max_parallel_workers_per_gather", "0"));

    /** What a snapshot is made with: nothing of it needs to survive a crash. */
    private static final Map<String, String> MAKING = Map.ofEntries(
            Map.entry("fsync", "off"),
            Map.entry("synchronous_commit", "off"),
            Map.entry("full_page_writes", "off"),
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("shared_buffers", "256MB"),
            Map.entry("maintenance_work_mem", "256MB"),
            Map.entry("work_mem", "64MB"),
            Map.entry("max_wal_size", "64MB"), // what is left of it is in the snapshot
            Map.entry("min_wal_size", "32MB"),
            Map.entry("checkpoint_timeout", "1h"),
            Map.entry("autovacuum", "off"),
            Map.entry("jit", "off"));

    /** Makes an empty data directory; all who connect need {@code password}, the superuser's. */
    static void initialise(Binaries binaries, Privileges privileges, Path data, String password) throws IOException {
        Path parent = Files.createDirectories(data.toAbsolutePath().getParent());
        Path passwordFile = Files.writeString(parent.resolve("initdb-password"), password);
        Files.createDirectory(data);
        privileges.give(parent);
        var command = new ArrayList<>(privileges.command());
        command.addAll(List.of(
                binaries.postgres().resolve("bin/initdb").toString(),
                "--pgdata=" + data,
                "--username=" + SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(key -> key.startsWith("PG") || key.startsWith("LC_"));
        builder.environment().put("LANG", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.Charset.defaultCharset());
        try {
            if (process.waitFor() != 0) {
                throw new IOException("initdb failed: "
                        + said.lines()
                                .filter(line -> line.contains("error") || line.contains("could not"))
                                .findFirst()
                                .orElse(said.strip()));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    static Postgres startMeasured(
            Binaries binaries, Privileges privileges, Children children, Path data, String cpus, String password) {
        return start(binaries, privileges, children, data, cpus, password, MEASURED, OptionalInt.empty());
    }

    /** Starts again what was killed, on its own port; it recovers from its log first. */
    static Postgres startAgain(
            Binaries binaries,
            Privileges privileges,
            Children children,
            Path data,
            String cpus,
            String password,
            int port) {
        return start(binaries, privileges, children, data, cpus, password, MEASURED, OptionalInt.of(port));
    }

    static Postgres startMaking(
            Binaries binaries, Privileges privileges, Children children, Path data, String password) {
        return start(binaries, privileges, children, data, "", password, MAKING, OptionalInt.empty());
    }

    private static Postgres start(
            Binaries binaries,
            Privileges privileges,
            Children children,
            Path data,
            String cpus,
            String password,
            Map<String, String> settings,
            OptionalInt wantedPort) {
        Path log = data.resolveSibling("postgres.log");
        for (int attempt = 1; ; attempt++) {
            int port = wantedPort.orElseGet(Ports::free);
            var command = new ArrayList<>(List.of(
                    binaries.postgres().resolve("bin/postgres").toString(),
                    "-D",
                    data.toString(),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories="));
            settings.forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
            // QUIT lets the postmaster end its own children before it goes.
            Child child = children.start("PostgreSQL", cpus, privileges.command(), "QUIT", command, log);
            var postgres = new Postgres(child, port);
            try {
                if (postgres.awaitReady(password)) {
                    return postgres;
                }
            } catch (RuntimeException e) {
                postgres.stopNow();
                throw e;
            }
            String words = child.lastWords();
            // Back ends of one that was killed hold its memory and its port until they notice.
            boolean taken = words.contains("Address already in use")
                    || words.contains("could not create any TCP")
                    || words.contains("pre-existing shared memory block")
                    || words.contains("lock file");
            if (attempt == (wantedPort.isPresent() ? ATTEMPTS_AGAIN : ATTEMPTS) || !taken) {
                throw Problem.failed("PostgreSQL did not start: " + words);
            }
            if (wantedPort.isPresent()) {
                pause();
            }
        }
    }

    /** False when it ended. */
    private boolean awaitReady(String password) {
        long until = System.nanoTime() + START_PATIENCE.toNanos();
        while (child.alive()) {
            try {
                DriverManager.getConnection(jdbcUrl("postgres"), SUPERUSER, password)
                        .close();
                return true;
            } catch (SQLException e) {
                if (System.nanoTime() > until) {
                    throw Problem.failed("PostgreSQL did not answer within " + START_PATIENCE.toSeconds() + " s: "
                            + child.lastWords());
                }
                pause();
            }
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted while PostgreSQL was starting");
        }
    }

    String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    Connection connect(String database, String user, String password) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), user, password);
    }

    /** Stops with a checkpoint: what remains is a clean data directory. */
    void stopCleanly() {
        child.stop("INT", STOP_PATIENCE);
    }

    /** Stops at once: the data directory is thrown away. */
    void stopNow() {
        child.stop("QUIT", Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        stopNow();
    }
}
