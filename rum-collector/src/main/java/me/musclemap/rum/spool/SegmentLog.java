package me.musclemap.rum.spool;

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
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
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
public final class SegmentLog implements BeaconLog {
    private static final int WAITING_MAX = 8192;
    private static final int GROUP_MAX = 1024;
    private static final int GATHER_BELOW = 64;
    private static final long GATHER_NANOS = 1_500_000;
    /** A record that ends the writer. */
    private static final Entry LAST = new Entry(new byte[0], () -> () -> {}, failure -> {});

    private final Path directory;
    private final boolean keepsUntilReleased;
    private final ConcurrentSkipListSet<Long> numbers = new ConcurrentSkipListSet<>();
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
    private volatile Segment current;
    private volatile LogPosition released = LogPosition.START;
    private volatile boolean closed;
    private volatile Executor acknowledging = Runnable::run;

    private SegmentLog(
            Path directory,
            long segmentBytesMax,
            long totalBytesMax,
            boolean keepsUntilReleased,
            Consumer<byte[]> replay,
            LongConsumer syncNanos)
            throws IOException {
        this.directory = directory;
        this.keepsUntilReleased = keepsUntilReleased;
        this.segmentBytesMax = segmentBytesMax;
        this.totalBytesMax = totalBytesMax;
        this.syncNanos = syncNanos;
        Files.createDirectories(directory);
        lockFile = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = lock();
        long torn = 0;
        List<Path> segments = Segment.list(directory);
        for (Path segment : segments) {
            long bytes = Files.size(segment);
            torn += bytes - Segment.read(segment, 0, bytes, Long.MAX_VALUE, replay, at -> {});
            totalBytes.addAndGet(bytes);
            numbers.add(Segment.number(segment));
        }
        tornBytes = torn;
        current = Segment.create(directory, Segment.numberAfter(segments));
        numbers.add(current.number());
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
        return new SegmentLog(directory, segmentBytesMax, totalBytesMax, false, replay, syncNanos);
    }

    /**
     * The same for a log that is read by another store: nothing is deleted before it is {@link #release released}, and
     * records are refused when {@code totalBytesMax} are waiting.
     */
    public static SegmentLog openUntilReleased(
            Path directory, long segmentBytesMax, long totalBytesMax, Consumer<byte[]> replay, LongConsumer syncNanos)
            throws IOException {
        return new SegmentLog(directory, segmentBytesMax, totalBytesMax, true, replay, syncNanos);
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

    /** {@inheritDoc} {@code apply} runs on the writer's thread. */
    @Override
    public <T> CompletableFuture<T> append(byte[] payload, Supplier<T> apply) {
        var result = new CompletableFuture<T>();
        var entry = new Entry(payload, () -> completion(result, apply.get()), result::completeExceptionally);
        if (closed || !waiting.offer(entry)) {
            result.completeExceptionally(new IOException(closed ? "the log is closed" : "too many records wait"));
        }
        return result;
    }

    private static <T> Runnable completion(CompletableFuture<T> result, T answer) {
        return () -> result.complete(answer);
    }

    @Override
    public void acknowledgeOn(Executor executor) {
        acknowledging = executor;
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
            if (waiting.size() < GATHER_BELOW) {
                // Each sync costs as much as several beacons: a moment's patience makes few of many.
                LockSupport.parkNanos(GATHER_NANOS);
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
            requireRoom();
            if (current.size() >= segmentBytesMax) {
                roll();
            }
            long before = current.size();
            current.append(group.stream().map(entry -> entry.payload).toList());
            totalBytes.addAndGet(current.size() - before);
            records.addAndGet(group.size());
        } catch (IOException e) {
            var failed = List.copyOf(group);
            acknowledge(() -> failed.forEach(entry -> entry.fail.accept(e)));
            return;
        }
        syncNanos.accept(System.nanoTime() - start);
        var answers = new ArrayList<Runnable>(group.size());
        for (Entry entry : group) {
            answers.add(applied(entry));
        }
        // One task for all: to wake another thread for each would cost more than all else here.
        acknowledge(() -> answers.forEach(Runnable::run));
    }

    private static Runnable applied(Entry entry) {
        try {
            return entry.apply.get();
        } catch (RuntimeException e) {
            return () -> entry.fail.accept(e);
        }
    }

    private void acknowledge(Runnable answers) {
        try {
            acknowledging.execute(answers);
        } catch (RejectedExecutionException e) {
            answers.run();
        }
    }

    private void roll() throws IOException {
        Segment before = current;
        Segment next = Segment.create(directory, before.number() + 1);
        numbers.add(next.number());
        current = next;
        before.close();
        totalBytes.addAndGet(next.size());
        deleteOldest();
    }

    private void deleteOldest() throws IOException {
        while (totalBytes.get() > totalBytesMax) {
            long oldest = numbers.first();
            if (oldest == current.number() || (keepsUntilReleased && oldest >= released.segment())) {
                return;
            }
            Path file = Segment.file(directory, oldest);
            totalBytes.addAndGet(-Files.size(file));
            numbers.remove(oldest);
            Files.delete(file);
        }
    }

    /** Whether what waits for another store fills all the room there is. */
    private void requireRoom() throws IOException {
        if (!keepsUntilReleased || totalBytes.get() <= totalBytesMax) {
            return;
        }
        deleteOldest();
        if (totalBytes.get() > totalBytesMax + segmentBytesMax) {
            throw new IOException("the log is full: %d bytes wait for the database".formatted(totalBytes.get()));
        }
    }

    @Override
    public LogPosition read(LogPosition from, int bytesMax, Reader reader) throws IOException {
        LogPosition position = from;
        long left = bytesMax;
        while (left > 0) {
            Long number = numbers.ceiling(position.segment());
            if (number == null) {
                return position;
            }
            Segment writing = current;
            boolean isLast = number == writing.number();
            Path file = Segment.file(directory, number);
            long offset = number == position.segment() ? position.offset() : 0;
            long limit = isLast ? writing.size() : Files.size(file);
            var after = new long[1];
            long end = Segment.read(
                    file,
                    offset,
                    limit,
                    left,
                    payload -> reader.see(new LogPosition(number, after[0]), payload),
                    at -> after[0] = at);
            left -= Math.max(0, end - offset);
            boolean isDone = end >= limit || end <= Math.max(offset, Segment.HEADER_BYTES);
            if (isLast || !isDone) {
                return new LogPosition(number, Math.max(end, offset));
            }
            // What is left of an older segment was never acknowledged.
            position = new LogPosition(number + 1, 0);
        }
        return position;
    }

    @Override
    public void release(LogPosition before) {
        released = before;
    }

    @Override
    public LogPosition end() {
        Segment writing = current;
        return new LogPosition(writing.number(), writing.size());
    }

    @Override
    public long totalBytes() {
        return totalBytes.get();
    }

    @Override
    public long records() {
        return records.get();
    }

    @Override
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
        private final Supplier<Runnable> apply;
        private final Consumer<Throwable> fail;

        Entry(byte[] payload, Supplier<Runnable> apply, Consumer<Throwable> fail) {
            this.payload = payload;
            this.apply = apply;
            this.fail = fail;
        }
    }
}
