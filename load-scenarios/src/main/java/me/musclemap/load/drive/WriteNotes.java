package me.musclemap.load.drive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file that notes each set whose writing the server acknowledged (user, workout, set, moment), and each workout that was asked to end
 * or to make way for another ({@link #OVER} in place of the set). Belongs to one thread.
 */
final class WriteNotes {
    static final String OVER = "over";

    private final Path file;

    WriteNotes(Path file) throws IOException {
        this.file = file;
        Files.writeString(file, "");
    }

    void append(String line) throws IOException {
        Files.writeString(file, line, StandardOpenOption.APPEND);
    }
}
