package me.musclemap.rum;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.intake.Intake;
import me.musclemap.rum.intake.Ledger;
import me.musclemap.rum.live.Budgets;
import me.musclemap.rum.live.Slowest;
import me.musclemap.rum.sketch.CellSource;
import me.musclemap.rum.sketch.MemoryCounts;
import me.musclemap.rum.sketch.Vitals;
import me.musclemap.rum.spool.BeaconLog;
import me.musclemap.rum.spool.KeptBeacon;
import me.musclemap.rum.spool.SegmentLog;
import me.musclemap.rum.store.Database;
import me.musclemap.rum.store.DatabaseWriter;
import me.musclemap.telemetry.meters.Meters;
import org.jspecify.annotations.Nullable;

/**
 * The log, and where it is counted: in memory, or in a database behind it, with the last minutes in memory beside it. Safe
 * for use by many threads.
 */
final class Store implements AutoCloseable {
    private static final long SEGMENT_BYTES = 16L << 20;
    private static final Duration READ_YOUR_WRITES = Duration.ofSeconds(2);
    private static final Vitals.Limits RECENT_NAMES = new Vitals.Limits(200, 20, 1 << 14);

    private final Ledger ledger;
    private final Slowest slowest = new Slowest();
    private final MemoryCounts memory;
    private final Budgets budgets;
    private final Vitals vitals;
    private final @Nullable Database database;
    private final @Nullable DatabaseWriter writer;
    private final BeaconLog log;
    private long replayed;

    Store(CollectorConfig config, Ledger ledger, Meters meters, Clock clock) throws IOException {
        this.ledger = ledger;
        boolean isLocal = config.database().isEmpty();
        memory = new MemoryCounts(isLocal ? MemoryCounts.Limits.DEFAULT : MemoryCounts.Limits.RECENT);
        budgets = new Budgets(memory, clock::millis);
        vitals = new Vitals(isLocal ? Vitals.Limits.DEFAULT : RECENT_NAMES, budgets);
        var syncTimer = meters.timer("rum_spool_sync_seconds");
        if (isLocal) {
            database = null;
            writer = null;
            log = SegmentLog.open(
                    config.data(),
                    SEGMENT_BYTES,
                    config.keptBytesMax(),
                    this::replay,
                    nanos -> syncTimer.record(Duration.ofNanos(nanos)));
        } else {
            log = SegmentLog.openUntilReleased(
                    config.data(),
                    SEGMENT_BYTES,
                    config.keptBytesMax(),
                    record -> replayed++,
                    nanos -> syncTimer.record(Duration.ofNanos(nanos)));
            database = new Database(config.database().get(), meters.registry());
            writer = new DatabaseWriter(
                    log,
                    database,
                    node(config.data()),
                    Vitals.Limits.DEFAULT,
                    config.flushEvery(),
                    clock,
                    this::written,
                    ledger::recovered);
        }
    }

    /** The name of this log among those of other collectors: made up once, and kept beside it. */
    private static String node(Path data) throws IOException {
        Path file = data.resolve("node");
        if (!Files.exists(file)) {
            byte[] random = new byte[8];
            new SecureRandom().nextBytes(random);
            Path made = data.resolve("node.new");
            Files.writeString(made, HexFormat.of().formatHex(random), StandardCharsets.UTF_8);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }

    private void replay(byte[] record) {
        vitals.apply(KeptBeacon.decode(record));
        replayed++;
    }

    /** What happens to a beacon once it is on disk. */
    Intake.Acknowledged acknowledged() {
        return beacon -> {
            Vitals.Applied applied = vitals.apply(beacon);
            slowest.see(beacon);
            if (writer == null) {
                written(beacon, applied);
            }
        };
    }

    private void written(KeptBeacon beacon, Vitals.Applied applied) {
        ledger.applied(beacon, applied);
        ledger.unspooled(1);
    }

    void expose(Meters meters) {
        meters.gauge("rum_cells", memory, MemoryCounts::size);
        meters.counted("rum_overflowed_total", vitals, Vitals::overflowed, "cause", "routes");
        meters.counted("rum_overflowed_total", this, Store::overflowedByCells, "cause", "cells");
        meters.gauge("rum_spool_bytes", log, BeaconLog::totalBytes);
        meters.gauge("rum_spool_torn_bytes", log, BeaconLog::tornBytes);
        meters.counted("rum_spool_records_total", log, BeaconLog::records);
        if (writer != null) {
            meters.gauge("rum_database_up", writer, w -> w.isConnected() ? 1 : 0);
            meters.counted("rum_database_failures_total", writer, DatabaseWriter::failures);
        }
        for (var vital : Vital.values()) {
            for (int hours : new int[] {1, 6}) {
                meters.gauge(
                        "rum_budget_burn_ratio",
                        budgets,
                        b -> b.burn(vital, hours),
                        "metric",
                        vital.label(),
                        "window",
                        hours + "h");
            }
        }
    }

    private long overflowedByCells() {
        return memory.overflowed() + (writer == null ? 0 : writer.overflowed());
    }

    /** What answers are made from; everything acknowledged before the call is in it if the database answers. */
    CellSource answers() {
        if (writer == null || database == null) {
            return memory;
        }
        writer.flush(READ_YOUR_WRITES);
        return database;
    }

    /** The last minutes of this collector. */
    CellSource recent() {
        return memory;
    }

    Budgets budgets() {
        return budgets;
    }

    Slowest slowest() {
        return slowest;
    }

    BeaconLog log() {
        return log;
    }

    /** {@code none}, {@code up} or {@code away}. */
    String databaseState() {
        return writer == null ? "none" : writer.isConnected() ? "up" : "away";
    }

    long replayed() {
        return replayed;
    }

    @Override
    public void close() throws IOException {
        log.close();
        if (writer != null) {
            writer.close();
        }
        if (database != null) {
            database.close();
        }
    }
}
