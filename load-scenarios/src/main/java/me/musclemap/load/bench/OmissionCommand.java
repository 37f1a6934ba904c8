package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** What a stall of the target looks like in each way of timing. */
@Command(
        name = "omission",
        mixinStandardHelpOptions = true,
        description = {
            "Coordinated omission: a target answers nothing for a while. Latency from the intended start and from the actual one, with many and",
            "with few requests in flight, and of tools that wait for each answer, beside what users who do not wait for each other would see."
        })
final class OmissionCommand extends Measurement {
    private static final int HEAP_MEGABYTES = 512;
    private static final int MANY = 800;
    /** Of a minute, so that hardly a user waits for an answer when it would have come again. */
    private static final double PAUSE_SECONDS = 60;

    private static final int WARM_UP_SECONDS = 10;

    @Option(names = "--rate", defaultValue = "300", description = "Requests per second. Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(names = "--window", defaultValue = "10", description = "Seconds of each. Default: ${DEFAULT-VALUE}")
    private int window;

    @Option(names = "--stall", defaultValue = "2", description = "Seconds of each stall. Default: ${DEFAULT-VALUE}")
    private double stall;

    @Option(names = "--few", defaultValue = "16", description = "Few in flight. Default: ${DEFAULT-VALUE}")
    private int few;

    @Option(names = "--repeats", defaultValue = "3", description = "Stalls for each. Default: ${DEFAULT-VALUE}")
    private int repeats;

    OmissionCommand(Supplier<LabConfig> config, PrintStream out, PrintStream err) {
        super(config, out, err);
    }

    /** Seconds; what a tool does not print is not a number. */
    private record Seen(double p50, double p99, double max, double mean) {
        static Seen of(JsonNode latency) {
            return new Seen(
                    latency.path("p50").asDouble(Double.NaN),
                    latency.path("p99").asDouble(Double.NaN),
                    latency.path("max").asDouble(Double.NaN),
                    latency.path("mean").asDouble(Double.NaN));
        }
    }

    @Override
    void check() {
        positive("--rate", rate);
        positive("--repeats", repeats);
        positive("--few", few);
        positive("--stall", stall);
        stretch("--window", window);
        if (!(window > 2 * stall)) {
            throw BenchException.wrong("--window=" + window + ": write more than twice --stall=" + stall);
        }
    }

    @Override
    Found measure(Place place) {
        var rows = new LinkedHashMap<String, List<Seen>>();
        var missing = new ArrayList<String>();
        var truth = new Truth(window, stall);
        rows.put(
                "users who do not wait for each other",
                List.of(new Seen(truth.latency(0.5), truth.latency(0.99), truth.latency(1), truth.mean())));
        try (var target = place.target(Optional.empty())) {
            ours(place, target, MANY, rows);
            ours(place, target, few, rows);
            for (var tool : ClosedTool.values()) {
                if (place.installed(tool.name()).isPresent()) {
                    var pace = tool == ClosedTool.hey ? ", " + rate + "/s" : ", as fast as it can";
                    rows.put(tool.name() + ", " + few + " connections" + pace, closed(place, target, tool));
                } else {
                    missing.add(tool.missing());
                }
            }
        }
        return found(rows, missing);
    }

    private void ours(Place place, Target target, int inFlight, Map<String, List<Seen>> rows) {
        var corrected = new ArrayList<Seen>();
        var service = new ArrayList<Seen>();
        var workload = BenchWorkload.get(place.directory(), PAUSE_SECONDS);
        var settings = new Ours.Settings(target.url(), workload, inFlight, 0, false, HEAP_MEGABYTES);
        try (var ours = place.ours(settings)) {
            ours.report(ours.order(rate, WARM_UP_SECONDS));
            for (int i = 0; i < repeats; i++) {
                int index = ours.order(rate, window);
                stall(target);
                var latency = ours.report(index).path("latencySeconds");
                corrected.add(Seen.of(latency.path("corrected")));
                service.add(Seen.of(latency.path("service")));
                place.say(
                        "%d in flight, stall %d: p99 %.3f s corrected, %.3f s uncorrected",
                        inFlight, i + 1, corrected.get(i).p99(), service.get(i).p99());
            }
        }
        rows.put("Headroom, corrected, " + inFlight + " in flight", corrected);
        rows.put("Headroom, uncorrected, " + inFlight + " in flight", service);
    }

    private List<Seen> closed(Place place, Target target, ClosedTool tool) {
        var seen = new ArrayList<Seen>();
        for (int i = 0; i < repeats; i++) {
            long before = target.count();
            var command = tool.command(
                    place.installed(tool.name()).orElseThrow(),
                    target.url() + BenchWorkload.PATH,
                    few,
                    window,
                    Optional.of((double) rate));
            try (var running = place.tool(tool.name(), command)) {
                target.awaitRequests(before);
                stall(target);
                var printed = running.awaitWords();
                seen.add(new Seen(
                        tool.seconds(printed, 50).orElse(Double.NaN),
                        tool.seconds(printed, 99).orElse(Double.NaN),
                        Double.NaN,
                        Double.NaN));
            }
            place.say(
                    "%s, stall %d: p99 %.4f s", tool.name(), i + 1, seen.get(i).p99());
        }
        return seen;
    }

    private void stall(Target target) {
        Pauses.seconds(0.3 * window);
        target.stall((long) (1000 * stall));
    }

    private Found found(Map<String, List<Seen>> rows, List<String> missing) {
        var table = new Table("seconds", "p50", "p99", "longest", "mean");
        var json = Program.JSON.createObjectNode().put("bench", "omission").put("ratePerSecond", rate);
        json.put("windowSeconds", window).put("stallSeconds", stall).put("repeats", repeats);
        rows.forEach((name, all) -> {
            var row = json.withArray("rows").addObject().put("who", name);
            table.row(
                    name,
                    words(row, "p50Seconds", all.stream().map(Seen::p50).toList()),
                    words(row, "p99Seconds", all.stream().map(Seen::p99).toList()),
                    words(row, "maxSeconds", all.stream().map(Seen::max).toList()),
                    words(row, "meanSeconds", all.stream().map(Seen::mean).toList()));
        });
        missing.forEach(json.putArray("missing")::add);
        var text = new StringBuilder(table.text());
        text.append(String.format(
                Locale.ROOT,
                "%d requests/s for %d s, in whose middle the target answers nothing for %.1f s; medians (lowest–highest) of %d stalls.%n",
                rate,
                window,
                stall,
                repeats));
        missing.forEach(why -> text.append("Left out: ").append(why).append('\n'));
        return new Found(text.toString(), json);
    }

    private static String words(ObjectNode row, String key, List<Double> values) {
        if (values.stream().anyMatch(value -> value.isNaN())) {
            row.putNull(key);
            return "-";
        }
        var spread = Spread.of(values);
        row.set(key, spread.json());
        return spread.words(3);
    }
}
