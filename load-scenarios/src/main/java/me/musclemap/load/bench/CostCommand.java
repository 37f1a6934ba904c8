package me.musclemap.load.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import me.musclemap.load.lab.LabConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What our generator costs beside plain Gatling at the same rate. */
@Command(
        name = "cost",
        mixinStandardHelpOptions = true,
        description = {
            "CPU per request of our generator (schedule, clock in nanoseconds, recorder) beside plain Gatling with its own file",
            "writer and with none, at one rate against one target. Each measurement is a new process; they take turns."
        })
final class CostCommand extends Measurement {
    private static final int HEAP_MEGABYTES = 1024;
    /** Users pause this long on average, so that there are ten times as many as requests a second. */
    private static final double PAUSE_SECONDS = 10;

    private static final String OURS = "Headroom";
    private static final String WITH_FILE = "plain Gatling, file writer";
    private static final String WITHOUT = "plain Gatling, console writer";

    @Option(names = "--rate", defaultValue = "3000", description = "Requests per second. Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(names = "--pairs", defaultValue = "5", description = "Measurements of each. Default: ${DEFAULT-VALUE}")
    private int pairs;

    @Option(names = "--warm-up", defaultValue = "10", description = "Seconds before each. Default: ${DEFAULT-VALUE}")
    private int warmUp;

    @Option(names = "--window", defaultValue = "8", description = "Seconds of each. Default: ${DEFAULT-VALUE}")
    private int window;

    CostCommand(Supplier<LabConfig> config, PrintStream out, PrintStream err) {
        super(config, out, err);
    }

    @Override
    void check() {
        positive("--rate", rate);
        positive("--pairs", pairs);
        positive("--warm-up", warmUp);
        positive("--window", window);
    }

    @Override
    Found measure(Place place) {
        var samples = new LinkedHashMap<String, List<Sample>>();
        var who = List.of(OURS, WITH_FILE, WITHOUT);
        who.forEach(name -> samples.put(name, new ArrayList<>()));
        try (var target = place.target(Optional.empty())) {
            for (int pair = 0; pair < pairs; pair++) {
                for (int i = 0; i < who.size(); i++) {
                    var name = who.get((i + pair) % who.size());
                    var sample = sample(place, target, name);
                    samples.getOrDefault(name, new ArrayList<>()).add(sample);
                    place.say(
                            "%d/%d %s: %.1f us of CPU a request, %.0f requests/s",
                            pair + 1, pairs, name, sample.cpuMicrosPerRequest(), sample.perSecond());
                }
            }
        }
        return found(samples);
    }

    private Sample sample(Place place, Target target, String name) {
        long before = target.count();
        if (name.equals(OURS)) {
            var workload = BenchWorkload.post(place.directory(), PAUSE_SECONDS);
            var settings = new Ours.Settings(target.url(), workload, 800, 0, false, HEAP_MEGABYTES);
            try (var ours = place.ours(settings)) {
                ours.order(rate, warmUp + window + 5);
                return after(ours.pid(), target, before);
            }
        }
        var plan = new PlainPlan(
                target.url(),
                name.equals(WITH_FILE) ? "file" : "console",
                List.of(new PlainPlan.Step(rate, warmUp + window + 5)),
                0,
                List.of(new PlainPlan.Sent("Ping", "/api/graphql", Optional.of(BenchWorkload.BODY), 1)),
                Optional.empty(),
                false,
                place.directory().toString());
        try (var plain = place.plain(plan, HEAP_MEGABYTES)) {
            return after(plain.pid(), target, before);
        }
    }

    private Sample after(long pid, Target target, long before) {
        target.awaitRequests(before);
        Pauses.seconds(warmUp);
        return Sample.of(pid, target, window);
    }

    private Found found(Map<String, List<Sample>> samples) {
        var table = new Table("", "us of CPU a request", "beside plain Gatling", "requests/s", "steal at most");
        var json = Program.JSON.createObjectNode().put("bench", "cost").put("pairs", pairs);
        var base = micros(samples.getOrDefault(WITH_FILE, List.of()));
        samples.forEach((name, all) -> {
            var cost = Spread.of(micros(all));
            var ratio = Spread.ofRatios(micros(all), base);
            var served = Spread.of(all.stream().map(Sample::perSecond).toList());
            double steal = all.stream().mapToDouble(Sample::stealRatio).max().orElse(0);
            table.row(
                    name,
                    cost.words(1),
                    name.equals(WITH_FILE) ? "1" : ratio.words(2),
                    served.words(0),
                    String.format(Locale.ROOT, "%.1f %%", 100 * steal));
            var row = json.withArray("rows").addObject().put("who", name);
            row.set("cpuMicrosPerRequest", cost.json());
            row.set("ratio", ratio.json());
            row.set("requestsPerSecond", served.json());
            row.put("stealRatio", steal);
        });
        return new Found(
                table.text()
                        + String.format(
                                Locale.ROOT,
                                "Medians (lowest–highest) of %d processes each, %d s of warm-up and %d s measured; ratios within a turn.%n",
                                pairs,
                                warmUp,
                                window),
                json);
    }

    private static List<Double> micros(List<Sample> samples) {
        return samples.stream().map(Sample::cpuMicrosPerRequest).toList();
    }
}
