package me.musclemap.rum;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import me.musclemap.rum.bench.CompareBench;
import me.musclemap.rum.bench.CpuBench;
import me.musclemap.rum.bench.IdleServer;
import me.musclemap.rum.bench.PageBench;
import me.musclemap.rum.chromium.Chromium;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;
import org.jspecify.annotations.Nullable;
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
        subcommands = {
            BenchCommand.Compare.class,
            BenchCommand.Cpu.class,
            BenchCommand.Page.class,
            BenchCommand.Idle.class
        })
final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a bench: compare, cpu or page");
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
                System.out.printf(
                        "%-38s %8s %10s %16s %8s %10s%n",
                        "candidate", "views", "regressed", "95 % interval", "fine", "undecided");
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
            ConfidenceInterval interval = new WilsonScoreInterval()
                    .createInterval(row.runs(), (int) Math.round(row.regressed() * row.runs()), 0.95);
            if (json) {
                System.out.println(JsonNodeFactory.instance
                        .objectNode()
                        .put("scenario", row.scenario())
                        .put("viewsOfEach", row.viewsOfEach())
                        .put("runs", row.runs())
                        .put("regressed", row.regressed())
                        .put("regressedLow", interval.getLowerBound())
                        .put("regressedHigh", interval.getUpperBound())
                        .put("fine", row.fine())
                        .put("undecided", row.undecided()));
                return;
            }
            System.out.printf(
                    "%-38s %8d %9.1f%% %7.1f to %4.1f%% %7.1f%% %9.1f%%%n",
                    row.scenario(),
                    row.viewsOfEach(),
                    row.regressed() * 100,
                    interval.getLowerBound() * 100,
                    interval.getUpperBound() * 100,
                    row.fine() * 100,
                    row.undecided() * 100);
        }
    }

    /** What a beacon costs. */
    @Command(
            name = "cpu",
            mixinStandardHelpOptions = true,
            versionProvider = Main.Version.class,
            description = "CPU of one beacon, beside nginx that answers 204. Needs two cores and taskset.")
    static final class Cpu implements Callable<Integer> {
        private static final double RATIO_MAX = 2.5;

        @Option(names = "--turns", defaultValue = "5", description = "of each server (default: ${DEFAULT-VALUE})")
        private int turns;

        @Option(names = "--seconds", defaultValue = "8", description = "of each turn (default: ${DEFAULT-VALUE})")
        private int seconds;

        @Option(names = "--warm-up", defaultValue = "25", description = "seconds (default: ${DEFAULT-VALUE})")
        private int warmUp;

        @Option(names = "--nginx", paramLabel = "FILE", description = "default: from PATH")
        private @Nullable Path nginx;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (turns < 1 || seconds < 1 || warmUp < 0) {
                throw new IllegalArgumentException("--turns, --seconds, --warm-up: use numbers above 0");
            }
            Path directory = Files.createTempDirectory("headroom-rum-bench");
            Optional<Path> program = nginx == null ? onPath("nginx") : Optional.of(nginx);
            if (program.isEmpty()) {
                System.err.println(
                        "rum: no nginx on PATH: install the Debian package nginx-light, or name it with --nginx");
            }
            List<CpuBench.Turn> all = new CpuBench(directory, warmUp, seconds)
                    .run(
                            turns,
                            program,
                            turn -> System.err.printf(
                                    "%-22s %8.0f/s %7.2f us%n", turn.server(), turn.perSecond(), turn.cpuMicros()));
            System.out.printf(
                    "%-22s %12s %12s %14s%n", "server, on one core", "requests/s", "CPU us each", "not accepted");
            for (String server :
                    new LinkedHashSet<>(all.stream().map(CpuBench.Turn::server).toList())) {
                System.out.printf(
                        "%-22s %12.0f %12.2f %14d%n",
                        server,
                        median(all, server, CpuBench.Turn::perSecond),
                        median(all, server, CpuBench.Turn::cpuMicros),
                        all.stream()
                                .filter(turn -> turn.server().equals(server))
                                .mapToLong(CpuBench.Turn::notAccepted)
                                .sum());
            }
            if (program.isEmpty()) {
                return 0;
            }
            double ratio = median(all, "collector", CpuBench.Turn::cpuMicros)
                    / median(all, "nginx, return 204", CpuBench.Turn::cpuMicros);
            System.out.printf("the collector needs %.2f times what nginx needs (at most %.1f)%n", ratio, RATIO_MAX);
            return ratio <= RATIO_MAX ? 0 : 3;
        }

        private static double median(List<CpuBench.Turn> turns, String server, ToDoubleFunction<CpuBench.Turn> value) {
            double[] sorted = turns.stream()
                    .filter(turn -> turn.server().equals(server))
                    .mapToDouble(value)
                    .sorted()
                    .toArray();
            return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        }

        private static Optional<Path> onPath(String name) {
            String path = System.getenv("PATH");
            for (String directory : (path + ":/usr/sbin").split(":", -1)) {
                Path program = Path.of(directory.isEmpty() ? "." : directory, name);
                if (Files.isExecutable(program)) {
                    return Optional.of(program);
                }
            }
            return Optional.empty();
        }
    }

    /** How large and fast the demo page is. */
    @Command(
            name = "page",
            mixinStandardHelpOptions = true,
            versionProvider = Main.Version.class,
            description =
                    "Size and times of the demo page in a slowed-down headless Chromium. Exit code 3: a budget is missed.")
    static final class Page implements Callable<Integer> {
        @Option(names = "--url", required = true, description = "the page, as headroom rum demo-page prints it")
        private String url = "";

        @Option(names = "--loads", defaultValue = "5", description = "under each condition (default: ${DEFAULT-VALUE})")
        private int loads;

        @Override
        public Integer call() throws IOException {
            if (loads < 1) {
                throw new IllegalArgumentException("--loads=" + loads + ": use at least 1");
            }
            Path chromium = Chromium.find()
                    .orElseThrow(() -> new IOException("no Chromium on PATH: install the Debian package chromium"));
            System.out.printf(
                    "%-30s %9s %9s %9s %7s %12s %9s %s%n",
                    "", "FCP ms", "LCP ms", "TTI ms", "CLS", "critical B", "all B", "budgets");
            boolean isKept = true;
            for (PageBench.Result result : PageBench.run(chromium, url, loads)) {
                isKept &= result.isKept();
                System.out.printf(
                        "%-30s %9.0f %9.0f %9.0f %7.3f %12d %9d %s%n",
                        result.conditions().name(),
                        result.firstPaint(),
                        result.largestPaint(),
                        result.interactive(),
                        result.shift(),
                        result.criticalBytes(),
                        result.allBytes(),
                        result.isKept() ? "kept" : "MISSED");
            }
            return isKept ? 0 : 3;
        }
    }

    /** For {@link Cpu}. */
    @Command(name = "idle-server", hidden = true, description = "Answers 204 and does nothing else.")
    static final class Idle implements Callable<Integer> {
        @Override
        public Integer call() throws IOException {
            try (var server = new IdleServer()) {
                System.out.println(
                        JsonNodeFactory.instance.objectNode().put("ready", true).put("url", server.url()));
                while (System.in.read() >= 0) {}
            }
            return 0;
        }
    }
}
