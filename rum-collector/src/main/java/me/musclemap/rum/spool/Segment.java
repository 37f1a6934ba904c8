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
import java.util.zip.CRC32C;

/**
 * One file of the log: eight bytes that name the format, then records of length, CRC-32C and payload. Not safe for use
 * by many threads.
 */
final class Segment implements Closeable {
    private static final long FORMAT = 0x4852554d53454731L; // HRUMSEG1
    private static final int HEADER_BYTES = 8;
    private static final int RECORD_HEADER_BYTES = 8;
    private static final int PAYLOAD_BYTES_MAX = 1 << 20;

    private final long number;
    private final FileChannel channel;
    private long size;

    private Segment(long number, FileChannel channel) {
        this.number = number;
        this.channel = channel;
        size = HEADER_BYTES;
    }

    /** Makes a new file, and makes sure that it is there after a power cut. */
    static Segment create(Path directory, long number) throws IOException {
        Path file = directory.resolve("segment-%016d.log".formatted(number));
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
        if (segments.isEmpty()) {
            return 1;
        }
        String name = segments.get(segments.size() - 1).getFileName().toString();
        return Long.parseLong(name.substring(8, name.length() - 4)) + 1;
    }

    /**
     * Gives every whole record to {@code replay}.
     *
     * @return how many bytes after the last whole record are left over
     */
    static long read(Path file, Consumer<byte[]> replay) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            var header = ByteBuffer.allocate(HEADER_BYTES);
            if (!readFully(channel, header, 0) || header.flip().getLong() != FORMAT) {
                return size;
            }
            long at = HEADER_BYTES;
            var recordHeader = ByteBuffer.allocate(RECORD_HEADER_BYTES);
            while (readFully(channel, recordHeader.clear(), at)) {
                recordHeader.flip();
                int length = recordHeader.getInt();
                int checksum = recordHeader.getInt();
                if (length <= 0 || length > PAYLOAD_BYTES_MAX) {
                    break;
                }
                var payload = ByteBuffer.allocate(length);
                if (!readFully(channel, payload, at + RECORD_HEADER_BYTES) || checksum(payload.array()) != checksum) {
                    break;
                }
                replay.accept(payload.array());
                at += RECORD_HEADER_BYTES + length;
            }
            return size - at;
        }
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
            writeFully(channel, buffer.flip(), size);
            channel.force(false);
            size += bytes;
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
