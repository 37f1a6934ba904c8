package me.musclemap.rum.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * A log on disk whose records survive the end of the process at any moment. Safe for use by many threads.
 *
 * <p>A record is acknowledged once it is on disk: one thread takes what has gathered, writes it and syncs it together.
 * Then it applies the records in the order of the log, so that reading the log again gives the same result. Records
 * carry their length and CRC-32C; at start they are read until the first that is not whole, and a new segment is begun.
 */
public final class SegmentLog implements Closeable {
    private static final int WAITING_MAX = 8192;
    private static final int GROUP_MAX = 1024;
    /** A record that ends the writer. */
    private static final Entry LAST = new Entry(new byte[0], () -> {}, failure -> {});

    private final Path directory;
    private final long segmentBytesMax;
    private final long totalBytesMax;
    private final LongConsumer syncNanos;
    private final ArrayBlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final FileChannel lockFile;
    private final FileLock lock;
    private final AtomicLong totalBytes = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final long tornBytes;
    private final Thread writer;
    private Segment current;
    private volatile boolean closed;

    private SegmentLog(
            Path directory, long segmentBytesMax, long totalBytesMax, Consumer<byte[]> replay, LongConsumer syncNanos)
            throws IOException {
        this.directory = directory;
        this.segmentBytesMax = segmentBytesMax;
        this.totalBytesMax = totalBytesMax;
        this.syncNanos = syncNanos;
        Files.createDirectories(directory);
        lockFile = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = lock();
        long torn = 0;
        List<Path> segments = Segment.list(directory);
        for (Path segment : segments) {
            torn += Segment.read(segment, replay);
            totalBytes.addAndGet(Files.size(segment));
        }
        tornBytes = torn;
        current = Segment.create(directory, Segment.numberAfter(segments));
        totalBytes.addAndGet(current.size());
        writer = new Thread(this::write, "spool");
        writer.setDaemon(true);
        writer.start();
    }

    /**
     * Opens the log in {@code directory}, which is made if absent, and gives every whole record in it to {@code replay}.
     *
     * @param segmentBytesMax when a new segment is begun
     * @param totalBytesMax when the oldest segment is deleted: how far back the log reaches
     * @param syncNanos told how long each group write took
     * @throws IOException if it cannot be read or written, or another process has it open
     */
    public static SegmentLog open(
            Path directory, long segmentBytesMax, long totalBytesMax, Consumer<byte[]> replay, LongConsumer syncNanos)
            throws IOException {
        return new SegmentLog(directory, segmentBytesMax, totalBytesMax, replay, syncNanos);
    }

    private FileLock lock() throws IOException {
        FileLock own;
        try {
            own = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            own = null;
        }
        if (own == null) {
            lockFile.close();
            throw new IOException(directory + " is in use by another collector: give each a directory of its own");
        }
        return own;
    }

    /**
     * Appends a record. The future holds what {@code apply} answers once the record is on disk, and fails with an
     * {@link IOException} if it could not be written; then nothing of it is kept.
     *
     * @param apply runs on the writer's thread, in the order of the log
     */
    public <T> CompletableFuture<T> append(byte[] payload, Supplier<T> apply) {
        var result = new CompletableFuture<T>();
        var entry = new Entry(payload, () -> result.complete(apply.get()), result::completeExceptionally);
        if (closed || !waiting.offer(entry)) {
            result.completeExceptionally(new IOException(closed ? "the log is closed" : "too many records wait"));
        }
        return result;
    }

    private void write() {
        var group = new ArrayList<Entry>(GROUP_MAX);
        boolean last = false;
        while (!last) {
            try {
                group.add(waiting.take());
            } catch (InterruptedException e) {
                return;
            }
            waiting.drainTo(group, GROUP_MAX - 1);
            last = group.remove(LAST);
            if (!group.isEmpty()) {
                writeGroup(group);
            }
            group.clear();
        }
    }

    private void writeGroup(List<Entry> group) {
        long start = System.nanoTime();
        try {
            if (current.size() >= segmentBytesMax) {
                roll();
            }
            long before = current.size();
            current.append(group.stream().map(entry -> entry.payload).toList());
            totalBytes.addAndGet(current.size() - before);
            records.addAndGet(group.size());
        } catch (IOException e) {
            group.forEach(entry -> entry.fail.accept(e));
            return;
        }
        syncNanos.accept(System.nanoTime() - start);
        for (Entry entry : group) {
            try {
                entry.apply.run();
            } catch (RuntimeException e) {
                entry.fail.accept(e);
            }
        }
    }

    private void roll() throws IOException {
        Segment next = Segment.create(directory, current.number() + 1);
        current.close();
        current = next;
        totalBytes.addAndGet(next.size());
        List<Path> segments = new ArrayList<>(Segment.list(directory));
        while (totalBytes.get() > totalBytesMax && segments.size() > 1) {
            Path oldest = segments.remove(0);
            totalBytes.addAndGet(-Files.size(oldest));
            Files.delete(oldest);
        }
    }

    /** Size of all segments on disk. */
    public long totalBytes() {
        return totalBytes.get();
    }

    /** Records appended since the log was opened. */
    public long records() {
        return records.get();
    }

    /** Bytes of records that were not whole when the log was opened. */
    public long tornBytes() {
        return tornBytes;
    }

    /** Writes what waits, then closes. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            waiting.put(LAST);
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        current.close();
        lock.release();
        lockFile.close();
    }

    private static final class Entry {
        private final byte[] payload;
        private final Runnable apply;
        private final Consumer<Throwable> fail;

        Entry(byte[] payload, Runnable apply, Consumer<Throwable> fail) {
            this.payload = payload;
            this.apply = apply;
            this.fail = fail;
        }
    }
}
