package me.musclemap.alerts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A rendered file: it appears whole or not at all. */
public final class OutputFile {
    private OutputFile() {}

    /**
     * Writes it, and its directory where that is not there yet.
     *
     * @throws OutputException when it cannot be written
     */
    public static void write(Path file, String text) {
        try {
            var directory = file.toAbsolutePath().getParent();
            if (directory == null) {
                throw new IOException("it is a root directory");
            }
            Files.createDirectories(directory);
            var temporary = Files.createTempFile(directory, ".", ".part");
            try {
                Files.writeString(temporary, text);
                // The temporary file is for its owner only; what is rendered is for everybody.
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new OutputException(file, e);
        }
    }
}
