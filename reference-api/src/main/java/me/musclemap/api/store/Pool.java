package me.musclemap.api.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import me.musclemap.api.Problem;
import me.musclemap.telemetry.Telemetry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to one PostgreSQL, and whether it is there. A server that is gone refuses at once, one that hangs says nothing:
 * nobody should wait for it until a timeout that is long enough for a slow statement. So when statements wait and not one
 * is answered, one question is asked on a connection of its own. Without an answer within {@link #PROBE_PATIENCE} all connections are
 * cut, and who comes next is refused at once, until the question is answered again. A slow statement of a server that
 * answers is never cut. Safe for use by many threads.
 */
final class Pool implements AutoCloseable {
    /** A caller waits no longer than this for a connection; then the answer is 503. */
    private static final Duration CONNECTION_PATIENCE = Duration.ofMillis(900);

    private static final Duration WATCHED_EVERY = Duration.ofMillis(150);

    /** How long a server may take for a question that costs nothing, while nothing else is answered either. */
    private static final Duration PROBE_PATIENCE = Duration.ofMillis(600);

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    private final String name;
    private final Physical physical;
    private final HikariDataSource connections;
    private final LongAdder answered = new LongAdder();
    private final ScheduledExecutorService timer;
    private volatile boolean away;

    // The watching thread's own.
    private @Nullable Connection probe;
    private long answeredBefore = -1;

    private Pool(String name, Physical physical, HikariDataSource connections) {
        this.name = name;
        this.physical = physical;
        this.connections = connections;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "database-watch-" + name);
            thread.setDaemon(true);
            return thread;
        });
        var unused = timer.scheduleWithFixedDelay(
                this::watch, WATCHED_EVERY.toMillis(), WATCHED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Opens a pool; the primary must answer, a replica may be away.
     *
     * @param name what metrics and the log call it; {@code primary} is special
     * @param size connections, of the primary all held open
     */
    static Pool open(String name, String jdbcUrl, String user, String password, int size, Telemetry telemetry) {
        boolean primary = name.equals("primary");
        try {
            var physical = new Physical(jdbcUrl, user, password);
            var config = new HikariConfig();
            config.setPoolName(name);
            config.setDataSource(physical);
            config.setMaximumPoolSize(size);
            config.setMinimumIdle(primary ? size : 0); // an absent replica is not called for in the background
            config.setConnectionTimeout(CONNECTION_PATIENCE.toMillis());
            config.setValidationTimeout(500);
            // A replica may be away when we start: the primary answers for it.
            config.setInitializationFailTimeout(primary ? 10_000 : -1);
            config.setMetricRegistry(telemetry.registry());
            return new Pool(name, physical, new HikariDataSource(config));
        } catch (RuntimeException e) {
            String option = primary ? "--jdbc-url=" : "--replica-url=";
            throw Problem.failed(
                    option + jdbcUrl + " (is PostgreSQL there, and are user and password right?)", rootOf(e));
        }
    }

    private static Exception rootOf(Exception e) {
        Exception root = e;
        while (root.getCause() instanceof Exception cause) {
            root = cause;
        }
        return root;
    }

    /**
     * Does {@code work} on a connection.
     *
     * @throws SQLException when it fails; of class 08 when the server is away
     */
    <T> T with(Database.Work<T> work) throws SQLException {
        if (away) {
            throw new SQLTransientConnectionException("the server does not answer", "08006");
        }
        try (Connection connection = connections.getConnection()) {
            T result = work.in(connection);
            answered.increment();
            return result;
        } catch (SQLException e) {
            if (!saysAway(e)) {
                answered.increment(); // the server refused it, so it is there
            }
            throw e;
        }
    }

    /** Whether {@code e} says that no server answers. */
    static boolean saysAway(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return e instanceof SQLTransientConnectionException || state.startsWith("08") || state.startsWith("57P");
    }

    /** Connections open, idle, and callers waiting for one. */
    Database.PoolState state() {
        HikariPoolMXBean bean = connections.getHikariPoolMXBean();
        return bean == null
                ? new Database.PoolState(0, 0, 0)
                : new Database.PoolState(
                        bean.getTotalConnections(), bean.getIdleConnections(), bean.getThreadsAwaitingConnection());
    }

    private void watch() {
        try {
            if (away) {
                returned();
            } else if (isDoubtful()) {
                if (!answers() && answered.sum() == answeredBefore) {
                    lost();
                }
            } else if (probe == null && state().total() > 0) {
                answers(); // connects now, so that nothing but the question is to be waited for in an hour of need
            }
        } catch (RuntimeException e) {
            LOG.warn("the database is not watched, the next time comes pool={}", name, e);
        }
    }

    /** Somebody waits, and nobody was answered since the last look. */
    private boolean isDoubtful() {
        long now = answered.sum();
        boolean still = now == answeredBefore;
        answeredBefore = now;
        HikariPoolMXBean bean = connections.getHikariPoolMXBean();
        return still && bean != null && bean.getActiveConnections() + bean.getThreadsAwaitingConnection() > 0;
    }

    private void lost() {
        away = true;
        LOG.warn("the database does not answer, connections are cut pool={}", name);
        physical.abort();
        HikariPoolMXBean bean = connections.getHikariPoolMXBean();
        if (bean != null) {
            bean.softEvictConnections();
        }
    }

    private void returned() {
        if (answers()) {
            away = false;
            LOG.info("the database answers again pool={}", name);
        }
    }

    /** Whether the server answers a question that costs nothing, with whatever. */
    private boolean answers() {
        boolean kept = probe != null;
        try {
            Connection connection = probe == null ? physical.unpooled() : probe;
            probe = connection;
            connection.setNetworkTimeout(Runnable::run, (int) PROBE_PATIENCE.toMillis());
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1");
            }
            return true;
        } catch (SQLException e) {
            forget();
            if (kept && !(e.getCause() instanceof SocketTimeoutException)) {
                return answers(); // somebody ended it since the last time: that says nothing of the server
            }
            return !saysAway(e); // one that has too many clients is there
        }
    }

    private void forget() {
        Connection broken = probe;
        probe = null;
        if (broken != null) {
            try {
                broken.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("a broken connection does not end", e);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.debug("the watch of {} has not ended", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        forget();
        connections.close();
    }
}
