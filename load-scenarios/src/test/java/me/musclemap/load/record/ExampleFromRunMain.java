package me.musclemap.load.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes a small example of a real run: every window and what each station used, but latency only of the held-out windows,
 * and of the metrics the first lines. Usage: {@code ExampleFromRunMain RUN_DIR PARENT_DIR}.
 */
public final class ExampleFromRunMain {
    private static final int METRICS_LINES = 400;

    private ExampleFromRunMain() {}

    /** Writes the example. */
    public static void main(String[] args) throws IOException {
        var from = Path.of(args[0]);
        var record = RunRecords.read(from);
        var to = Files.createDirectories(Path.of(args[1], record.id()));
        for (var name : List.of("stations.ndjson", "conditions.json", "prediction.json")) {
            Files.write(to.resolve(name), Files.readAllBytes(from.resolve(name)));
        }
        var heldOut = record.windows().stream()
                .filter(window -> window.role() == Window.Role.HELD_OUT)
                .toList();
        var log = Files.readAllLines(from.resolve("latency.hlog"));
        double base = log.stream()
                .filter(line -> line.startsWith("#[BaseTime: "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElse(0);
        Files.write(
                to.resolve("latency.hlog"),
                log.stream()
                        .filter(line -> !line.startsWith("Tag=") || isWithin(heldOut, epochMillis(base, line)))
                        .toList());
        try (var lines = Files.lines(from.resolve("metrics.om"))) {
            var kept = new java.util.ArrayList<>(lines.limit(METRICS_LINES).toList());
            kept.add("# EOF");
            Files.write(to.resolve("metrics.om"), kept);
        }
        var recorder = new Recorder(to, record);
        recorder.complete(record.validity(), java.util.Objects.requireNonNull(record.endedEpochMillis()));
    }

    private static boolean isWithin(List<Window> windows, double epochMillis) {
        return windows.stream()
                .anyMatch(window -> epochMillis >= window.startEpochMillis()
                        && epochMillis < window.startEpochMillis() + 1000 * window.durationSeconds());
    }

    private static double epochMillis(double baseSeconds, String line) {
        return 1000 * (baseSeconds + Double.parseDouble(line.split(",")[1]));
    }
}
