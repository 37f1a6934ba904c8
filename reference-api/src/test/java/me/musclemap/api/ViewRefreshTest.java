package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import me.musclemap.api.leaderboards.ViewRefresh;
import me.musclemap.api.store.Database;
import me.musclemap.api.store.ProductClock;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The materialised views follow the tables, and only one instance at a time makes them. */
@ExtendWith(SharedStack.class)
class ViewRefreshTest {
    private static final int USER = 480;

    /** A thread each: the pool that all share has one on two cores. */
    private static final ExecutorService INSTANCES = Executors.newCachedThreadPool();

    @AfterAll
    static void stopThreads() {
        INSTANCES.shutdownNow();
    }

    private final TestStack stack;

    ViewRefreshTest(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void oneInstanceRefreshesWhileTheOtherGoesOnWithoutWaiting() throws Exception {
        try (Instance first = new Instance(stack);
                Instance second = new Instance(stack);
                Connection owner = connection();
                Connection blocker = connection()) {
            first.refresh.refresh(); // so that a row of each view is there to be held
            String before = lastRefresh(owner);
            long shown = shownExperience(owner);
            earn(owner, 7);
            assertThat(shownExperience(owner)).as("a view shows what was").isEqualTo(shown);

            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table matview_refresh_log in access exclusive mode");
            CompletableFuture<Void> busy = CompletableFuture.runAsync(first.refresh::refresh, INSTANCES);
            awaitBlocked(owner);
            // The first has made a view and cannot write that down yet: the second must not touch any.
            CompletableFuture.runAsync(second.refresh::refresh, INSTANCES).get(10, TimeUnit.SECONDS);
            assertThat(busy).isNotDone();
            blocker.rollback();
            busy.get(10, TimeUnit.SECONDS);

            assertThat(refreshesSince(owner, before)).as("all four views").isEqualTo(4);
            assertThat(shownExperience(owner)).isEqualTo(shown + 7);
            earn(owner, -7);
            second.refresh.refresh();
            assertThat(shownExperience(owner)).as("now it is its turn").isEqualTo(shown);
        }
    }

    /** A refresher with a pool of its own. */
    private record Instance(Telemetry telemetry, Database database, ViewRefresh refresh) implements AutoCloseable {
        Instance(TestStack stack) {
            this(
                    stack,
                    Telemetry.start(TelemetryConfig.of("reference-api", "test").logFrom("ERROR")));
        }

        private Instance(TestStack stack, Telemetry telemetry) {
            this(
                    telemetry,
                    Database.open(
                            stack.databases().jdbcUrl(),
                            List.of(),
                            stack.databases().user(),
                            stack.databases().password(),
                            1,
                            telemetry));
        }

        private Instance(Telemetry telemetry, Database database) {
            this(telemetry, database, new ViewRefresh(database, Duration.ZERO, ProductClock.of(database)));
        }

        @Override
        public void close() {
            refresh.close();
            database.close();
            telemetry.registry().close(); // not the logging, which the whole process shares
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(
                stack.databases().jdbcUrl(),
                stack.databases().user(),
                stack.databases().password());
    }

    /** Views that were made after {@code moment}. */
    private static long refreshesSince(Connection owner, String moment) throws SQLException {
        return number(
                owner,
                "select count(*) from matview_refresh_log where last_refresh_at > '" + moment + "'::timestamptz");
    }

    private static String lastRefresh(Connection owner) throws SQLException {
        try (var statement = owner.createStatement();
                var rows = statement.executeQuery("select max(last_refresh_at)::text from matview_refresh_log")) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static long shownExperience(Connection owner) throws SQLException {
        return number(
                owner, "select total_xp from mv_xp_rankings_v2 where user_id = '" + TestStack.DATA.userId(USER) + "'");
    }

    private static void earn(Connection owner, int experience) throws SQLException {
        try (var statement = owner.createStatement()) {
            statement.executeUpdate("update users set total_xp = total_xp + " + experience + " where id = '"
                    + TestStack.DATA.userId(USER) + "'");
        }
    }

    private static void awaitBlocked(Connection owner) throws Exception {
        String waiting =
                "select count(*) from pg_locks where not granted and relation = 'matview_refresh_log'::regclass";
        for (int attempt = 0; attempt < 200 && number(owner, waiting) == 0; attempt++) {
            Thread.sleep(50);
        }
        assertThat(number(owner, waiting)).isEqualTo(1);
    }

    private static long number(Connection owner, String sql) throws SQLException {
        try (var statement = owner.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }
}
