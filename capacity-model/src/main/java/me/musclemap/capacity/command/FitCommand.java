package me.musclemap.capacity.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.musclemap.capacity.fit.DemandFit;
import me.musclemap.capacity.fit.DemandFitter;
import me.musclemap.capacity.fit.ForeignLoad;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.uncertainty.Interval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code capacity fit}: what a request costs at each station. */
@Command(
        name = "fit",
        mixinStandardHelpOptions = true,
        description = "Print what a request of each class costs at each station, with 90 %% intervals.")
public final class FitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "directory of the run record")
    private Path directory;

    @Option(names = "--draws", defaultValue = "200", description = "alternatives to draw (default: ${DEFAULT-VALUE})")
    private int draws;

    /** For picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    public FitCommand() {}

    @Override
    public Integer call() {
        return CommandLineAnswer.of(spec.commandLine().getErr(), this::print);
    }

    private int print() throws IOException {
        RunRecord run = new RunRecordReader(directory).read();
        Selection selection = Selection.of(run, Set.of("fit", "held-out"), Double.POSITIVE_INFINITY);
        DemandFit fit = new DemandFitter(run, draws, run.seed()).fit(selection);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%d windows, %d left out; condition number %s; %s%n",
                fit.windows(),
                selection.excluded().size(),
                fit.conditionNumber().isPresent()
                        ? String.format(
                                Locale.ROOT, "%.1f", fit.conditionNumber().getAsDouble())
                        : "unknown: too few windows",
                fit.model().form() == me.musclemap.capacity.fit.LoadForm.CONSTANT
                        ? "cost does not depend on the load"
                        : "cost per request " + fit.model().form().name().toLowerCase(Locale.ROOT) + " with the load");
        if (fit.warmingRatio() > 0) {
            out.printf(
                    Locale.ROOT,
                    "code was still being compiled: the first window paid %.0f %% of its CPU for it, the last none%n",
                    fit.warmingRatio() * 100);
        }
        if (!fit.restartEffects().isEmpty()) {
            var effects = new TreeMap<>(fit.restartEffects());
            out.printf(
                    Locale.ROOT,
                    "restarts %s %% dearer than all together; apart by %.1f %% beyond what windows stray by%n",
                    effects.values().stream()
                            .map(e -> String.format(Locale.ROOT, "%+.1f", e * 100))
                            .collect(Collectors.joining(", ")),
                    fit.restartSpread() * 100);
        }
        if (fit.model().workouts() > 0) {
            Interval growth = Interval.of(
                    Arrays.stream(fit.model().growth()).sum() * 1000,
                    fit.draws().stream()
                            .mapToDouble(m -> Arrays.stream(m.growth()).sum() * 1000)
                            .toArray());
            out.printf(
                    Locale.ROOT,
                    "each time that the workouts double a request costs %.4f ms more (%.4f to %.4f), from %,.0f%n",
                    growth.mid(),
                    growth.low(),
                    growth.high(),
                    fit.model().workouts());
        }
        selection.excluded().forEach(e -> out.printf("left out: window %d, %s%n", e.window(), e.reason()));
        List<String> stations = run.cpu().stations();
        out.printf("%-10s %-12s %28s%n", "station", "class", "ms CPU per request (90 %)");
        for (int s = 0; s < stations.size(); s++) {
            for (int c = 0; c < run.classes().size(); c++) {
                int station = s;
                int requestClass = c;
                Interval cost = Interval.of(
                        fit.model().demandAt(s, c, 0.5) * 1000,
                        fit.draws().stream()
                                .mapToDouble(m -> m.demandAt(station, requestClass, 0.5) * 1000)
                                .toArray());
                out.printf(
                        Locale.ROOT,
                        "%-10s %-12s %9.4f (%.4f to %.4f)%s%n",
                        stations.get(s),
                        run.classes().get(c).name(),
                        cost.mid(),
                        cost.low(),
                        cost.high(),
                        fit.identifiable()[c] && !ForeignLoad.isRest(stations.get(s))
                                ? ""
                                : "  only the total of the mix is known");
            }
            out.printf(
                    Locale.ROOT,
                    "%-10s %-12s %9.4f cores%s, residual %.4f cores%n",
                    stations.get(s),
                    "background",
                    fit.model().background()[s],
                    fit.idleCores().length == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    ", idle %.4f%s",
                                    fit.idleCores()[s],
                                    fit.meetsIdle()[s] ? "" : " (a constant cost does not meet it)"),
                    fit.stations().get(s).residualCores());
        }
        return CommandLineAnswer.DONE;
    }
}
