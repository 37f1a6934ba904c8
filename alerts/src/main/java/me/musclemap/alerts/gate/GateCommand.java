package me.musclemap.alerts.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.musclemap.alerts.InputException;
import me.musclemap.alerts.OutputFile;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.capacity.CapacityFile;
import me.musclemap.alerts.gate.Verdict.Finding;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code alerts gate}: whether a run's capacity meets its objective, for CI. */
@Command(
        name = "gate",
        mixinStandardHelpOptions = true,
        description = {
            "Check a run's capacity and headroom against an objective, by the lower end of its interval.",
            "Exit codes: 0 met, 2 wrong arguments or no capacity.json, 3 missed, 4 the run or its model is not valid."
        })
public final class GateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN_DIR", description = "directory of a run, with capacity.json")
    @SuppressWarnings("NullAway.Init")
    private Path runDirectory;

    @Option(names = "--peak", paramLabel = "RATE", description = "requests per second at the busiest moment")
    private @Nullable Double peak;

    @Option(
            names = "--users",
            paramLabel = "N",
            description = "instead of --peak: users in session at the busiest moment, at the workload's rate per user")
    private @Nullable Long users;

    @Option(
            names = "--min-headroom",
            paramLabel = "PERCENT",
            defaultValue = "20",
            description = "what must be left at the peak, of the policy capacity (default: ${DEFAULT-VALUE})")
    private double minHeadroomPercent;

    @Option(
            names = "--min-capacity",
            paramLabel = "RATE",
            description = "requests per second that the policy capacity must reach")
    private @Nullable Double minCapacity;

    @Option(
            names = "--max-p99",
            paramLabel = "SECONDS",
            description = "the p99 that the model may say at the peak, by the upper end of its interval")
    private @Nullable Double maxP99;

    @Option(names = "--junit", paramLabel = "FILE", description = "also write JUnit XML")
    private @Nullable Path junit;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        checkOptions();
        var file = new CapacityFile(runDirectory);
        var verdict = file.refused().map(Verdict::of).orElseGet(() -> {
            var capacity = file.read(CapacityAnswer.class, "nothing can be compared with it");
            return Verdict.of(capacity, findings(capacity));
        });
        if (junit != null) {
            OutputFile.write(junit, verdict.xml());
        }
        var out = spec.commandLine().getOut();
        out.print(json ? verdict.json() : verdict.text());
        out.flush();
        return verdict.exitCode();
    }

    private void checkOptions() {
        if (peak != null && users != null) {
            throw new InputException("--peak and --users: give one of them");
        }
        if (peak == null && users == null && maxP99 != null) {
            throw new InputException("--max-p99: say at which load, with --peak or --users");
        }
        if (peak == null && users == null && minCapacity == null) {
            throw new InputException("no objective: give --peak or --users (with --min-headroom), or --min-capacity");
        }
        if (!(minHeadroomPercent >= 0 && minHeadroomPercent < 100)) {
            throw new InputException("--min-headroom=" + minHeadroomPercent + ": use percent from 0 to below 100");
        }
        moreThanNothing("--peak", peak);
        moreThanNothing("--users", users);
        moreThanNothing("--min-capacity", minCapacity);
        moreThanNothing("--max-p99", maxP99);
    }

    private static void moreThanNothing(String option, @Nullable Number value) {
        if (value != null && !(value.doubleValue() > 0 && Double.isFinite(value.doubleValue()))) {
            throw new InputException(option + "=" + value + ": use more than 0");
        }
    }

    private List<Finding> findings(CapacityAnswer capacity) {
        var findings = new ArrayList<Finding>();
        double safe = capacity.safeRequestsPerSecond();
        var load = load(capacity);
        if (minCapacity != null) {
            findings.add(new Finding(
                    String.format(Locale.ROOT, "capacity of at least %.0f requests/s", minCapacity),
                    safe >= minCapacity,
                    String.format(
                            Locale.ROOT,
                            "%.0f (%.0f to %.0f) requests/s",
                            capacity.capacity().policy().requestsPerSecond().p50(),
                            safe,
                            capacity.capacity().policy().requestsPerSecond().p90())));
        }
        if (load != null) {
            double headroom = 1 - load / safe;
            findings.add(new Finding(
                    String.format(Locale.ROOT, "%.0f %% headroom at %.0f requests/s", minHeadroomPercent, load),
                    headroom >= minHeadroomPercent / 100,
                    String.format(Locale.ROOT, "%.1f %% of %.0f requests/s (the lower end)", 100 * headroom, safe)));
        }
        if (load != null && maxP99 != null) {
            findings.add(p99(capacity, load, maxP99));
        }
        return findings;
    }

    private @Nullable Double load(CapacityAnswer capacity) {
        if (users != null) {
            return users * capacity.workload().requestsPerSecondPerUser();
        }
        return peak;
    }

    private static Finding p99(CapacityAnswer capacity, double load, double limit) {
        var objective = String.format(Locale.ROOT, "p99 of at most %.3g s at %.0f requests/s", limit, load);
        // The next point above the load: a p99 only rises with it.
        var point = capacity.curve().stream()
                .filter(candidate -> candidate.requestsPerSecond() >= load && candidate.p99Seconds() != null)
                .findFirst();
        if (point.isEmpty()) {
            return new Finding(objective, false, "the model's curve ends below this load");
        }
        var p99 = point.get().p99Seconds();
        double high = p99 == null ? Double.POSITIVE_INFINITY : p99.high();
        return new Finding(
                objective,
                high <= limit,
                String.format(
                        Locale.ROOT,
                        "up to %.3g s at %.0f requests/s%s",
                        high,
                        point.get().requestsPerSecond(),
                        point.get().extrapolated() ? ", extrapolated" : ""));
    }
}
