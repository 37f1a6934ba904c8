package me.musclemap.rum.spool;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A log of records that keeps what it acknowledged. Written by the intake, read by whoever counts, who remembers how far
 * he has read. The one here is {@link SegmentLog}; a partition of an Apache Kafka topic has the same shape: append and
 * acknowledge, read from a position, positions that grow. Safe for use by many threads.
 */
public interface BeaconLog extends Closeable {
    /**
     * Appends a record. The future holds what {@code apply} answers once the record cannot be lost any more, and fails
     * with an {@link IOException} if it could not be written; then nothing of it is kept.
     *
     * @param apply runs in the order of the log
     */
    <T> CompletableFuture<T> append(byte[] payload, Supplier<T> apply);

    /**
     * Futures are completed by {@code executor} from now on, those of records that were written together in one task;
     * without it by the log's own thread. If it takes no task, the log's thread completes them.
     */
    void acknowledgeOn(Executor executor);

    /**
     * Shows acknowledged records from a position on, until about {@code bytesMax} of them have been seen.
     *
     * @return where to go on; the same position when there is nothing new
     */
    LogPosition read(LogPosition from, int bytesMax, Reader reader) throws IOException;

    /** What is before this position is stored elsewhere, and may be deleted. */
    void release(LogPosition before);

    /** The position after the last acknowledged record. */
    LogPosition end();

    /** Size on disk. */
    long totalBytes();

    /** Records appended since the log was opened. */
    long records();

    /** Bytes of records that were not whole when the log was opened. */
    long tornBytes();

    /** Told of records. */
    interface Reader {
        /** One record, and the position after it. */
        void see(LogPosition after, byte[] payload);
    }
}
