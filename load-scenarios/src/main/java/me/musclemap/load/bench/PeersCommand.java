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

/** How much generators send from one core. */
@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        description = {
            "Requests per second and CPU per request of wrk, hey, plain Gatling and ours: as many GETs as one core sends over the same",
            "number of connections to the same target. Each measurement is a new process; they take turns."
        })
final class PeersCommand extends Measurement {
    private static final int HEAP_MEGABYTES = 1024;
    private static final String OURS = "Headroom";
    private static final String PLAIN = "plain Gatling, file writer";

    @Option(names = "--connections", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--offered",
            defaultValue = "40000",
            description = "Requests per second that ours is asked for, more than it can. Default: ${DEFAULT-VALUE}")
    private int offered;

    @Option(names = "--rounds", defaultValue = "3", description = "Measurements of each. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "9", description = "Seconds before each. Default: ${DEFAULT-VALUE}")
    private int warmUp;

    @Option(names = "--window", defaultValue = "6", description = "Seconds of each. Default: ${DEFAULT-VALUE}")
    private int window;

    PeersCommand(Supplier<LabConfig> config, PrintStream out, PrintStream err) {
        super(config, out, err);
    }

    @Override
    void check() {
        positive("--connections", connections);
        positive("--offered", offered);
        positive("--rounds", rounds);
        positive("--warm-up", warmUp);
        positive("--window", window);
    }

    @Override
    Found measure(Place place) {
        var samples = new LinkedHashMap<String, List<Sample>>();
        var missing = new ArrayList<String>();
        for (var tool : ClosedTool.values()) {
            if (place.installed(tool.name()).isPresent()) {
                samples.put(tool.name(), new ArrayList<>());
            } else {
                missing.add(tool.missing());
            }
        }
        samples.put(PLAIN, new ArrayList<>());
        samples.put(OURS, new ArrayList<>());
        var who = List.copyOf(samples.keySet());
        try (var target = place.target(Optional.empty())) {
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < who.size(); i++) {
                    var name = who.get((i + round) % who.size());
                    var sample = sample(place, target, name);
                    samples.getOrDefault(name, new ArrayList<>()).add(sample);
                    place.say(
                            "%d/%d %s: %.0f requests/s, %.1f us of CPU a request",
                            round + 1, rounds, name, sample.perSecond(), sample.cpuMicrosPerRequest());
                }
            }
        }
        return found(samples, missing);
    }

    private Sample sample(Place place, Target target, String name) {
        long before = target.count();
        int seconds = warmUp + window + 3;
        if (name.equals(OURS)) {
            var workload = BenchWorkload.get(place.directory(), 1);
            var settings = new Ours.Settings(target.url(), workload, connections, 0, false, HEAP_MEGABYTES);
            try (var ours = place.ours(settings)) {
                ours.order(offered, seconds);
                return after(ours.pid(), target, before);
            }
        }
        if (name.equals(PLAIN)) {
            var plan = new PlainPlan(
                    target.url(),
                    "file",
                    List.of(),
                    connections,
                    List.of(new PlainPlan.Sent("Ping", BenchWorkload.PATH, Optional.empty(), 1)),
                    Optional.empty(),
                    false,
                    place.directory().toString());
            try (var plain = place.plain(plan, HEAP_MEGABYTES)) {
                return after(plain.pid(), target, before);
            }
        }
        var tool = ClosedTool.valueOf(name);
        var program = place.installed(name).orElseThrow();
        try (var running = place.tool(
                name,
                tool.command(program, target.url() + BenchWorkload.PATH, connections, seconds, Optional.empty()))) {
            var sample = after(running.pid(), target, before);
            running.awaitWords();
            return sample;
        }
    }

    private Sample after(long pid, Target target, long before) {
        target.awaitRequests(before);
        Pauses.seconds(warmUp);
        return Sample.of(pid, target, window);
    }

    private Found found(Map<String, List<Sample>> samples, List<String> missing) {
        var table = new Table("", "requests/s", "us of CPU a request", "its core", "target's core", "steal at most");
        var json = Program.JSON.createObjectNode().put("bench", "peers").put("connections", connections);
        samples.forEach((name, all) -> {
            var served = Spread.of(all.stream().map(Sample::perSecond).toList());
            var cost = Spread.of(all.stream().map(Sample::cpuMicrosPerRequest).toList());
            var core = Spread.of(all.stream().map(Sample::cpuRatio).toList());
            var targetCore = Spread.of(all.stream().map(Sample::targetCpuRatio).toList());
            double steal = all.stream().mapToDouble(Sample::stealRatio).max().orElse(0);
            table.row(
                    name,
                    served.words(0),
                    cost.words(1),
                    percent(core.median()),
                    percent(targetCore.median()),
                    String.format(Locale.ROOT, "%.1f %%", 100 * steal));
            var row = json.withArray("rows").addObject().put("who", name);
            row.set("requestsPerSecond", served.json());
            row.set("cpuMicrosPerRequest", cost.json());
            row.put("coreRatio", core.median()).put("targetCoreRatio", targetCore.median());
            row.put("stealRatio", steal);
        });
        missing.forEach(json.putArray("missing")::add);
        var text = new StringBuilder(table.text());
        text.append(String.format(
                Locale.ROOT,
                "Medians (lowest–highest) of %d processes each, %d connections, %d s of warm-up and %d s measured.%n",
                rounds,
                connections,
                warmUp,
                window));
        missing.forEach(why -> text.append("Left out: ").append(why).append('\n'));
        return new Found(text.toString(), json);
    }

    private static String percent(double ratio) {
        return Math.round(100 * ratio) + " %";
    }
}
