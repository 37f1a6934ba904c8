package me.musclemap.capacity.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.musclemap.capacity.forecast.CarriedRate;
import me.musclemap.capacity.forecast.Exhaustion;
import me.musclemap.capacity.forecast.ForecastDocument;
import me.musclemap.capacity.forecast.GrowthForecast;
import me.musclemap.capacity.forecast.PeakSeries;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.plan.CapacityAnswer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code capacity forecast}: what daily peaks grow to, and when they pass what is carried. */
@Command(
        name = "forecast",
        mixinStandardHelpOptions = true,
        description =
                "Say what daily peaks grow to and when they pass what a run carries, or why no date can be given.")
public final class ForecastCommand implements Callable<Integer> {
    private static final int DEFAULT_SEED = 1;
    private static final double LEAD_DAYS = 14;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SERIES", description = "daily peaks as lines of date,requestsPerSecond")
    private Path seriesFile;

    @Option(
            names = "--run",
            paramLabel = "RUN_DIR",
            description = "a run record: its machine and the phases of the plan are what the peaks may grow into")
    private @Nullable Path run;

    @Option(
            names = "--capacity",
            paramLabel = "REQUESTS_PER_SECOND",
            description = "a rate that is carried, in place of a run or beside it")
    private @Nullable Double capacity;

    @Option(names = "--phases", paramLabel = "FILE", description = "another plan than the one that ships, as YAML")
    private @Nullable Path phasesFile;

    @Option(names = "--set", paramLabel = "PATH=VALUE", description = "another value in the plan, as for plan")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--draws", defaultValue = "200", description = "alternatives to draw (default: ${DEFAULT-VALUE})")
    private int draws;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    /** For picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    public ForecastCommand() {}

    @Override
    public Integer call() {
        return CommandLineAnswer.of(spec.commandLine().getErr(), this::forecast);
    }

    private int forecast() throws IOException {
        PeakSeries series = PeaksFile.read(seriesFile);
        if (capacity != null && !(capacity > 0 && Double.isFinite(capacity))) {
            throw new MalformedInputException("--capacity=" + capacity + ": give requests per second above zero");
        }
        GrowthForecast forecast =
                run == null ? GrowthForecast.of(series, typed(), LEAD_DAYS, DEFAULT_SEED) : ofRun(series, run);
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(ForecastDocument.of(forecast)));
        } else {
            print(forecast, out);
        }
        return CommandLineAnswer.DONE;
    }

    private List<CarriedRate> typed() {
        return capacity == null
                ? List.of()
                : List.of(new CarriedRate("the given capacity", "any", "assumed", new double[] {capacity}));
    }

    private GrowthForecast ofRun(PeakSeries series, Path directory) throws IOException {
        RunRecord record = RunAnswer.record(directory, draws);
        var phases = RunAnswer.phases(phasesFile, settings);
        CapacityAnswer answer = RunAnswer.of(record, phases, draws, Optional.of(series));
        answer.quality()
                .refusal()
                .ifPresent(why -> spec.commandLine()
                        .getErr()
                        .println(record.id() + ": " + why + ": only stacks that owe nothing to this run have a date"));
        GrowthForecast forecast = answer.forecast().orElseThrow();
        return capacity == null
                ? forecast
                : forecast.with(GrowthForecast.of(series, typed(), LEAD_DAYS, record.seed()));
    }

    private static void print(GrowthForecast forecast, PrintWriter out) {
        PeakSeries series = forecast.series();
        out.printf(
                Locale.ROOT,
                "%d daily peaks from %s to %s; the highest of the last week is %.1f requests/s%n",
                series.count(),
                series.first(),
                series.last(),
                series.presentPeak());
        forecast.growthPerDay()
                .ifPresent(g -> out.printf(
                        Locale.ROOT,
                        "growth %+.2f %% a day (%+.2f to %+.2f), p = %s%n",
                        Math.expm1(g.mid()) * 100,
                        Math.expm1(g.low()) * 100,
                        Math.expm1(g.high()) * 100,
                        p(forecast.pValue().orElse(1))));
        if (!forecast.errors().isEmpty()) {
            out.printf("%n%-16s %24s%n", "form", "error on days not seen");
            forecast.errors()
                    .forEach(e -> out.printf(
                            Locale.ROOT,
                            "%-16s %24s%s%n",
                            e.form(),
                            e.error().isPresent()
                                    ? String.format(
                                            Locale.ROOT, "%.1f %%", e.error().getAsDouble() * 100)
                                    : "-",
                            forecast.chosen().filter(e.form()::equals).isPresent()
                                    ? "  chosen"
                                    : e.why().map(w -> "  not tried: " + w).orElse("")));
            out.printf(
                    Locale.ROOT,
                    "%-16s %24s  for comparison%n",
                    "last week again",
                    String.format(
                            Locale.ROOT, "%.1f %%", forecast.lastWeekError().orElse(0) * 100));
        }
        if (!forecast.expected().isEmpty()) {
            out.printf("%n%-12s %s%n", "week to", "highest peak, requests/s (10 to 90 %)");
            forecast.expected()
                    .forEach(e -> out.printf(
                            Locale.ROOT,
                            "%-12s %.0f (%.0f to %.0f)%n",
                            e.date(),
                            e.requestsPerSecond().p50(),
                            e.requestsPerSecond().p10(),
                            e.requestsPerSecond().p90()));
        }
        out.println();
        if (forecast.exhaustion().isEmpty()) {
            out.println(forecast.whyNoDate()
                    .map(w -> "no date: " + w)
                    .orElse("no date: no capacity is given; name a run with --run, or a rate with --capacity"));
        }
        forecast.exhaustion().forEach(e -> out.println(words(e)));
    }

    private static String p(double value) {
        return value < 0.001 ? "below 0.001" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String words(Exhaustion e) {
        String what = String.format(
                Locale.ROOT,
                "%s on %s (%s), %.0f requests/s (%.0f to %.0f): ",
                e.capacity().name(),
                e.capacity().stack(),
                e.capacity().label(),
                e.requestsPerSecond().p50(),
                e.requestsPerSecond().p10(),
                e.requestsPerSecond().p90());
        return what
                + e.p50()
                        .map(date -> String.format(
                                Locale.ROOT,
                                "exhausted on %s (%s to %s), %.0f %% within 24 months",
                                date,
                                e.p10().map(LocalDate::toString).orElse("?"),
                                e.p90().map(LocalDate::toString).orElse("later than 24 months"),
                                e.probability() * 100))
                        .orElseGet(() -> "no date: " + e.whyNone().orElse(""));
    }
}
