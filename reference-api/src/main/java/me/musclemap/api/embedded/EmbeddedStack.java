package me.musclemap.api.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import me.musclemap.api.Problem;
import me.musclemap.api.dataset.DataSet;

/**
 * PostgreSQL with a data set, and Redis, running as our children. Closing ends both and removes their directory; if we are
 * killed, the kernel ends both, and the next start removes the directory.
 */
public final class EmbeddedStack implements AutoCloseable {
    private final Registry registry;
    private final Path directory;
    private final Children children;
    private final Binaries binaries;
    private final Privileges privileges;
    private final String cpus;
    private volatile Postgres postgres;
    private volatile Redis redis;
    private final Snapshot snapshot;
    private final DataSet set;

    private EmbeddedStack(
            Registry registry,
            Path directory,
            Children children,
            Binaries binaries,
            Privileges privileges,
            String cpus,
            Postgres postgres,
            Redis redis,
            Snapshot snapshot,
            DataSet set) {
        this.registry = registry;
        this.directory = directory;
        this.children = children;
        this.binaries = binaries;
        this.privileges = privileges;
        this.cpus = cpus;
        this.postgres = postgres;
        this.redis = redis;
        this.snapshot = snapshot;
        this.set = set;
    }

    /**
     * Starts both.
     *
     * @param directory made by this call and removed at the end; must not exist, be empty, or be left over from a dead owner
     * @param binaries the programs of both
     * @param cpus the cores that both may run on, as {@code taskset} writes them; empty for all
     * @param progress is told lines for a person
     */
    public static EmbeddedStack start(
            DataSet set, Path directory, String cpus, Binaries binaries, Cache cache, Consumer<String> progress) {
        Path absolute = directory.toAbsolutePath().normalize();
        var registry = new Registry(cache);
        registry.removeLeftOvers(progress);
        registry.claim(absolute);
        var children = new Children();
        try {
            Privileges privileges = Privileges.ofThisUser();
            Snapshot snapshot = Snapshot.of(set, cache, binaries, privileges, children, progress);
            Path data = absolute.resolve("data");
            var took = snapshot.restore(data, privileges);
            progress.accept("restored %d MB in %.1f s"
                    .formatted(snapshot.manifest().bytes() / 1_000_000, took.toMillis() / 1e3));
            Path logs = absolute.resolve("postgres.log");
            Files.createFile(logs);
            Postgres postgres = Postgres.startMeasured(
                    binaries,
                    privileges,
                    children,
                    data,
                    cpus,
                    snapshot.manifest().superuserPassword());
            try {
                markRestored(postgres, snapshot.manifest().password());
                Redis redis = Redis.start(binaries, children, absolute, cpus);
                return new EmbeddedStack(
                        registry, absolute, children, binaries, privileges, cpus, postgres, redis, snapshot, set);
            } catch (RuntimeException e) {
                postgres.close();
                throw e;
            }
        } catch (IOException e) {
            abandon(children, registry, absolute);
            throw Problem.failed("cannot write to " + absolute, e);
        } catch (RuntimeException e) {
            abandon(children, registry, absolute);
            throw e;
        }
    }

    private static void abandon(Children children, Registry registry, Path directory) {
        children.close();
        registry.release(directory);
    }

    /** The data set's own time goes on from its anchor at this moment. */
    private static void markRestored(Postgres postgres, String password) {
        try (Connection connection = postgres.connect(Postgres.DATABASE, Snapshot.APPLICATION_USER, password);
                var statement = connection.createStatement()) {
            statement.execute("update data_set set restored_at = now()");
        } catch (SQLException e) {
            throw Problem.failed("the restored data set cannot be used", e);
        }
    }

    public long postgresPid() {
        return postgres.child().pid();
    }

    public long redisPid() {
        return redis.child().pid();
    }

    public String jdbcUrl() {
        return postgres.jdbcUrl(Postgres.DATABASE);
    }

    public String user() {
        return Snapshot.APPLICATION_USER;
    }

    public String password() {
        return snapshot.manifest().password();
    }

    public String redisUri() {
        return redis.uri();
    }

    public String postgresVersion() {
        return binaries.postgresVersion();
    }

    public String redisVersion() {
        return binaries.redisVersion();
    }

    public DataSet dataSet() {
        return set;
    }

    /** The sha256 of the data set's rows, lower-case hex. */
    public String snapshotSha256() {
        return snapshot.manifest().rowsSha256();
    }

    /** Whether this start had to make the snapshot first. */
    public boolean snapshotBuilt() {
        return snapshot.built();
    }

    /** Starts again, at the same address, what has been killed. What PostgreSQL had committed is there; Redis is empty. */
    public synchronized void revive() {
        if (!postgres.child().alive()) {
            postgres = Postgres.startAgain(
                    binaries,
                    privileges,
                    children,
                    directory.resolve("data"),
                    cpus,
                    snapshot.manifest().superuserPassword(),
                    postgres.port());
        }
        if (!redis.child().alive()) {
            redis = Redis.startAgain(binaries, children, directory, cpus, redis.port());
        }
    }

    /** Has PostgreSQL write its changed pages now, as it does every five minutes in small steps; how long it took. */
    public Duration checkpoint() {
        long began = System.nanoTime();
        try (Connection connection = postgres.connect(
                        Postgres.DATABASE,
                        Postgres.SUPERUSER,
                        snapshot.manifest().superuserPassword());
                var statement = connection.createStatement()) {
            statement.execute("checkpoint");
        } catch (SQLException e) {
            throw Problem.failed("PostgreSQL made no checkpoint", e);
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Whether both still run. */
    public boolean alive() {
        return postgres.child().alive() && redis.child().alive();
    }

    @Override
    public void close() {
        redis.close();
        postgres.close();
        children.close();
        registry.release(directory);
    }
}
