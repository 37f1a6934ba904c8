package me.musclemap.load.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A directory of one bench alone, which goes away with it, also when a signal ends the process. Thread-safe. */
final class Scratch implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final Path directory;
    private final PrintStream err;
    private final Thread onSignal = new Thread(this::end, "bench-end");

    private Scratch(Path directory, PrintStream err) {
        this.directory = directory;
        this.err = err;
    }

    /** A new one below {@code parent}; that it cannot be removed is said on {@code err}. */
    static Scratch in(Path parent, PrintStream err) {
        try {
            var scratch = new Scratch(Files.createTempDirectory(parent, "headroom-load-bench"), err);
            Runtime.getRuntime().addShutdownHook(scratch.onSignal);
            return scratch;
        } catch (IOException e) {
            throw BenchException.failed(parent + ": no directory can be made there (" + e.getMessage()
                    + "): name another place with TMPDIR");
        }
    }

    Path directory() {
        return directory;
    }

    /** What a signal leaves running ends first: it writes there. */
    private void end() {
        var programs = ProcessHandle.current().children().toList();
        programs.forEach(ProcessHandle::destroy);
        programs.forEach(Scratch::await);
        remove();
    }

    private static void await(ProcessHandle program) {
        try {
            program.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            program.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void remove() {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            err.println("headroom: " + directory + ": cannot be removed (" + e.getMessage() + "): remove it by hand");
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException signalled) {
            return; // the signal's thread ends what runs, and then removes it
        }
        remove();
    }
}
