package me.musclemap.capacity.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import me.musclemap.capacity.fit.UnsupportedFitException;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.predict.Condition;
import me.musclemap.capacity.predict.Figure;
import me.musclemap.capacity.predict.SealedPrediction;
import me.musclemap.capacity.validate.HeldOutComparison;
import me.musclemap.capacity.validate.HeldOutComparison.Figures;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code capacity backtest}: what today's model would have said of runs that were recorded, and how far off it is. */
@Command(
        name = "backtest",
        mixinStandardHelpOptions = true,
        description = {
            "Fit each run's windows at or below 60 %% of its knee, predict its held-out windows, and print the errors.",
            "This is today's model on old records, to compare models by; the prediction that a run sealed is compared by 'plan'."
        })
public final class BacktestCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "directories of run records")
    private List<Path> directories = List.of();

    @Option(names = "--draws", defaultValue = "200", description = "alternatives to draw (default: ${DEFAULT-VALUE})")
    private int draws;

    @Option(names = "--windows", description = "print every held-out window too")
    private boolean windows;

    /** For picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    public BacktestCommand() {}

    @Override
    public Integer call() {
        return CommandLineAnswer.of(spec.commandLine().getErr(), this::print);
    }

    private int print() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-14s %-12s %22s %22s %22s%n", "run", "quantity", "model median / 90th", "straight line", "USL");
        for (Path directory : directories) {
            print(out, directory);
        }
        return CommandLineAnswer.DONE;
    }

    private void print(PrintWriter out, Path directory) throws IOException {
        RunRecord run = new RunRecordReader(directory).read();
        Path conditions = directory.resolve("conditions.json");
        if (!Files.isRegularFile(conditions)) {
            throw new MalformedInputException(
                    conditions + ": no such file: the run was ended before its held-out windows;"
                            + " leave it out of the backtest");
        }
        String name = run.id().substring(Math.max(0, run.id().length() - 11));
        SealedPrediction said;
        try {
            said = PredictCommand.seal(
                    run, Condition.read(conditions.toString(), Files.readString(conditions), run), draws);
        } catch (UnsupportedFitException e) {
            out.printf("%-14s %s%n", name, e.getMessage());
            return;
        }
        Optional<HeldOutComparison> compared = HeldOutComparison.of(run, said, said.sha256());
        if (compared.isEmpty()) {
            out.printf("%-14s no held-out window is left to compare%n", name);
            return;
        }
        HeldOutComparison.@Nullable Place place = null;
        for (HeldOutComparison.ErrorRow e : compared.get().errors()) {
            if (!e.place().equals(place)) {
                place = e.place();
                out.printf(Locale.ROOT, "%-14s %s%n", name, words(place));
            }
            out.printf(
                    "%-14s %-12s %22s %22s %22s   %d of %d inside%n",
                    name,
                    e.quantity(),
                    words(e.model(), e.points()),
                    words(e.straightLine(), e.points()),
                    words(e.usl(), e.points()),
                    e.inside(),
                    e.count());
        }
        out.printf(
                "%-14s %-12s %d of %d%n",
                name, "inside 90 %", compared.get().inside(), compared.get().of());
        if (windows) {
            windows(out, compared.get());
        }
    }

    private static void windows(PrintWriter out, HeldOutComparison compared) {
        for (HeldOutComparison.Row row : compared.windows()) {
            out.printf(Locale.ROOT, "  window %d, %s, %.0f/s%n", row.window(), row.mixName(), row.offeredPerSecond());
            for (HeldOutComparison.Compared c : row.figures()) {
                Figure f = c.figure();
                out.printf(
                        Locale.ROOT,
                        "    %-22s %-9s %10.4f, said %10.4f (%.4f to %.4f)%s%s%n",
                        f.quantity(),
                        f.station().orElse(""),
                        c.measured(),
                        f.predicted().mid(),
                        f.predicted().low(),
                        f.predicted().high(),
                        c.inside() ? "" : "  outside",
                        line(f.straightLine()));
            }
        }
    }

    private static String line(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, ", straight line %.4f", value.getAsDouble()) : "";
    }

    private static String words(HeldOutComparison.Place place) {
        return String.format(
                Locale.ROOT,
                "%,d workouts, %.0f core(s)%s",
                place.workouts(),
                place.cores(),
                place.generator() ? ", the generator on them too" : "");
    }

    private static String words(Optional<Figures> figures, boolean points) {
        return figures.map(f -> String.format(
                        Locale.ROOT, "%.1f / %.1f %s", f.median() * 100, f.p90() * 100, points ? "points" : "%"))
                .orElse("-");
    }
}
