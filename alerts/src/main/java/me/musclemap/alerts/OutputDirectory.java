package me.musclemap.alerts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        files.forEach((name, text) -> OutputFile.write(root.resolve(name), text));
        files.keySet().stream()
                .map(name -> root.resolve(name).getParent())
                .distinct()
                .filter(directory -> !directory.equals(root))
                .forEach(directory -> removeOthers(directory, files.keySet()));
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
