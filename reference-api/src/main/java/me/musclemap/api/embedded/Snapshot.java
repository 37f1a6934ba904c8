package me.musclemap.api.embedded;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import me.musclemap.api.Problem;
import me.musclemap.api.dataset.DataSet;
import me.musclemap.api.dataset.Loader;
import me.musclemap.api.store.Schema;

/**
 * A stopped data directory that holds one data set, kept in the cache and copied for each start.
 *
 * @param directory holds {@code data/} and {@code snapshot.json}
 * @param built whether this call made it
 */
record Snapshot(Path directory, Manifest manifest, boolean built) {
    static final String APPLICATION_USER = "musclemap";

    private static final List<String> MIGRATIONS = List.of(
            "V1__core_tables.sql",
            "V2__keys_and_views.sql",
            "V3__operations.sql",
            "V4__row_level_security.sql",
            "V5__conversations.sql");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What is known of a snapshot.
     *
     * @param rowsSha256 of the rows as they were loaded: equal seeds and sizes give equal hashes on every machine
     * @param bytes of all files in {@code data/}, to notice a damaged one
     * @param password of the application's database user
     * @param superuserPassword of the database's owner
     */
    record Manifest(
            @JsonProperty("rowsSha256") String rowsSha256,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("buildSeconds") double buildSeconds,
            @JsonProperty("password") String password,
            @JsonProperty("superuserPassword") String superuserPassword) {}

    Path data() {
        return directory.resolve("data");
    }

    /** The snapshot of {@code set}, made first when it is absent or damaged. */
    static Snapshot of(
            DataSet set,
            Cache cache,
            Binaries binaries,
            Privileges privileges,
            Children children,
            Consumer<String> progress) {
        String name = "dataset-" + key(set, binaries);
        Path directory = cache.resolve(name);
        if (Files.isDirectory(directory) && !isWhole(directory)) {
            progress.accept("the snapshot " + directory + " is damaged: making it again");
            delete(directory);
        }
        boolean[] made = {false};
        cache.make(name, temporary -> {
            made[0] = true;
            requireSpace(set, temporary);
            new Making(set, binaries, privileges, children, progress).into(temporary);
        });
        return new Snapshot(directory, manifest(directory), made[0]);
    }

    private static void delete(Path directory) {
        try {
            Trees.delete(directory);
        } catch (IOException e) {
            throw Problem.failed("cannot remove " + directory, e);
        }
    }

    private static boolean isWhole(Path directory) {
        try {
            return manifest(directory).bytes() == Trees.bytes(directory.resolve("data"));
        } catch (IOException | Problem e) {
            return false; // unreadable is damaged
        }
    }

    private static Manifest manifest(Path directory) {
        Path file = directory.resolve("snapshot.json");
        try {
            return JSON.readValue(file.toFile(), Manifest.class);
        } catch (IOException e) {
            throw Problem.failed("cannot read " + file + " (remove " + directory + ", it is made again)", e);
        }
    }

    private static void requireSpace(DataSet set, Path where) throws IOException {
        long needed = 150_000_000L + 4_500L * set.users() + 2_500L * set.workouts();
        long free = Files.getFileStore(where).getUsableSpace();
        if (free < needed) {
            throw Problem.failed(
                    "%d MB free in %s: making the data set needs about %d MB; free some or set HEADROOM_CACHE to another disk"
                            .formatted(free / 1_000_000, where.getParent(), needed / 1_000_000));
        }
    }

