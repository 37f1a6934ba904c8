package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import me.musclemap.load.record.WholeFile;

/**
 * This user's running labs, one file each in the cache: who owns it, which processes it started and where its work
 * directory is. What a killed lab left behind is cleared by the next command. Thread-safe.
 */
final class LabRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A process named for good: a pid and when it began. */
    record Entry(String name, long pid, long startTicks) {
        boolean isRunning() {
            var now = ProcFiles.startTicks(pid);
            return now.isPresent() && now.getAsLong() == startTicks;
        }
    }

    private final Path file;
    private final Path workDirectory;
    private final List<Entry> children = new ArrayList<>();

    private LabRegistry(Path file, Path workDirectory) {
        this.file = file;
        this.workDirectory = workDirectory;
    }

    /** Enters this process with a new work directory. */
    static LabRegistry enter(LabConfig config) {
        var pid = ProcessHandle.current().pid();
        try {
            var labs = Files.createDirectories(config.cache().resolve("labs"));
            var work = Files.createTempDirectory(config.scratch(), "headroom-");
            // Databases that refuse to run as root run as another user, who has to get to their directory.
            Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx--x--x"));
            var registry = new LabRegistry(labs.resolve(pid + ".json"), work);
            registry.write();
            return registry;
        } catch (IOException e) {
            throw LabException.failed("cannot make a work directory (" + e
                    + "): see that " + config.scratch() + " and " + config.cache()
                    + " can be written, or name others with TMPDIR and HEADROOM_CACHE");
        }
    }

    /** A directory of this lab alone, removed with it. */
    Path workDirectory() {
        return workDirectory;
    }

    /** Notes a process, so that it can be found after this one was killed. */
    synchronized void add(String name, long pid) {
        children.add(new Entry(name, pid, ProcFiles.startTicks(pid).orElse(-1)));
        try {
            write();
        } catch (IOException e) {
            throw LabException.failed(file + ": cannot be written: " + e.getMessage());
        }
    }

    /** Removes the work directory and the entry. */
    @Override
    public synchronized void close() {
        try {
            deleteTree(workDirectory);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw LabException.failed(workDirectory + ": cannot be removed: " + e.getMessage());
        }
    }

    private void write() throws IOException {
        var pid = ProcessHandle.current().pid();
        var root = JSON.createObjectNode();
        root.put("pid", pid).put("startTicks", ProcFiles.startTicks(pid).orElse(-1));
        root.put("workDirectory", workDirectory.toString());
        var list = root.putArray("children");
        for (var child : children) {
            list.addObject().put("name", child.name()).put("pid", child.pid()).put("startTicks", child.startTicks());
        }
        WholeFile.write(file, JSON.writeValueAsBytes(root));
    }

    /** Clears what labs that were killed left behind: their processes, work directories and entries. */
    static void clearLeftovers(Path cache, Consumer<String> say) {
        var labs = cache.resolve("labs");
        if (!Files.isDirectory(labs)) {
            return;
        }
        try (var entries = Files.newDirectoryStream(labs, "*.json")) {
            for (var entry : entries) {
                clearIfDead(entry, say);
            }
        } catch (IOException e) {
            throw LabException.failed(labs + ": what an earlier lab left cannot be cleared: " + e.getMessage());
        }
    }

    private static void clearIfDead(Path file, Consumer<String> say) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(file.toFile());
        } catch (IOException e) {
            // Its owner is just ending, or removed it by hand.
            return;
        }
        var owner = new Entry(
                "lab", root.path("pid").asLong(), root.path("startTicks").asLong());
        if (owner.isRunning()) {
            return;
        }
        var left = new ArrayList<Entry>();
        for (var child : root.path("children")) {
            var entry = new Entry(
                    child.path("name").asText(),
                    child.path("pid").asLong(),
                    child.path("startTicks").asLong());
            if (entry.isRunning()) {
                left.add(entry);
            }
        }
        // In reverse, as the lab itself would have stopped them.
        for (int i = left.size() - 1; i >= 0; i--) {
            stop(left.get(i));
        }
        var work = Path.of(root.path("workDirectory").asText());
        boolean removed = Files.isDirectory(work);
        if (removed) {
            deleteTree(work);
        }
        Files.deleteIfExists(file);
        if (removed || !left.isEmpty()) {
            say.accept("cleared what lab " + owner.pid() + " left when it was killed: " + left.size() + " processes"
                    + (removed ? ", " + work : ""));
        }
    }

    private static void stop(Entry entry) {
        ProcessHandle.of(entry.pid()).ifPresent(process -> {
            var descendants = process.descendants().toList();
            process.destroy();
            try {
                process.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            descendants.forEach(ProcessHandle::destroyForcibly);
        });
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> all;
        try (var walk = Files.walk(root)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (var path : all) {
            Files.deleteIfExists(path);
        }
    }
}
