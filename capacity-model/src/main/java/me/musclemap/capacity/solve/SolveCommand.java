package me.musclemap.capacity.solve;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Solves named cases. */
@Command(
        name = "solve",
        mixinStandardHelpOptions = true,
        description = "Solve the cases of a file: queues, networks, pools, fits, caches, growth and headroom.")
public final class SolveCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "JSON with a list 'cases'; - reads standard input.")
    private @Nullable String file;

    @Spec
    private @Nullable CommandSpec spec;

    /** Prints the answers, or one line on what is wrong with the file. */
    @Override
    public Integer call() {
        if (file == null || spec == null) {
            throw new IllegalStateException("called before the command line was parsed");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            out.println(CaseFile.of(read(file)).solve());
            out.flush();
            return 0;
        } catch (NoSuchFileException e) {
            err.println("capacity solve: " + file
                    + ": no such file; name a JSON file with a list 'cases', or - for standard input");
        } catch (IOException e) {
            err.println("capacity solve: " + file + ": cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            err.println("capacity solve: " + file + ": " + e.getMessage());
        }
        return 2;
    }

    private static String read(String file) throws IOException {
        return file.equals("-")
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(Path.of(file));
    }
}
