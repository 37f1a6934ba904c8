package me.musclemap.alerts.gate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.musclemap.alerts.InputException;
import me.musclemap.alerts.OutputException;
import me.musclemap.alerts.capacity.CapacityAnswer;
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
            "Exit codes: 0 met, 2 wrong arguments or no capacity.json, 3 missed, 4 the run is not valid."
        })
public final class GateCommand implements Callable<Integer> {
    private static final int MISSED = 3;
    private static final int NOT_VALID = 4;

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

    /** One objective and what was found. */
    private record Finding(String objective, boolean met, String words) {}

    @Override
    public Integer call() {
        var capacity = CapacityAnswer.ofRun(runDirectory);
        var findings = findings(capacity);
        boolean valid = !capacity.quality().label().equals("notValid");
        boolean met = findings.stream().allMatch(Finding::met);
        if (junit != null) {
            write(junit, xml(capacity, findings, valid));
        }
        var out = spec.commandLine().getOut();
        out.print(json ? object(capacity, findings, valid, met) + "\n" : text(capacity, findings, valid, met));
        out.flush();
        return !valid ? NOT_VALID : met ? 0 : MISSED;
    }

    private List<Finding> findings(CapacityAnswer capacity) {
        var findings = new ArrayList<Finding>();
        double safe = capacity.safeRequestsPerSecond();
        var load = load(capacity);
        if (minCapacity != null) {
            atLeast("--min-capacity", minCapacity);
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
        if (maxP99 != null) {
            if (load == null) {
                throw new InputException("--max-p99: say at which load, with --peak or --users");
            }
            findings.add(p99(capacity, load, maxP99));
        }
        if (findings.isEmpty()) {
            throw new InputException("no objective: give --peak or --users (with --min-headroom), or --min-capacity");
        }
        return findings;
    }

    private @Nullable Double load(CapacityAnswer capacity) {
        if (peak != null && users != null) {
            throw new InputException("--peak and --users: give one of them");
        }
        if (!(minHeadroomPercent >= 0 && minHeadroomPercent < 100)) {
            throw new InputException("--min-headroom=" + minHeadroomPercent + ": use percent from 0 to below 100");
        }
        if (users != null) {
            atLeast("--users", users);
            return users * capacity.workload().requestsPerSecondPerUser();
        }
        if (peak != null) {
            atLeast("--peak", peak);
        }
        return peak;
    }

    private static void atLeast(String option, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new InputException(option + "=" + value + ": use more than 0");
        }
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

    private static String text(CapacityAnswer capacity, List<Finding> findings, boolean valid, boolean met) {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "run %s: %s (%s), %s%n",
                capacity.runId(),
                capacity.stack().name(),
                capacity.stack().scope(),
                capacity.quality().label()));
        for (var finding : findings) {
            text.append(String.format(
                    "%-8s %s: %s%n", finding.met() ? "met" : "missed", finding.objective(), finding.words()));
        }
        if (!valid) {
            text.append("not valid: ")
                    .append(String.join("; ", capacity.quality().reasons()))
                    .append('\n');
        } else {
            text.append(met ? "objective met\n" : "objective missed\n");
        }
        return text.toString();
    }

    private static String object(CapacityAnswer capacity, List<Finding> findings, boolean valid, boolean met) {
        var answer = JsonNodeFactory.instance.objectNode();
        answer.put("runId", capacity.runId()).put("quality", capacity.quality().label());
        answer.put("verdict", !valid ? "notValid" : met ? "met" : "missed");
        var list = answer.putArray("objectives");
        findings.forEach(finding -> list.addObject()
                .put("objective", finding.objective())
                .put("met", finding.met())
                .put("found", finding.words()));
        return answer.toPrettyString();
    }

    private static String xml(CapacityAnswer capacity, List<Finding> findings, boolean valid) {
        long failed = findings.stream().filter(finding -> !finding.met()).count();
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        text.append(String.format(
                "<testsuite name=\"headroom alerts gate\" tests=\"%d\" failures=\"%d\" errors=\"%d\">%n",
                findings.size(), valid ? failed : 0, valid ? 0 : findings.size()));
        for (var finding : findings) {
            text.append(String.format(
                    "  <testcase classname=\"headroom.gate.%s\" name=\"%s\">%n",
                    escaped(capacity.runId()), escaped(finding.objective())));
            if (!valid) {
                text.append(String.format(
                        "    <error type=\"notValid\" message=\"%s\"/>%n",
                        escaped(String.join("; ", capacity.quality().reasons()))));
            } else if (!finding.met()) {
                text.append(String.format("    <failure type=\"missed\" message=\"%s\"/>%n", escaped(finding.words())));
            }
            text.append("  </testcase>\n");
        }
        return text.append("</testsuite>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static void write(Path file, String text) {
        var half = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.writeString(half, text);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new OutputException(file, e);
        }
    }
}
