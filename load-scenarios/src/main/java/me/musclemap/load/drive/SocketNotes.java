package me.musclemap.load.drive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file with one line for each visit on a socket: the socket's number, which of its visits it is, and for how long it was drawn, in
 * nanoseconds. What several shards play can so be held against the whole. Thread-safe.
 */
final class SocketNotes implements SocketUsers.Listener {
    private final Path file;

    /** Starts the file anew. */
    SocketNotes(Path file) throws IOException {
        this.file = file;
        Files.writeString(file, "");
    }

    @Override
    public synchronized void began(long socket, long visit, long stayNanos) {
        try {
            Files.writeString(file, socket + " " + visit + " " + stayNanos + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
