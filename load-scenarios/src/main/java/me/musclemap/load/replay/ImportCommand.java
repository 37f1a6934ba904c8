package me.musclemap.load.replay;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.lab.Options;
import me.musclemap.load.lab.Version;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code load import}: a run record from production's telemetry. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        versionProvider = ImportCommand.VersionText.class,
        description = {
            "Writes a run record from production's Prometheus, so that 'capacity fit' tells costs without a load test.",
            "Exit codes: 0 done, 1 the server does not answer, 2 wrong arguments, 4 the telemetry does not support a record."
        })
public final class ImportCommand implements Callable<Integer> {
    private static final int NOT_VALID = 4;

    private final Supplier<LabConfig> config;
    private final PrintStream out;

    @Option(
            names = "--prometheus",
            required = true,
            paramLabel = "URL",
            description = "The server that scrapes production")
    private URI prometheus = URI.create("");

    @Option(
            names = "--from",
            required = true,
            paramLabel = "INSTANT",
            description = "As 2026-11-22T20:00:00Z, or epoch seconds")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "INSTANT", description = "The end")
    private String to = "";

    @Option(
            names = "--window",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description = "At least four scrapes long. Default: ${DEFAULT-VALUE}")
    private long seconds;

    @Option(
            names = "--workload",
            defaultValue = "musclemap-day",
            description = "Says which operation is in which class. Default: ${DEFAULT-VALUE}")
    private String workload = "";

    @Option(
            names = "--stack",
            defaultValue = "production",
            description = "What the stack is called in the record. Default: ${DEFAULT-VALUE}")
    private String stack = "";

    @Option(
            names = "--cores",
            defaultValue = "0",
            description = "Cores that the stations share. Default: what the host agent says")
    private int cores;

    @Option(
            names = "--memory-gib",
            defaultValue = "0",
            description = "The host's memory. Default: what the host agent says")
    private double memoryGib;

    @Option(names = "--users", defaultValue = "0", description = "Users in production's database")
    private long users;

    @Option(names = "--workouts", defaultValue = "0", description = "Workouts in production's database")
    private long workouts;

    @Option(
            names = "--runs",
            paramLabel = "DIR",
            description = "Where the record goes. Default: HEADROOM_RUNS, or runs/")
    private @Nullable Path runs;

    /** Results go to {@code out}. */
    public ImportCommand(Supplier<LabConfig> config, PrintStream out) {
        this.config = config;
        this.out = out;
    }

    @Override
    public Integer call() {
        var period = Period.of(from, to, seconds);
        var server = new Prometheus(prometheus);
        var here = config.get();
        var read = Workload.load(Options.workloadFile(workload, here.home()));
        var telemetry = new Telemetry(server, period, new OperationNames(read), true);
        var facts = new Import.Facts(
                prometheus, stack, cores, Math.round(memoryGib * (1L << 30)), users, workouts, Version.of(here.home()));
        var where = runs == null ? here.runs() : runs.toAbsolutePath();
        var record = new Import(telemetry, period, read, facts).write(where);
        return say(record, where.resolve(record.id()));
    }

    private int say(RunRecord record, Path directory) {
        long requests = record.windows().stream()
                .mapToLong(window -> window.completedCount() + window.failedCount())
                .sum();
        out.printf(
                Locale.ROOT,
                "%d windows of %d s, %,d requests, stations %s%n",
                record.windows().size(),
                seconds,
                requests,
                String.join(", ", record.resources().get(0).stations()));
        for (var check : record.validity().checks()) {
            if (check.outcome() != Validity.Finding.ok) {
                out.println("  " + check.name() + ": " + check.message());
            }
        }
        out.println("record " + directory.resolve("run.json"));
        out.println("next: headroom capacity fit " + directory);
        return record.validity().verdict() == Validity.Outcome.notValid ? NOT_VALID : 0;
    }

    /** The version of this build. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"headroom load " + Version.number()};
        }
    }
}
