package me.musclemap.rum.store;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import me.musclemap.rum.intake.Outcome;
import me.musclemap.rum.sketch.Vitals;
import me.musclemap.rum.spool.BeaconLog;
import me.musclemap.rum.spool.KeptBeacon;
import me.musclemap.rum.spool.LogPosition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log and counts it in the database: at least once by reading from the last position, and once in the counts,
 * since the position is written in the same transaction. While the database is away the log grows, and is caught up with
 * oldest first. One thread of its own; safe for use by many.
 */
public final class DatabaseWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWriter.class);
    private static final int READ_BYTES = 1 << 20;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration ROLL_UP_EVERY = Duration.ofMinutes(10);

    private final BeaconLog log;
    private final Database database;
    private final String node;
    private final Vitals.Limits limits;
    private final Duration flushEvery;
    private final Clock clock;
    private final Written written;
    private final LongConsumer recovered;
    private final LogPosition opened;
    private final RollUp rollUp;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong overflowed = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    private Batch batch = new Batch();
    private Vitals vitals;
    private LogPosition counted = LogPosition.START;
    private volatile LogPosition position = LogPosition.START;
    private volatile boolean isConnected;
    private volatile boolean isClosed;
    private boolean isAsked;
    private boolean hasRecovered;
    private long nextRollUpMillis;

    /** Told of each beacon once it is in the database. */
    public interface Written {
        /** One beacon, and what became of its values. */
        void on(KeptBeacon beacon, Vitals.Applied applied);
    }

    /**
     * Starts to read.
     *
     * @param node names this log among those of other collectors
     * @param flushEvery how often it is written at most
     * @param recovered told once, when the database first answers, how many records of before the log was opened it lacks
     */
    public DatabaseWriter(
            BeaconLog log,
            Database database,
            String node,
            Vitals.Limits limits,
            Duration flushEvery,
            Clock clock,
            Written written,
            LongConsumer recovered) {
        this.log = log;
        opened = log.end();
        this.recovered = recovered;
        this.database = database;
        this.node = node;
        this.limits = limits;
        this.flushEvery = flushEvery;
        this.clock = clock;
        this.written = written;
        rollUp = new RollUp(database);
        vitals = new Vitals(limits, batch);
        thread = new Thread(this::run, "database");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!isClosed) {
            try {
                if (!isConnected) {
                    connect();
                }
                catchUp();
                rollUpNowAndThen();
                await(flushEvery);
            } catch (SQLException | IOException | RuntimeException e) {
                if (failures.getAndIncrement() % 60 == 0) {
                    LOG.warn("the database is not written: beacons wait in the log", e);
                }
                isConnected = false;
                await(RETRY);
            }
        }
    }

    /** Reads again what is counted already, so that a value that is repeated later is known. */
    private void connect() throws SQLException, IOException {
        LogPosition end = database.prepare(node);
        batch = new Batch();
        vitals = new Vitals(limits, batch);
        LogPosition at = LogPosition.START;
        while (at.compareTo(end) < 0) {
            LogPosition before = at;
            LogPosition next = log.read(at, READ_BYTES, (after, payload) -> {
                if (after.compareTo(end) <= 0) {
                    vitals.apply(KeptBeacon.decode(payload));
                    batch.written();
                }
            });
            at = next;
            if (next.equals(before)) {
                break;
            }
        }
        if (!hasRecovered) {
            recovered.accept(waitingAtTheStart(end));
            hasRecovered = true;
        }
        counted = end;
        position = end;
        log.release(end);
        isConnected = true;
        LOG.info("the database is written from {} on, node={}", end, node);
    }

    private long waitingAtTheStart(LogPosition from) throws IOException {
        var waiting = new AtomicLong();
        LogPosition at = from;
        while (at.compareTo(opened) < 0) {
            LogPosition next = log.read(at, READ_BYTES, (after, payload) -> {
                if (after.compareTo(opened) <= 0) {
                    waiting.incrementAndGet();
                }
            });
            if (next.equals(at)) {
                break;
            }
            at = next;
        }
        return waiting.get();
    }

    private void catchUp() throws SQLException, IOException {
        while (true) {
            var chunk = new Chunk();
            LogPosition to = log.read(position, READ_BYTES, chunk);
            if (chunk.count() == 0) {
                position = to;
                signal();
                return;
            }
            write(counted, to, chunk);
            counted = to;
            position = to;
            log.release(to);
            chunk.tell();
            signal();
        }
    }

    /** Again and again: the values are applied to what this writer knows, and must not be applied twice. */
    private void write(LogPosition from, LogPosition to, Chunk chunk) throws SQLException {
        while (true) {
            try {
                database.write(node, from, to, batch, chunk.outcomes);
                batch.written();
                overflowed.set(vitals.overflowed() + batch.overflowed());
                isConnected = true;
                return;
            } catch (SQLException e) {
                isConnected = false;
                if (failures.getAndIncrement() % 60 == 0) {
                    LOG.warn("the database is not written: beacons wait in the log", e);
                }
                if (isClosed) {
                    throw e;
                }
                await(RETRY);
            }
        }
    }

    private void rollUpNowAndThen() throws SQLException {
        long now = clock.millis();
        if (now >= nextRollUpMillis) {
            nextRollUpMillis = now + ROLL_UP_EVERY.toMillis();
            int count = rollUp.run(clock.instant());
            if (count > 0) {
                LOG.info("partitions rolled up: {}", count);
            }
        }
    }

    private void await(Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (left > 0 && !isAsked && !isClosed) {
                left = changed.awaitNanos(left);
            }
            isAsked = false;
        } catch (InterruptedException e) {
            isClosed = true;
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Writes now what is acknowledged now; gives up after {@code atMost}. */
    public void flush(Duration atMost) {
        LogPosition end = log.end();
        long until = System.nanoTime() + atMost.toNanos();
        lock.lock();
        try {
            while (position.compareTo(end) < 0 && !isClosed) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                isAsked = true;
                changed.signalAll();
                changed.awaitNanos(Math.min(left, Duration.ofMillis(50).toNanos()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the database took the last that was written. */
    public boolean isConnected() {
        return isConnected;
    }

    /** How often it did not. */
    public long failures() {
        return failures.get();
    }

    /** Values that went under another key because there was no room. */
    public long overflowed() {
        return overflowed.get();
    }

    /** Writes what waits if the database answers, then ends. */
    @Override
    public void close() {
        if (isConnected) {
            flush(Duration.ofSeconds(5));
        }
        isClosed = true;
        signal();
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Records that one transaction counts. */
    private final class Chunk implements BeaconLog.Reader {
        private final List<Entry> entries = new ArrayList<>();
        private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);

        private record Entry(KeptBeacon beacon, Vitals.Applied applied) {}

        @Override
        public void see(LogPosition after, byte[] payload) {
            KeptBeacon beacon = KeptBeacon.decode(payload);
            Vitals.Applied applied = vitals.apply(beacon);
            entries.add(new Entry(beacon, applied));
            outcomes.merge(Outcome.of(beacon, applied), 1L, Long::sum);
        }

        int count() {
            return entries.size();
        }

        void tell() {
            for (Entry entry : entries) {
                written.on(entry.beacon, entry.applied);
            }
        }
    }
}
