package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.lab.Options;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How many WebSocket users the file limit allows, and what each costs on both sides. */
@Command(
        name = "sockets",
        mixinStandardHelpOptions = true,
        description = {
            "As many users with an open WebSocket as the limit on open files allows, against the API: heap and memory for each at the",
            "generator and at the API. The kernel's own buffers are in neither."
        })
final class SocketsCommand extends Measurement {
    private static final int HEAP_MEGABYTES = 1024;
    private static final int IN_FLIGHT = 100;
    /** What the generator keeps back, and what the API needs for itself. */
    private static final int SPARE_FILES = 600;

    private static final int FIRST = 1_000;
    private static final int SECONDS = 3;

    @Option(names = "--sockets", description = "How many. Default: as many as the limit on open files allows")
    private int wanted;

    @Option(
            names = "--per-step",
            defaultValue = "1000",
            description = "How many more every three seconds. Default: ${DEFAULT-VALUE}")
    private int perStep;

    SocketsCommand(Supplier<LabConfig> config, PrintStream out, PrintStream err) {
        super(config, out, err);
    }

    /** What was held with so many open. */
    private record Held(int open, long heapBytes, long residentBytes, long apiHeapBytes, long apiResidentBytes) {}

    private static int most() {
        return Math.min(ProcessUse.mostFiles(), ProcessUse.localPorts()) - IN_FLIGHT - SPARE_FILES;
    }

    @Override
    void check() {
        positive("--per-step", perStep);
        int most = most();
        if (most <= FIRST) {
            throw BenchException.wrong("open files: the limit of " + ProcessUse.mostFiles() + " (ulimit -Hn) leaves "
                    + most + " sockets, and more than " + FIRST + " are compared: raise it");
        }
        if (wanted != 0 && (wanted <= FIRST || wanted > most)) {
            throw BenchException.wrong("--sockets=" + wanted + ": write " + (FIRST + 1) + " to " + most
                    + " (the limit on open files, ulimit -Hn, and the local ports)");
        }
    }

    @Override
    Found measure(Place place) {
        int count = wanted == 0 ? most() : wanted;
        var workload = Options.workloadFile("presence", place.config().home()).toAbsolutePath();
        try (var api = ApiStack.start(place, count + SPARE_FILES);
                var ours =
                        place.ours(new Ours.Settings(api.url(), workload, IN_FLIGHT, count, false, HEAP_MEGABYTES))) {
            var held = new ArrayList<Held>();
            var failures = Program.JSON.createObjectNode();
            int open = 0;
            for (int population : List.of(FIRST, (FIRST + count) / 2, count)) {
                while (open < population) {
                    open = Math.min(population, open + perStep);
                    note(failures, ours.report(ours.order(0, SECONDS, open)));
                }
                // Visits end and begin anew; a little later as many are open as are meant to be.
                var report = ours.report(ours.order(0, 2 * SECONDS, population));
                note(failures, report);
                held.add(held(report.path("sockets").asInt(), ours, api));
                place.say("%,d of %,d sockets open", report.path("sockets").asInt(), population);
            }
            return found(count, held, failures);
        }
    }

    private static void note(ObjectNode failures, JsonNode report) {
        report.path("failures")
                .fields()
                .forEachRemaining(each -> failures.put(
                        each.getKey(),
                        failures.path(each.getKey()).asLong() + each.getValue().asLong()));
    }

    private static Held held(int open, Ours ours, ApiStack api) {
        long heap = ours.heapBytes();
        long apiHeap = api.heapBytes();
        return new Held(open, heap, ProcessUse.residentBytes(ours.pid()), apiHeap, ProcessUse.residentBytes(api.pid()));
    }

    private Found found(int count, List<Held> held, ObjectNode failures) {
        var first = held.get(0);
        var table = new Table("open", "generator heap", "generator RSS", "API heap", "API RSS");
        var json = Program.JSON.createObjectNode().put("bench", "sockets").put("asked", count);
        for (var at : held) {
            table.row(
                    String.format(Locale.ROOT, "%,d", at.open()),
                    each(at, first, at.heapBytes(), first.heapBytes()),
                    each(at, first, at.residentBytes(), first.residentBytes()),
                    each(at, first, at.apiHeapBytes(), first.apiHeapBytes()),
                    each(at, first, at.apiResidentBytes(), first.apiResidentBytes()));
            json.withArray("rows")
                    .addObject()
                    .put("open", at.open())
                    .put("heapBytes", at.heapBytes())
                    .put("residentBytes", at.residentBytes())
                    .put("apiHeapBytes", at.apiHeapBytes())
                    .put("apiResidentBytes", at.apiResidentBytes());
        }
        json.set("failures", failures);
        return new Found(
                table.text()
                        + String.format(
                                Locale.ROOT,
                                "Bytes for each socket beyond the first %,d; in the first row in all. %s%n",
                                first.open(),
                                failures.isEmpty() ? "None failed." : "Failed: " + failures),
                json);
    }

    /** Growth leaves out what a program holds without any. */
    private static String each(Held at, Held first, long now, long before) {
        return at.open() <= first.open()
                ? String.format(Locale.ROOT, "%,d MB", now >> 20)
                : String.format(Locale.ROOT, "%,.0f", (now - before) / (double) (at.open() - first.open()));
    }
}
