package me.musclemap.capacity.command;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import me.musclemap.capacity.measure.MalformedInputException;

/** Reads texts, and writes files whole or not at all. */
final class RunFiles {
    private RunFiles() {}

    /**
     * The text of a file.
     *
     * @throws MalformedInputException if it is not UTF-8
     */
    static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new MalformedInputException(file + ": not text in UTF-8: write it anew in that encoding", e);
        }
    }

    /** Writes beside the target, then moves: a reader never sees half a file. */
    static void write(Path target, byte[] bytes) throws IOException {
        Path directory = target.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException(target + ": its directory does not exist");
        }
        Path temporary = Files.createTempFile(directory, "." + target.getFileName(), ".tmp");
        try {
            Files.write(temporary, bytes);
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw new IOException(target + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
