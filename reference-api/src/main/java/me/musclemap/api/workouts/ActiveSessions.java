package me.musclemap.api.workouts;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import me.musclemap.telemetry.business.BusinessTelemetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the metrics, once a minute, how many people are training now. */
public final class ActiveSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveSessions.class);
    private static final Duration ACTIVE = Duration.ofMinutes(15);
    private static final long EVERY_SECONDS = 60;

    private final Database database;
    private final BusinessTelemetry telemetry;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "active-sessions");
        thread.setDaemon(true);
        return thread;
    });

    /** Counts those of {@code database} from now on; {@code clock} is the data's time. */
    public ActiveSessions(Database database, BusinessTelemetry telemetry, Clock clock) {
        this.database = database;
        this.telemetry = telemetry;
        this.clock = clock;
        var unused = timer.scheduleWithFixedDelay(this::countQuietly, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void countQuietly() {
        try {
            database.row(
                            "session.count_active",
                            "select count(*) as n from active_workout_sessions where last_activity_at > ?",
                            clock.instant().minus(ACTIVE))
                    .ifPresent(row -> telemetry.sessionsActive(Cell.whole(row.get("n"))));
        } catch (ApiError | IllegalStateException e) {
            LOG.debug("active sessions not counted, the next time comes", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
