package me.musclemap.rum;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import me.musclemap.rum.bench.CompareBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Proves on this machine what the room promises. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Proves on this machine what the collector promises.",
        subcommands = {BenchCommand.Compare.class})
final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a bench: compare");
    }

    /** How often a comparison is right. */
    @Command(
            name = "compare",
            mixinStandardHelpOptions = true,
            versionProvider = Main.Version.class,
            description = "How often a comparison of releases is right, on made-up visits.")
    static final class Compare implements Callable<Integer> {
        @Option(names = "--runs", defaultValue = "400", description = "of each scenario (default: ${DEFAULT-VALUE})")
        private int runs;

        @Option(names = "--seed", defaultValue = "1", description = "default: ${DEFAULT-VALUE}")
        private long seed;

        @Option(names = "--json", description = "one object for each scenario")
        private boolean json;

        @Override
        public Integer call() {
            if (runs < 1) {
                throw new IllegalArgumentException("--runs=" + runs + ": use at least 1");
            }
            if (!json) {
                System.out.printf("%-38s %8s %10s %8s %10s%n", "candidate", "views", "regressed", "fine", "undecided");
            }
            boolean isKept = true;
            for (CompareBench.Row row : CompareBench.run(runs, seed, 500, 2000, 8000)) {
                boolean nothingChanged = !row.scenario().contains("slower");
                isKept &= !nothingChanged || row.regressed() <= 0.05;
                print(row);
            }
            return isKept ? 0 : 3;
        }

        private void print(CompareBench.Row row) {
            if (json) {
                System.out.println(JsonNodeFactory.instance
                        .objectNode()
                        .put("scenario", row.scenario())
                        .put("viewsOfEach", row.viewsOfEach())
                        .put("runs", row.runs())
                        .put("regressed", row.regressed())
                        .put("fine", row.fine())
                        .put("undecided", row.undecided()));
                return;
            }
            System.out.printf(
                    "%-38s %8d %9.1f%% %7.1f%% %9.1f%%%n",
                    row.scenario(), row.viewsOfEach(), row.regressed() * 100, row.fine() * 100, row.undecided() * 100);
        }
    }
}
