package me.musclemap.load.drive;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import me.musclemap.load.record.LatencyLog;

/**
 * Writes what the dispatcher counted, on a thread of its own, so that a slow disk or reader does not delay a request. Two tallies go back
 * and forth: one is filled while the other is written.
 */
final class Scribe implements AutoCloseable {
    /** One second's figures, or a window's end. */
    interface Entry {
        void write(LatencyLog log, Reports reports) throws IOException;
    }

    private final LatencyLog log;
    private final Reports reports;
    private final Consumer<Throwable> crashed;
    private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
    private final BlockingQueue<Tally> empty = new ArrayBlockingQueue<>(8);
    private final Thread thread = new Thread(this::run, "scribe");
    private volatile boolean closed;

    Scribe(LatencyLog log, Reports reports, Consumer<Throwable> crashed) {
        this.log = log;
        this.reports = reports;
        this.crashed = crashed;
        thread.setDaemon(true);
        thread.start();
    }

    /** An empty tally, used before if there is one. */
    Tally emptyTally(long nowNanos) {
        var used = empty.poll();
        var tally = used == null ? new Tally(true) : used;
        tally.clear(nowNanos);
        return tally;
    }

    void giveBack(Tally tally) {
        empty.offer(tally);
    }

    void write(Entry entry) {
        entries.add(entry);
    }

    private void run() {
        try {
            while (!closed || !entries.isEmpty()) {
                var entry = entries.poll(100, java.util.concurrent.TimeUnit.MILLISECONDS);
                if (entry != null) {
                    entry.write(log, reports);
                }
            }
        } catch (IOException | RuntimeException e) {
            crashed.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what is left and closes the log. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }
}
