package me.musclemap.telemetry.stations;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code /proc}. A process that ends while it is read is simply absent. */
public final class ProcFs {
    private final Path root;

    /** Reads the tree under {@code root}, usually {@code /proc}. */
    public ProcFs(Path root) {
        this.root = root;
    }

    /** How many cores the host has, whatever this process itself may use. */
    public int coreCount() {
        return HostSample.read(this).cores().size();
    }

    /** The process with this pid, if it exists. */
    public Optional<ProcessStat> process(long pid) {
        return text(Long.toString(pid), "stat").map(ProcessStat::parse);
    }

    /** Every process there is now. */
    List<ProcessStat> processes() {
        var all = new ArrayList<ProcessStat>();
        for (String name : names("")) {
            if (Character.isDigit(name.charAt(0))) {
                process(Long.parseLong(name)).ifPresent(all::add);
            }
        }
        return all;
    }

    /** How many files the process has open; zero if that cannot be seen. */
    public int openFiles(long pid) {
        return names(pid + "/fd").size();
    }

    /**
     * CPU seconds of one thread, to the nanosecond; zero if that cannot be seen.
     *
     * @param thread a pid for its first thread, or {@code PID/task/TID}
     */
    double scheduledSeconds(String thread) {
        return text(thread, "schedstat")
                .map(line -> Long.parseLong(line.substring(0, line.indexOf(' '))) / 1e9)
                .orElse(0.0);
    }

    /** The cores a process may run on. */
    Optional<CoreSet> allowedCores(long pid) {
        return text(Long.toString(pid), "status")
                .flatMap(status -> status.lines()
                        .filter(line -> line.startsWith("Cpus_allowed_list:"))
                        .findFirst())
                .map(line -> CoreSet.parse(line.substring(line.indexOf(':') + 1).strip()));
    }

    /** The names in a directory below the root; none if it cannot be read. */
    List<String> names(String directory) {
        var names = new ArrayList<String>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.resolve(directory))) {
            stream.forEach(path -> names.add(path.getFileName().toString()));
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // Ended meanwhile, or another user's: to be read as empty, which the method says.
            return List.of();
        }
        return names;
    }

    /** The text of a file below the root; empty if it cannot be read. */
    Optional<String> text(String... path) {
        try {
            return Optional.of(Files.readString(root.resolve(String.join("/", path)), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
