package me.musclemap.load.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.lab.Version;
import me.musclemap.load.record.WholeFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code load compare}: whether a candidate is worse than a base, from pairs of runs. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        versionProvider = CompareCommand.VersionText.class,
        description = {
            "Whether a candidate is worse than a base, from pairs of runs.",
            "BASE and CANDIDATE are directories of recorded runs, or built checkouts, which --run drives in turn.",
            "Exit codes: 0 no regression, 3 regression, 4 undecided or not comparable, 2 wrong arguments."
        })
public final class CompareCommand implements Callable<Integer> {
    private final Supplier<LabConfig> config;
    private final PrintStream out;
    private final PrintStream err;

    @Parameters(arity = "0..*", paramLabel = "DIR", description = "BASE CANDIDATE; with --record-aa: runs of one build")
    private List<Path> directories = new ArrayList<>();

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "A run of the base, or its checkout; repeat it for more runs")
    private List<Path> base = new ArrayList<>();

    @Option(
            names = "--candidate",
            paramLabel = "DIR",
            description = "A run of the candidate, or its checkout; repeat it")
    private List<Path> candidate = new ArrayList<>();

    @Option(
            names = "--run",
            paramLabel = "ARGS",
            description = "What both checkouts run, as after 'headroom load run', for example 'smoke --quick'")
    private @Nullable String run;

    @Option(names = "--pairs", defaultValue = "8", description = "Pairs to drive. Default: ${DEFAULT-VALUE}")
    private int pairs;

    @Option(
            names = "--primary",
            defaultValue = "corrected-p99",
            description =
                    "The metric that decides: capacity, corrected-p99, cpu-per-request, corrected-p95, corrected-p50,"
                            + " service-p99 or failed-share. Default: ${DEFAULT-VALUE}")
    private String primary = "";

    @Option(
            names = "--alpha",
            defaultValue = "0.05",
            description = "The most false alarms, as a share. Default: ${DEFAULT-VALUE}")
    private double alpha;

    @Option(
            names = "--margin",
            defaultValue = "5",
            paramLabel = "PERCENT",
            description = "The change that nobody minds. Default: ${DEFAULT-VALUE}")
    private double marginPercent;

    @Option(names = "--json", description = "One JSON object on stdout")
    private boolean json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write it as Markdown")
    private @Nullable Path markdown;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write it as JUnit XML")
    private @Nullable Path junit;

    @Option(
            names = "--record-aa",
            description =
                    "Record what chance does on this machine: add these runs of one build to the ledger, or with --run drive"
                            + " twice as many as --pairs of this checkout")
    private boolean recordAa;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "The ledger of such runs. Default: aa-ledger.ndjson in the user's cache")
    private @Nullable Path ledger;

    @Option(
            names = "--runs",
            paramLabel = "DIR",
            description = "Where driven runs go. Default: HEADROOM_RUNS, or runs/")
    private @Nullable Path runs;

    /** Results go to {@code out}, progress to {@code err}. */
    public CompareCommand(Supplier<LabConfig> config, PrintStream out, PrintStream err) {
        this.config = config;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        var rule = new Rule(alpha, marginPercent / 100);
        var metric = Metric.of(primary);
        return recordAa ? record(rule, metric) : compare(rule, metric);
    }

    private int compare(Rule rule, Metric metric) {
        if (base.isEmpty() && candidate.isEmpty()) {
            if (directories.size() != 2) {
                throw new CompareException("name BASE and CANDIDATE, or each run with --base and --candidate");
            }
            base = List.of(directories.get(0));
            candidate = List.of(directories.get(1));
        } else if (!directories.isEmpty() || base.isEmpty() || candidate.isEmpty()) {
            throw new CompareException("name every run with --base or --candidate, at least one of each");
        }
        return run == null ? compareRecorded(rule, metric) : compareCheckouts(rule, metric, run);
    }

    private int compareRecorded(Rule rule, Metric metric) {
        for (var directory : Stream.concat(base.stream(), candidate.stream()).toList()) {
            if (Checkout.isOne(directory)) {
                throw new CompareException(
                        directory + ": is a checkout, not a run: say with --run what both shall drive");
            }
        }
        return answer(
                rule,
                metric,
                base.stream().map(ComparedRun::read).toList(),
                candidate.stream().map(ComparedRun::read).toList());
    }

    private int compareCheckouts(Rule rule, Metric metric, String arguments) {
        if (base.size() != 1 || candidate.size() != 1) {
            throw new CompareException(
                    "--run drives one checkout against one other: name one --base and one --candidate");
        }
        var pairing = new PairDriver(pairs, arguments, directoryOfRuns(), err);
        var driven = pairing.drive(Checkout.at(base.get(0)), Checkout.at(candidate.get(0)));
        return answer(rule, metric, driven.base(), driven.candidate());
    }

    private Path directoryOfRuns() {
        return runs == null ? config.get().runs() : runs.toAbsolutePath();
    }

    private int answer(Rule rule, Metric metric, List<ComparedRun> left, List<ComparedRun> right) {
        var pairing = Pairing.of(left, right);
        if (left.size() > SignFlip.MOST_PAIRS) {
            throw new CompareException(
                    left.size() + " pairs: at most " + SignFlip.MOST_PAIRS + " are tested exactly; name fewer");
        }
        Comparison comparison;
        Optional<SelfComparison> self = Optional.empty();
        if (pairing.whyNot().isPresent()) {
            comparison = Comparison.refused(rule, metric, pairing.whyNot().get());
        } else {
            var found = SelfComparison.of(
                    Ledger.read(ledgerFile()).under(Ledger.conditions(left.get(0))),
                    metric,
                    rule,
                    pairing.pairs().size());
            self = Optional.of(found);
            comparison = Comparison.of(pairing.pairs(), rule, metric, found.deviation());
        }
        var answer = new Answer(comparison, left, right, self);
        write(markdown, answer.markdown());
        write(junit, answer.junit());
        out.print(json ? answer.json() + "\n" : answer.text());
        return comparison.verdict().exitCode();
    }

    private Path ledgerFile() {
        return ledger == null ? config.get().cache().resolve("aa-ledger.ndjson") : ledger;
    }

    private int record(Rule rule, Metric metric) {
        if (!base.isEmpty() || !candidate.isEmpty()) {
            throw new CompareException("--record-aa takes runs of one build: name them without --base and --candidate");
        }
        var file = ledgerFile();
        var recorded = new ArrayList<ComparedRun>();
        if (run != null) {
            if (directories.size() > 1) {
                throw new CompareException("--record-aa --run drives one checkout: name one, or none for this one");
            }
            var one = Checkout.at(directories.isEmpty() ? config.get().home() : directories.get(0));
            var driven = new PairDriver(pairs, run, directoryOfRuns(), err).drive(one, one);
            recorded.addAll(driven.base());
            recorded.addAll(driven.candidate());
        } else if (directories.isEmpty()) {
            throw new CompareException("--record-aa: name runs of one build, or what to drive with --run");
        } else {
            directories.forEach(directory -> recorded.add(ComparedRun.read(directory)));
        }
        Pairing.unusable(recorded).ifPresent(why -> {
            throw new CompareException("--record-aa: " + why);
        });
        var kept = Ledger.read(file);
        int added = kept.add(recorded);
        out.println(added + " run" + (added == 1 ? "" : "s") + " added to " + file);
        recorded.stream().map(Ledger::conditions).distinct().forEach(conditions -> {
            var runsThere = kept.under(conditions);
            out.println(conditions + ": " + runsThere.size() + " runs");
            for (var of :
                    List.of(metric, Metric.CPU_PER_REQUEST).stream().distinct().toList()) {
                out.println("  " + of.word() + ": "
                        + SelfComparison.of(runsThere, of, rule, pairs).sentence(rule.alpha()));
            }
        });
        return 0;
    }

    private static void write(@Nullable Path file, String text) {
        if (file == null) {
            return;
        }
        try {
            WholeFile.write(file, text);
        } catch (IOException e) {
            throw CompareException.failed(file + ": cannot be written (" + e.getMessage() + "): name another file");
        }
    }

    /** The version of this build. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"headroom load " + Version.number()};
        }
    }
}