    private static String key(DataSet set, Binaries binaries) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (String migration : MIGRATIONS) {
                try (var in = Snapshot.class.getResourceAsStream("/db/migration/" + migration)) {
                    if (in == null) {
                        throw new IllegalStateException(migration + " is not on the class path");
                    }
                    digest.update(in.readAllBytes());
                }
            }
            String rest = binaries.postgresHash() + set + DataSet.GENERATOR_VERSION + DataSet.ANCHOR;
            digest.update(rest.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the class path cannot be read", e);
        }
    }

    /** The making of one snapshot. */
    private record Making(
            DataSet set, Binaries binaries, Privileges privileges, Children children, Consumer<String> progress) {
        void into(Path directory) throws IOException {
            long began = System.nanoTime();
            progress.accept("making the data set once: " + set.users() + " users, " + set.workouts()
                    + " workouts, seed " + set.seed());
            String superuserPassword = secret();
            String password = secret();
            Path data = directory.resolve("data");
            Postgres.initialise(binaries, privileges, data, superuserPassword);
            String sha256;
            try (var postgres = Postgres.startMaking(binaries, privileges, children, data, superuserPassword)) {
                createDatabase(postgres, superuserPassword, password);
                sha256 = load(postgres, password);
                settle(postgres, superuserPassword);
                postgres.stopCleanly();
            } catch (SQLException e) {
                throw Problem.failed("the data set could not be made", e);
            }
            Files.deleteIfExists(directory.resolve("postgres.log"));
            double seconds = Math.round((System.nanoTime() - began) / 1e8) / 10.0;
            var manifest = new Manifest(sha256, Trees.bytes(data), seconds, password, superuserPassword);
            Path file = directory.resolve("snapshot.json");
            JSON.writeValue(file.toFile(), manifest);
            Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
            progress.accept("made in %.1f s: %d MB, sha256 of the rows %s"
                    .formatted(seconds, manifest.bytes() / 1_000_000, sha256));
        }

        private void createDatabase(Postgres postgres, String superuserPassword, String password) throws SQLException {
            try (Connection connection = postgres.connect("postgres", Postgres.SUPERUSER, superuserPassword);
                    var statement = connection.createStatement()) {
                statement.execute("create role " + APPLICATION_USER + " login password '" + password + "'");
                statement.execute("create role " + Schema.MEMBER_ROLE + " nologin");
                // Before 16 a membership has no such options; the owner of the tables needs no privilege of the
                // member's.
                var options =
                        connection.getMetaData().getDatabaseMajorVersion() < 16 ? "" : " with inherit false, set true";
                statement.execute("grant " + Schema.MEMBER_ROLE + " to " + APPLICATION_USER + options);
                statement.execute("create database " + Postgres.DATABASE + " owner " + APPLICATION_USER);
            }
            try (Connection connection = postgres.connect(Postgres.DATABASE, Postgres.SUPERUSER, superuserPassword);
                    var statement = connection.createStatement()) {
                statement.execute("create extension pg_stat_statements");
                statement.execute("grant pg_read_all_stats to " + APPLICATION_USER);
            }
        }

        private String load(Postgres postgres, String password) throws SQLException {
            String url = postgres.jdbcUrl(Postgres.DATABASE);
            Schema.createTables(url, APPLICATION_USER, password);
            var loader = new Loader(set, progress);
            try (Connection connection = postgres.connect(Postgres.DATABASE, APPLICATION_USER, password)) {
                loader.load(connection);
            }
            progress.accept("indexes and views");
            Schema.migrate(url, APPLICATION_USER, password);
            try (Connection connection = postgres.connect(Postgres.DATABASE, APPLICATION_USER, password)) {
                return loader.loadLater(connection);
            }
        }

        /** Statistics for the planner, and visibility maps, so that the first minutes of a run do not pay for them. */
        private void settle(Postgres postgres, String superuserPassword) throws SQLException {
            progress.accept("vacuum and statistics");
            try (Connection connection = postgres.connect(Postgres.DATABASE, Postgres.SUPERUSER, superuserPassword);
                    var statement = connection.createStatement()) {
                statement.execute("vacuum (freeze, analyze)");
                statement.execute("checkpoint");
            }
        }

        private static String secret() {
            byte[] bytes = new byte[18];
            new SecureRandom().nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }
    }

    /** Copies the data to {@code target}, and has the disk finish writing it before anything is measured. */
    Duration restore(Path target, Privileges privileges) {
        long began = System.nanoTime();
        try {
            Trees.copy(data(), target);
            privileges.give(target);
            Trees.flush(target);
        } catch (IOException e) {
            throw Problem.failed("cannot restore the snapshot", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted while restoring the snapshot");
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
