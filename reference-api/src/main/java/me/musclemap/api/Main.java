package me.musclemap.api;

import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of reference-api. */
@Command(
        name = "reference-api",
        mixinStandardHelpOptions = true,
        version = "Headroom reference-api " + Main.VERSION,
        description = "MuscleMap's API as the scaling plan describes it, and the databases it needs.",
        subcommands = {
            EmbeddedCommand.class,
            ServeCommand.class,
            MigrateCommand.class,
            SigningKeyCommand.class,
            me.musclemap.api.bench.BenchCommand.class,
            HostileCommand.class
        })
public final class Main {
    static final String VERSION = "0.1.0";

    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        // Numbers are written one way, wherever the machine stands.
        Locale.setDefault(Locale.ROOT);
        System.exit(run(args, System.err));
    }

    static int run(String[] args, PrintStream err) {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof Problem problem) {
                        err.println("reference-api: " + problem.getMessage());
                        return problem.exitCode();
                    }
                    throw e;
                })
                .execute(args);
    }
}
