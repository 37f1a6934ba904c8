package me.musclemap.alerts.tools;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import me.musclemap.alerts.InputException;
import me.musclemap.alerts.ToolException;
import org.jspecify.annotations.Nullable;

/** A program such as {@code promtool}. */
public record Tool(Path program) {
    /** What a run of the program said: standard output and error together. */
    public record Outcome(int exitCode, String output) {
        /** Whether the program was content. */
        public boolean ok() {
            return exitCode == 0;
        }

        /** Prints one line about it, with what the program said where it was not content. */
        public void print(String what, PrintWriter out) {
            out.printf("%-34s %s%n", what, ok() ? "ok" : "failed");
            if (!ok()) {
                output.lines().forEach(line -> out.println("  " + line));
            }
        }
    }

    /**
     * The program that a person named with {@code --name}, or else the one of this name on the search path.
     *
     * @throws InputException when what was named cannot be run
     */
    public static Optional<Tool> find(String name, @Nullable Path named, String searchPath) {
        return named == null ? onPath(name, searchPath) : Optional.of(named("--" + name, named));
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

    private static Tool named(String option, Path program) {
        if (!Files.isExecutable(program) || !Files.isRegularFile(program)) {
            throw new InputException(option + "=" + program + ": not a program that can be run; name its file");
        }
        return new Tool(program.toAbsolutePath());
    }

    /**
     * Runs it in a directory and waits for its end.
     *
     * @throws ToolException when it cannot be started, or does not end within {@code limit}; it is ended then
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
            throw new ToolException(program + ": what it says cannot be kept (" + e.getMessage() + ")", e);
        }
    }

    private Outcome run(List<String> command, Path directory, Duration limit, Path output) throws IOException {
        var process = started(command, directory, output);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ToolException(program + ": did not end within " + limit.toSeconds() + " s and was ended");
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(program + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private Process started(List<String> command, Path directory, Path output) {
        try {
            return new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new ToolException(program + ": cannot be started (" + e.getMessage() + "); install it anew", e);
        }
    }
}
