package me.musclemap.load.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;

/** Writes a file so that whoever reads it, at any moment, finds the old one or the new one and never a half. */
public final class WholeFile {
    private WholeFile() {}

    /** Puts this text at {@code file}. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Puts these bytes at {@code file}, by way of a hidden file beside it.
     *
     * @param attributes of the file, such as its permissions
     * @throws IOException when it cannot be written; the old file is then as it was, and nothing lies beside it
     */
    public static void write(Path file, byte[] bytes, FileAttribute<?>... attributes) throws IOException {
        var half = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.deleteIfExists(half);
            Files.write(Files.createFile(half, attributes), bytes);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(half);
            } catch (IOException inTheWay) {
                e.addSuppressed(inTheWay);
            }
            throw e;
        }
    }
}
