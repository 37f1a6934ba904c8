package me.musclemap.capacity.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.plan.PhaseStudy;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.plan.Storm;
import me.musclemap.capacity.plan.Verdict;
import me.musclemap.capacity.uncertainty.Quantiles;
import me.musclemap.capacity.whatif.Cheapest;
import me.musclemap.capacity.whatif.Difference;
import me.musclemap.capacity.whatif.Levers;
import me.musclemap.capacity.whatif.Question;
import me.musclemap.capacity.whatif.StormStudy;
import me.musclemap.capacity.whatif.Tornado;
import me.musclemap.capacity.whatif.WhatIfDocument;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code capacity whatif}: what changes if something is changed. */
@Command(
        name = "whatif",
        mixinStandardHelpOptions = true,
        description =
                "Say what changes if an input is changed, what moves the answer most, what a storm does, and what is cheapest.")
public final class WhatIfCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "directory of the run record")
    private Path directory;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "another value: phases.2.cores=8, assumptions.cpuLimit=0.6, workload.pollingInterval=*2")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--tornado", description = "turn each input to both ends of its stated uncertainty")
    private boolean tornado;

    @Option(names = "--levers", description = "rank what may be done by the users that it gains")
    private boolean levers;

    @Option(
            names = "--storm",
            paramLabel = "NAME",
            description =
                    "a load that comes at once: login, reconnect, january, launch, redis-cold, redis-gone, or all")
    private @Nullable String storm;

    @Option(
            names = "--users",
            paramLabel = "N",
            description = "users in session when the storm begins (default: 60 %% of what the phase carries)")
    private @Nullable Double users;

    @Option(names = "--cheapest", paramLabel = "N", description = "the cheapest machines that carry N users in session")
    private @Nullable Double cheapest;

    @Option(
            names = "--confidence",
            defaultValue = "0.9",
            description = "share of the draws that must carry them (default: ${DEFAULT-VALUE})")
    private double confidence;

    @Option(
            names = "--phase",
            paramLabel = "ID",
            description =
                    "phase of the plan by id or number (default: 1; for --cheapest the first whose target is at least N)")
    private @Nullable String phase;

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            defaultValue = "",
            description = "stack to answer for (default: the production stack; without one the measured)")
    private String stack;

    @Option(names = "--phases", paramLabel = "FILE", description = "another plan than the one that ships, as YAML")
    private @Nullable Path phasesFile;

    @Option(names = "--draws", defaultValue = "200", description = "alternatives to draw (default: ${DEFAULT-VALUE})")
    private int draws;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    /** For picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    public WhatIfCommand() {}

    @Override
    public Integer call() {
        return CommandLineAnswer.of(spec.commandLine().getErr(), this::answer);
    }

    private int answer() throws IOException {
        check();
        RunRecord run = RunAnswer.record(directory, draws);
        Function<Map<String, String>, Phases> plan = plan();
        Phases phases = plan.apply(settings);
        PhaseStudy study = PhaseStudy.of(run, draws);
        var refusal = study.refusal(plan.apply(Map.of()));
        String chosen = phase(phases);
        var question = new Question(study, plan, settings, chosen, stack);
        if (refusal.isPresent() && !question.stack().estimated()) {
            spec.commandLine().getErr().println(run.id() + ": " + refusal.get() + ": record the run again");
            return CommandLineAnswer.NOT_VALID;
        }
        var out = spec.commandLine().getOut();
        ObjectNode root = WhatIfDocument.of(question).put("runId", run.id());
        head(question, out);
        if (cheapest != null) {
            print(Cheapest.of(question, cheapest, confidence), root, out);
        }
        if (tornado) {
            print(Tornado.of(question), root, out);
        }
        if (levers) {
            print(Levers.of(question), root, out);
        }
        if (storm != null) {
            storms(question, root, out);
        }
        if (cheapest == null && !tornado && !levers && storm == null) {
            Phases before = plan.apply(Map.of());
            print(Difference.of(study, before, phases), root, out);
        }
        if (json) {
            out.println(root.toPrettyString());
        }
        return CommandLineAnswer.DONE;
    }

    private void check() {
        if (cheapest != null && !(cheapest >= 1 && Double.isFinite(cheapest))) {
            throw new MalformedInputException("--cheapest=" + cheapest + ": give users, at least 1");
        }
        if (users != null && !(users >= 1 && Double.isFinite(users))) {
            throw new MalformedInputException("--users=" + users + ": give users, at least 1");
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new MalformedInputException("--confidence=" + confidence + ": give a share between 0 and 1");
        }
        if (settings.isEmpty() && !tornado && !levers && storm == null && cheapest == null) {
            throw new MalformedInputException(
                    "nothing is asked: change an input with --set, or ask with --tornado, --levers, --storm or --cheapest");
        }
    }

    /** Reads the plan once for each set of settings; the file itself only once. */
    private Function<Map<String, String>, Phases> plan() throws IOException {
        String name = phasesFile == null ? "phases.yaml" : phasesFile.toString();
        String text = RunAnswer.plan(phasesFile);
        return changed -> Phases.read(name, text, changed);
    }

    private String phase(Phases phases) {
        if (phase != null) {
            return phase;
        }
        double wanted = cheapest == null ? 0 : cheapest;
        return phases.phases().stream()
                .filter(p -> p.targetUsers() >= wanted)
                .findFirst()
                .orElse(phases.phases().get(phases.phases().size() - 1))
                .id();
    }

    private void head(Question question, PrintWriter out) {
        if (json || isDifference()) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "%s (%s) on %s%s: %s; users in session at %.4f requests/s each%n",
                question.phase().id(),
                question.phase().name(),
                question.stack().name(),
                question.stack().estimated() ? " (estimated)" : "",
                question.stack().scope(),
                question.perUser());
        if (question.isBeyondRange()) {
            out.println(
                    "More than four times what was measured: read the figures against each other, not as a promise.");
        }
    }

    private boolean isDifference() {
        return cheapest == null && !tornado && !levers && storm == null;
    }

    private void print(Difference difference, ObjectNode root, PrintWriter out) {
        if (json) {
            root.set("difference", WhatIfDocument.of(difference));
            return;
        }
        settings.forEach((path, value) -> out.println("--set " + path + "=" + value));
        out.printf(
                "%n%-8s %-24s %30s %30s %26s%n",
                "phase", "stack", "users before (10 to 90 %)", "users after (10 to 90 %)", "gained (10 to 90 %)");
        for (Difference.Row row : difference.rows()) {
            if (row.before().equals(row.after())) {
                continue;
            }
            out.printf(
                    Locale.ROOT,
                    "%-8s %-24s %30s %30s %26s%n",
                    row.phase(),
                    row.stack(),
                    users(row.before()),
                    users(row.after()),
                    row.gained()
                            .map(WhatIfCommand::signed)
                            .orElse(
                                    Double.isFinite(row.ratio())
                                            ? String.format(Locale.ROOT, "x %.2f", row.ratio())
                                            : ""));
            out.printf(
                    Locale.ROOT,
                    "%-8s gives out first: %s%s; at the target %s cores, before %s; p99 %s, before %s%n",
                    "",
                    row.after().binding(),
                    row.after().binding().equals(row.before().binding())
                            ? " (as before)"
                            : ", before: " + row.before().binding(),
                    amount(row.after().coresForTarget()),
                    amount(row.before().coresForTarget()),
                    seconds(row.after().p99Seconds()),
                    seconds(row.before().p99Seconds()));
        }
        List<String> same = difference.rows().stream()
                .filter(r -> r.before().equals(r.after()))
                .map(r -> r.phase() + " on " + r.stack())
                .toList();
        if (!same.isEmpty()) {
            out.println("\nno change: " + String.join(", ", same));
        }
        out.println();
        difference.costs().stream()
                .filter(c -> !c.before().equals(c.after()))
                .forEach(c -> out.printf(
                        Locale.ROOT,
                        "%-8s costs %s dollars a month at its target (%s to %s), before %s%n",
                        c.phase(),
                        amount(c.after().mid()),
                        amount(c.after().low()),
                        amount(c.after().high()),
                        amount(c.before().mid())));
    }

    private void print(Tornado answer, ObjectNode root, PrintWriter out) {
        if (json) {
            root.set("tornado", WhatIfDocument.of(answer));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%n%s users with every input as stated; each alone at both ends of its uncertainty:%n%n",
                amount(answer.bestUsers()));
        out.printf("%-44s %20s %24s %12s %12s%n", "input", "stated", "turned to", "users", "users");
        for (Tornado.Row row : answer.rows()) {
            out.printf(
                    Locale.ROOT,
                    "%-44s %20s %24s %12s %12s%n",
                    row.input(),
                    row.stated(),
                    row.low() + ", " + row.high(),
                    amount(row.usersAtLow()),
                    amount(row.usersAtHigh()));
        }
        if (!answer.withoutEffect().isEmpty()) {
            out.println("\nno effect on this answer: " + String.join(", ", answer.withoutEffect()));
        }
    }

    private void print(Levers answer, ObjectNode root, PrintWriter out) {
        if (json) {
            root.set("levers", WhatIfDocument.of(answer));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%n%s users (%s) as planned; gives out first: %s%n%n",
                amount(answer.before().p50()),
                ends(answer.before()),
                answer.binding());
        out.printf(
                "%-42s %28s %8s  %s%n",
                "lever", "users gained (10 to 90 %)", "gain", "what it takes; then gives out first");
        for (Levers.Row row : answer.rows()) {
            out.printf(
                    Locale.ROOT,
                    "%-42s %28s %8s  %s; %s%n",
                    row.name(),
                    signed(row.gained()),
                    Double.isFinite(row.gainedRatio())
                            ? String.format(Locale.ROOT, "%+.0f%%", row.gainedRatio() * 100)
                            : "",
                    row.effort(),
                    row.binding());
        }
    }

    private void storms(Question question, ObjectNode root, PrintWriter out) {
        Map<String, Storm> known = question.phases().storms();
        var asked = new ArrayList<String>();
        if ("all".equals(storm)) {
            asked.addAll(known.keySet());
        } else if (storm != null && known.containsKey(storm)) {
            asked.add(storm);
        } else {
            throw new MalformedInputException("--storm=" + storm + ": no such storm; known are "
                    + String.join(", ", known.keySet()) + " and all");
        }
        double before = users == null ? StormStudy.USUAL_SHARE * question.bestUsers() : users;
        for (String name : asked) {
            Storm one = known.get(name);
            if (one == null) {
                throw new IllegalStateException(name + " was known a moment ago");
            }
            StormStudy answer = StormStudy.of(question, name, one, before);
            if (json) {
                root.withArray("/storms").add(WhatIfDocument.of(answer));
            } else {
                print(answer, out);
            }
        }
    }

    private static void print(StormStudy answer, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%n%s: %s; %s users in session, %s requests/s before it%n",
                answer.name(),
                answer.what(),
                amount(answer.users()),
                amount(answer.headlinePerSecond()));
        for (StormStudy.Resource r : answer.resources()) {
            out.printf(
                    Locale.ROOT,
                    "  %-28s asked for %.0f %% of it in the worst second (%.0f to %.0f)%s%n",
                    r.name(),
                    r.highest().p50() * 100,
                    r.highest().p10() * 100,
                    r.highest().p90() * 100,
                    r.byStation().isEmpty() ? "" : ": " + shares(r.byStation()));
            if (r.waitSeconds().p90() > 0) {
                out.printf(
                        Locale.ROOT,
                        "  %-28s work waits up to %s (%s to %s), the backlog is gone %s after the beginning (%s to %s)%n",
                        "",
                        seconds(r.waitSeconds().p50()),
                        seconds(r.waitSeconds().p10()),
                        seconds(r.waitSeconds().p90()),
                        time(r.lastsSeconds().p50()),
                        time(r.lastsSeconds().p10()),
                        time(r.lastsSeconds().p90()));
            }
        }
        answer.poolFull()
                .ifPresent(q -> out.printf(
                        Locale.ROOT,
                        "  every database connection is waiting after %s (%s to %s), in %.0f %% of the draws%n",
                        time(q.p50()),
                        time(q.p10()),
                        time(q.p90()),
                        answer.poolFullShare() * 100));
        out.println("  " + answer.givesOut().map(g -> "gives out first: " + g).orElse("nothing gives out"));
    }

    private void print(Cheapest answer, ObjectNode root, PrintWriter out) {
        if (json) {
            root.set("cheapest", WhatIfDocument.of(answer));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%n%s users (%s requests/s) with at least %.0f %% confidence; %d configurations tried, cheapest first:%n",
                amount(answer.users()),
                amount(answer.headlinePerSecond()),
                answer.confidence() * 100,
                answer.tried());
        if (answer.found().isEmpty()) {
            out.println(
                    "none of them carries so many: the database's writes or a single machine's limits bind; another design is due");
        }
        for (Cheapest.Found f : answer.found()) {
            out.printf(
                    Locale.ROOT,
                    "%n  %s%n  %s dollars a month, %s of it machines; carried in %.0f %% of the draws; nearest to its limit: %s (%.0f %% used)%s%n",
                    f.words(),
                    amount(f.dollarsPerMonth()),
                    amount(f.machineDollars()),
                    f.probability() * 100,
                    f.binding(),
                    f.bindingUsed() * 100,
                    f.beyondRange() ? "; beyond four times what was measured: a guess" : "");
        }
    }

    private static String shares(Map<String, Double> shares) {
        List<String> parts = shares.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(e -> String.format(Locale.ROOT, "%s %.0f %%", e.getKey(), e.getValue() * 100))
                .toList();
        return String.join(", ", parts);
    }

    private static String users(Difference.Side side) {
        return side.users()
                .map(WhatIfCommand::range)
                .orElse(side.carriesNothing() ? "none at all" : "beyond what was measured");
    }

    private static String range(Quantiles q) {
        return amount(q.p50()) + " (" + ends(q) + ")";
    }

    private static String ends(Quantiles q) {
        return amount(q.p10()) + " to " + amount(q.p90());
    }

    private static String signed(Quantiles q) {
        return (q.p50() >= 0 ? "+" : "") + amount(q.p50()) + " (" + (q.p10() >= 0 ? "+" : "") + amount(q.p10()) + " to "
                + (q.p90() >= 0 ? "+" : "") + amount(q.p90()) + ")";
    }

    private static String seconds(double value) {
        if (!Double.isFinite(value)) {
            return "without end";
        }
        return value < 1
                ? String.format(Locale.ROOT, "%.0f ms", value * 1000)
                : String.format(Locale.ROOT, "%.1f s", value);
    }

    private static String time(double seconds) {
        return !Double.isFinite(seconds)
                ? "never"
                : seconds < 1
                        ? "less than a second"
                        : seconds < 600
                                ? String.format(Locale.ROOT, "%.0f s", seconds)
                                : String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }

    /** Three digits: the rest is noise. */
    private static String amount(double value) {
        return Verdict.rounded(Math.abs(value) < 0.05 ? 0 : value);
    }
}
