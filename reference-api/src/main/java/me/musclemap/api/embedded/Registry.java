package me.musclemap.api.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import me.musclemap.api.Problem;

/** Who owns which directory, so that what a killed process left behind is found and removed by the next one. */
record Registry(Cache cache) {
    private static final String OWNER = "owner";

    /** Makes {@code directory} ours. */
    void claim(Path directory) {
        try {
            if (Files.exists(directory)) {
                takeOver(directory);
            }
            // Known before it is there, so that it is found whenever we die.
            String owner = self();
            Files.createDirectories(cache.resolve("stacks"));
            Files.writeString(entry(directory), owner + "\n" + directory);
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(OWNER), owner);
        } catch (IOException e) {
            throw Problem.failed("cannot use --dir=" + directory, e);
        }
    }

    private Path entry(Path directory) {
        return cache.resolve("stacks")
                .resolve(Integer.toHexString(directory.hashCode()) + "-"
                        + ProcessHandle.current().pid());
    }

    private static void takeOver(Path directory) throws IOException {
        Path owner = directory.resolve(OWNER);
        if (Files.isRegularFile(owner)) {
            if (lives(Files.readString(owner))) {
                throw Problem.failed(
                        "--dir=" + directory + ": another stack runs there; stop it or give another directory");
            }
            Trees.delete(directory);
            return;
        }
        boolean empty;
        try (var entries = Files.list(directory)) {
            empty = entries.findAny().isEmpty();
        }
        if (!empty) {
            throw Problem.usage(
                    "--dir=" + directory + ": it holds files that are not ours; give an empty or a new directory");
        }
    }

    /** Removes the directories whose owners are dead; their programs died with them. */
    void removeLeftOvers(Consumer<String> progress) {
        Path entries = cache.resolve("stacks");
        if (!Files.isDirectory(entries)) {
            return;
        }
        try (var files = Files.list(entries)) {
            for (Path entry : (Iterable<Path>) files::iterator) {
                List<String> lines =
                        Files.readString(entry, StandardCharsets.UTF_8).lines().toList();
                if (lines.size() != 2 || lives(lines.get(0))) {
                    continue;
                }
                Path directory = Path.of(lines.get(1));
                if (Files.isRegularFile(directory.resolve(OWNER))
                        && Files.readString(directory.resolve(OWNER)).equals(lines.get(0))) {
                    progress.accept("removing " + directory + ", left behind by a stack that was killed");
                    Trees.delete(directory);
                }
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            progress.accept("cannot remove what a killed stack left behind: " + e.getMessage());
        }
    }

    /** Removes {@code directory}, which we own. */
    void release(Path directory) {
        try {
            Trees.delete(directory);
            Files.deleteIfExists(entry(directory));
        } catch (IOException e) {
            throw Problem.failed("cannot remove " + directory, e);
        }
    }

    private static String self() {
        return identity(ProcessHandle.current());
    }

    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Object::toString).orElse("");
    }

    private static boolean lives(String owner) {
        String[] parts = owner.split(" ", 2);
        try {
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .map(Registry::identity)
                    .filter(owner::equals)
                    .isPresent();
        } catch (NumberFormatException e) {
            return false; // half-written by a process that died
        }
    }
}
