package me.musclemap.rum.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/**
 * One file of the log: eight bytes that name the format, then records of length, CRC-32C and payload. Not safe for use
 * by many threads.
 */
final class Segment implements Closeable {
    private static final long FORMAT = 0x4852554d53454731L; // HRUMSEG1
    static final int HEADER_BYTES = 8;
    private static final int RECORD_HEADER_BYTES = 8;
    private static final int PAYLOAD_BYTES_MAX = 1 << 20;
    private static final int READ_BYTES = PAYLOAD_BYTES_MAX + RECORD_HEADER_BYTES;

    private final long number;
    private final FileChannel channel;
    private volatile long size;

    private Segment(long number, FileChannel channel) {
        this.number = number;
        this.channel = channel;
        size = HEADER_BYTES;
    }

    /** Makes a new file, and makes sure that it is there after a power cut. */
    static Segment create(Path directory, long number) throws IOException {
        Path file = file(directory, number);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        writeFully(channel, ByteBuffer.allocate(HEADER_BYTES).putLong(FORMAT).flip(), 0);
        channel.force(true);
        try (var entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
        return new Segment(number, channel);
    }

    /** The segments of a directory, oldest first. */
    static List<Path> list(Path directory) throws IOException {
        var segments = new ArrayList<Path>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "segment-*.log")) {
            files.forEach(segments::add);
        }
        Collections.sort(segments);
        return segments;
    }

    static long numberAfter(List<Path> segments) {
        return segments.isEmpty() ? 1 : number(segments.get(segments.size() - 1)) + 1;
    }

    static long number(Path segment) {
        String name = segment.getFileName().toString();
        return Long.parseLong(name.substring(8, name.length() - 4));
    }

    static Path file(Path directory, long number) {
        return directory.resolve("segment-%016d.log".formatted(number));
    }

    /**
     * Gives every whole record from {@code from} on to {@code reader}, until {@code bytesMax} of them have been seen or
     * {@code limit} is reached.
     *
     * @return the offset after the last whole record that was given
     */
    static long read(Path file, long from, long limit, long bytesMax, Consumer<byte[]> reader, LongConsumer after)
            throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var header = ByteBuffer.allocate(HEADER_BYTES);
            if (!readFully(channel, header, 0) || header.flip().getLong() != FORMAT) {
                return 0;
            }
            long at = Math.max(HEADER_BYTES, from);
            long start = at;
            var buffer = ByteBuffer.allocate(READ_BYTES).limit(0);
            while (at < limit && at - start < bytesMax) {
                if (buffer.remaining() < RECORD_HEADER_BYTES
                        || buffer.remaining() < RECORD_HEADER_BYTES + buffer.getInt(buffer.position())) {
                    buffer = refill(channel, buffer, at);
                }
                if (buffer.remaining() < RECORD_HEADER_BYTES) {
                    return at;
                }
                int length = buffer.getInt(buffer.position());
                if (length <= 0 || length > PAYLOAD_BYTES_MAX || buffer.remaining() < RECORD_HEADER_BYTES + length) {
                    return at;
                }
                int checksum = buffer.getInt(buffer.position() + 4);
                byte[] payload = new byte[length];
                buffer.position(buffer.position() + RECORD_HEADER_BYTES);
                buffer.get(payload);
                if (checksum(payload) != checksum) {
                    return at;
                }
                at += RECORD_HEADER_BYTES + length;
                after.accept(at);
                reader.accept(payload);
            }
            return at;
        }
    }

    private static ByteBuffer refill(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        buffer.clear();
        readFully(channel, buffer, at);
        return buffer.flip();
    }

    /** Appends records and syncs them. If that fails, the file is cut back to what it held before. */
    void append(List<byte[]> payloads) throws IOException {
        int bytes = payloads.stream()
                .mapToInt(payload -> RECORD_HEADER_BYTES + payload.length)
                .sum();
        var buffer = ByteBuffer.allocate(bytes);
        for (byte[] payload : payloads) {
            if (payload.length == 0 || payload.length > PAYLOAD_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "a record holds 1 to " + PAYLOAD_BYTES_MAX + " bytes, was " + payload.length);
            }
            buffer.putInt(payload.length).putInt(checksum(payload)).put(payload);
        }
        try {
            long end = size + bytes;
            writeFully(channel, buffer.flip(), size);
            channel.force(false);
            size = end;
        } catch (IOException e) {
            // Else a record that was refused could come back after a restart.
            channel.truncate(size);
            throw e;
        }
    }

    long size() {
        return size;
    }

    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static int checksum(byte[] payload) {
        var crc = new CRC32C();
        crc.update(payload, 0, payload.length);
        return (int) crc.getValue();
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        long position = at;
        while (buffer.hasRemaining()) {
            position += channel.write(buffer, position);
        }
    }

    private static boolean readFully(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        long position = at;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, position);
            if (read < 0) {
                return false;
            }
            position += read;
        }
        return true;
    }
}
