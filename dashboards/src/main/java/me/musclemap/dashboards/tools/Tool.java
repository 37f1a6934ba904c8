package me.musclemap.dashboards.tools;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import me.musclemap.dashboards.InputException;

/** A program such as {@code promtool}. */
public record Tool(Path program) {
    /** What a run of the program said: standard output and error together. */
    public record Outcome(int exitCode, String output) {
        /** Whether the program was content. */
        public boolean ok() {
            return exitCode == 0;
        }
    }

    /** The program of this name on a search path such as that of {@code PATH}. */
    public static Optional<Tool> onPath(String name, String searchPath) {
        for (String directory : searchPath.split(File.pathSeparator, -1)) {
            var candidate = Path.of(directory.isEmpty() ? "." : directory, name);
            if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                return Optional.of(new Tool(candidate.toAbsolutePath()));
            }
        }
        return Optional.empty();
    }

    /**
     * The program that a person named.
     *
     * @throws InputException when it cannot be run
     */
    public static Tool named(String option, Path program) {
        if (!Files.isExecutable(program)) {
            throw new InputException(option + "=" + program + ": not a program that can be run; name its file");
        }
        return new Tool(program.toAbsolutePath());
    }

    /**
     * Runs it in a directory and waits for its end.
     *
     * @throws IllegalStateException when it does not end within {@code limit}; it is ended then
     */
    public Outcome run(Path directory, Duration limit, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(program.toString());
        command.addAll(arguments);
        try {
            var output = Files.createTempFile("tool", ".txt");
            try {
                return run(command, directory, limit, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(program + ": cannot be started", e);
        }
    }

    private Outcome run(List<String> command, Path directory, Duration limit, Path output) throws IOException {
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(program + " did not end within " + limit.toSeconds() + " s");
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(program + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
