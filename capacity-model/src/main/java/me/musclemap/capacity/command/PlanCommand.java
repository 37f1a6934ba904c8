package me.musclemap.capacity.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import me.musclemap.capacity.claims.Claims;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.plan.CapacityAnswer;
import me.musclemap.capacity.plan.CapacityDocument;
import me.musclemap.capacity.plan.PhaseStudy;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.plan.Planner;
import me.musclemap.capacity.plan.Verdict;
import me.musclemap.capacity.predict.FormulaCheck;
import me.musclemap.capacity.whatif.Question;
import me.musclemap.capacity.whatif.WhatIfDocument;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code capacity plan}: from a run record to {@code capacity.json}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "Fit a run, compare it with its sealed prediction, solve the phases of the plan and write capacity.json.")
public final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "directory of the run record")
    private Path directory;

    @Option(names = "--draws", defaultValue = "200", description = "alternatives to draw (default: ${DEFAULT-VALUE})")
    private int draws;

    @Option(
            names = "--present-peak",
            paramLabel = "REQUESTS_PER_SECOND",
            description = "headline requests per second at today's peak: answers with the headroom that is left")
    private @Nullable Double presentPeak;

    @Option(
            names = "--peaks",
            paramLabel = "FILE",
            description =
                    "daily peaks as lines of date,requestsPerSecond: fills the forecast, the headroom at the last week's peak and the growth that warnings lead by")
    private @Nullable Path peaks;

    @Option(names = "--phases", paramLabel = "FILE", description = "another plan than the one that ships, as YAML")
    private @Nullable Path phasesFile;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "another value in the plan: phases.2.tiers.vps.cores=8, assumptions.cpuLimit=0.6")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--prediction",
            paramLabel = "FILE",
            description = "the sealed prediction that the held-out windows answer, where run.json names none")
    private @Nullable Path prediction;

    private static final int CHECK_EVERY = 4;

    @Option(names = "--json", description = "print capacity.json instead of the verdict")
    private boolean json;

    @Option(names = "--dry-run", description = "write nothing")
    private boolean dryRun;

    /** For picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    public PlanCommand() {}

    @Override
    public Integer call() {
        return CommandLineAnswer.of(spec.commandLine().getErr(), this::plan);
    }

    private int plan() throws IOException {
        RunRecord run = RunAnswer.record(directory, draws);
        RunAnswer.Sealed sealed = RunAnswer.sealed(directory, run, prediction);
        var planner = new Planner(
                run,
                RunAnswer.phases(phasesFile, settings),
                Claims.shipped(),
                draws,
                presentPeak == null ? OptionalDouble.empty() : OptionalDouble.of(presentPeak),
                peaks == null ? Optional.empty() : Optional.of(PeaksFile.read(peaks)));
        CapacityAnswer answer = planner.answer(sealed.prediction(), sealed.sha256());
        var document = new CapacityDocument(answer, whatIf(answer));
        byte[] bytes = document.bytes();
        if (!dryRun) {
            RunFiles.write(directory.resolve("capacity.json"), bytes);
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.print(new String(bytes, StandardCharsets.UTF_8));
            out.flush();
        } else {
            document.verdict().sentences().forEach(out::println);
            ratios(answer, out);
            checks(answer, out);
            out.flush();
        }
        return answer.quality().refusal().isPresent() ? CommandLineAnswer.NOT_VALID : CommandLineAnswer.DONE;
    }

    private static void ratios(CapacityAnswer answer, PrintWriter out) {
        if (answer.stackRatios().isEmpty()) {
            return;
        }
        out.printf("%n%-46s %12s %12s %8s%n", "CPU of one request", "measured", "production", "ratio");
        for (CapacityAnswer.StackRatio r : answer.stackRatios()) {
            out.printf(
                    Locale.ROOT,
                    "%-46s %9.3f ms %9.3f ms %8s%n",
                    r.operation() + (r.ofTheMix() ? " (against the mix)" : " (" + r.requestClass() + ")"),
                    r.measuredSeconds() * 1000,
                    r.productionSeconds() * 1000,
                    "x " + Verdict.rounded(r.ratio()));
        }
    }

    /** The formula of shared cores beside a simulation of them, at a few rates of the curve. */
    private static void checks(CapacityAnswer answer, PrintWriter out) {
        List<CapacityAnswer.CurvePoint> points =
                answer.curve().stream().filter(p -> p.check().isPresent()).toList();
        if (points.isEmpty()) {
            return;
        }
        out.printf(
                "%n%-18s %14s %14s %14s %14s%n",
                "shared CPU alone", "p95 formula", "p95 simulated", "p99 formula", "p99 simulated");
        for (int i = CHECK_EVERY - 1; i < points.size(); i += CHECK_EVERY) {
            FormulaCheck.Both both = points.get(i).check().orElseThrow();
            out.printf(
                    Locale.ROOT,
                    "%-18s %11.2f ms %11.2f ms %11.2f ms %11.2f ms%n",
                    Verdict.rounded(points.get(i).requestsPerSecond()) + " requests/s",
                    both.formulaP95() * 1000,
                    both.simulatedP95() * 1000,
                    both.formulaP99() * 1000,
                    both.simulatedP99() * 1000);
        }
    }

    /** Of the first phase, as the stack that the plan is for carries it. */
    private Optional<ObjectNode> whatIf(CapacityAnswer answer) throws IOException {
        String name = phasesFile == null ? "phases.yaml" : phasesFile.toString();
        String text = RunAnswer.plan(phasesFile);
        var question = new Question(
                PhaseStudy.of(answer.fitted()), changed -> Phases.read(name, text, changed), settings, "1", "");
        return answer.quality().refusal().isPresent() && !question.stack().estimated()
                ? Optional.empty()
                : Optional.of(WhatIfDocument.section(question));
    }
}
