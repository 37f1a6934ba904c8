package me.musclemap.api.leaderboards;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the materialised views anew at intervals. A lock in the database sees to it that only one instance does. */
public final class ViewRefresh implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ViewRefresh.class);
    private static final List<String> VIEWS =
            List.of("mv_xp_rankings_v2", "mv_leaderboard_top100", "mv_sleep_stats", "mv_leaderboard_global");
    /** A refresh reads whole tables: it may take longer than a request's statement ever may. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final long LOCK = 0x6865_6164_726fL; // any number that nothing else here locks

    private final Database database;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "view-refresh");
        thread.setDaemon(true);
        return thread;
    });

    /** Refreshes {@code every} so often, the first time after that long; never when it is zero. */
    public ViewRefresh(Database database, Duration every, Clock clock) {
        this.database = database;
        this.clock = clock;
        if (!every.isZero()) {
            var unused = timer.scheduleWithFixedDelay(
                    this::refreshQuietly, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Refreshes now, unless another instance is at it; whether all views were made anew. */
    public boolean refresh() {
        boolean all = true;
        for (String view : VIEWS) {
            all &= refresh(view);
        }
        return all;
    }

    /** The same on the thread that does it at intervals, so that the two never meet. */
    public CompletableFuture<Boolean> soon() {
        return CompletableFuture.supplyAsync(this::refresh, timer);
    }

    private boolean refresh(String view) {
        long began = System.nanoTime();
        boolean done = database.transaction("view.refresh", connection -> {
            List<Map<String, @org.jspecify.annotations.Nullable Object>> locked =
                    Database.rows(connection, "select pg_try_advisory_xact_lock(?) as mine", LOCK);
            if (!Boolean.TRUE.equals(locked.get(0).get("mine"))) {
                return false;
            }
            int usual = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
            try {
                Database.update(connection, "refresh materialized view concurrently " + view);
            } finally {
                connection.setNetworkTimeout(Runnable::run, usual);
            }
            Database.update(
                    connection,
                    "insert into matview_refresh_log (view_name, last_refresh_at, refresh_duration_ms) values (?, ?, ?) "
                            + "on conflict (view_name) do update set last_refresh_at = excluded.last_refresh_at, "
                            + "refresh_duration_ms = excluded.refresh_duration_ms",
                    view,
                    clock.instant(),
                    (int) ((System.nanoTime() - began) / 1_000_000));
            return true;
        });
        if (done) {
            LOG.info("view refreshed view={} milliseconds={}", view, (System.nanoTime() - began) / 1_000_000);
        }
        return done;
    }

    private void refreshQuietly() {
        try {
            refresh();
        } catch (ApiError | IllegalStateException e) {
            LOG.warn("views not refreshed, the next time comes reason={}", e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
