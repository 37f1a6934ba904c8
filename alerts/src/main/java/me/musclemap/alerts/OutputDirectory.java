package me.musclemap.alerts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A directory of rendered files. Each file appears whole or not at all; files of an earlier rendering go. */
final class OutputDirectory {
    private final Path root;

    OutputDirectory(Path root) {
        this.root = root;
    }

    /** Writes the files, given by their path below the directory, and removes others beside them. */
    void write(Map<String, String> files) {
        files.forEach((name, text) -> writeFile(root.resolve(name), text));
        files.keySet().stream()
                .map(name -> root.resolve(name).getParent())
                .distinct()
                .filter(directory -> !directory.equals(root))
                .forEach(directory -> removeOthers(directory, files.keySet()));
    }

    private static void writeFile(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            var temporary = Files.createTempFile(file.getParent(), ".", ".part");
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

    private void removeOthers(Path directory, Set<String> names) {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                if (!names.contains(root.relativize(entry).toString())) {
                    Files.delete(entry);
                }
            }
        } catch (IOException e) {
            throw new OutputException(directory, e);
        }
    }
}
