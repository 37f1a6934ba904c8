package me.musclemap.load.drive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file that notes each set whose writing the server acknowledged: user, workout, set, moment. Belongs to one thread. */
final class WriteNotes {
    private final Path file;

    WriteNotes(Path file) throws IOException {
        this.file = file;
        Files.writeString(file, "");
    }

    void append(String line) throws IOException {
        Files.writeString(file, line, StandardOpenOption.APPEND);
    }
}
