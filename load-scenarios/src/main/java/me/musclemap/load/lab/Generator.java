package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import me.musclemap.load.record.Window;
import org.jspecify.annotations.Nullable;

/** The lab's side of the generator process: tells it what to drive, and takes what it measured. */
final class Generator {
    /** More requests in flight than this and the generator itself would be the queue. */
    private static final int MAX_IN_FLIGHT = 4000;

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final double SLIP_SECONDS = 0.020;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Child child;

    private Generator(Child child) {
        this.child = child;
    }

    /** What the generator drives at. */
    record Target(URI api, @Nullable URI rum, @Nullable Path signingKey, long datasetSeed, long users) {}

    /** Starts it and waits until its users are ready. */
    static Generator start(
            Lab lab,
            Programs programs,
            Cores cores,
            Target target,
            Path workload,
            long seed,
            Path out,
            Path log,
            Progress progress) {
        var child = lab.start(
                "generator",
                cores.pinGenerator(),
                programs.generator(),
                log,
                line -> isSecond(line, progress),
                words -> {});
        var first = JSON.createObjectNode();
        var at = first.putObject("target");
        at.put("api", target.api().toString());
        var rum = target.rum();
        at.put("rum", rum == null ? null : rum.toString());
        first.put("workload", workload.toAbsolutePath().toString()).put("seed", seed);
        first.putObject("dataset").put("seed", target.datasetSeed()).put("users", target.users());
        var key = target.signingKey();
        first.put("signingKey", key == null ? null : key.toString());
        first.put("outDir", out.toString()).put("maxInFlight", MAX_IN_FLIGHT).putNull("sockets");
        first.put("mintedTokenSeconds", 3600);
        child.send(first.toString());
        child.awaitReady(PATIENCE);
        return new Generator(child);
    }

    long pid() {
        return child.pid();
    }

    /** Tells it the next window; it must accept. */
    void begin(int index, Window.Role role, long startEpochMillis, double seconds, String mixName, double perSecond) {
        var line = JSON.createObjectNode();
        line.putObject("window")
                .put("index", index)
                .put("role", role.word())
                .put("startEpochMillis", startEpochMillis)
                .put("durationSeconds", seconds)
                .put("mixName", mixName)
                .put("headlinePerSecond", perSecond);
        child.send(line.toString());
        var answer = answer();
        if (answer.has("refused")) {
            throw LabException.failed("generator: refused window " + index + " (" + mixName + ", "
                    + Math.round(perSecond) + "/s): " + answer.path("why").asText());
        }
        if (answer.path("accepted").asInt(-1) != index) {
            throw LabException.failed("generator: answered window " + index + " with " + answer);
        }
    }

    /** Its answer to an order; a window before that has just ended may be reported first. */
    private JsonNode answer() {
        while (true) {
            var line = child.next(PATIENCE);
            if (!line.has("window")) {
                return line;
            }
        }
    }

    /** What it measured in the window, or empty when that is not known within this time. */
    Optional<JsonNode> measured(int index, Duration patience) {
        return child.poll(patience)
                .map(line -> line.path("window"))
                .filter(window -> window.path("index").asInt(-1) == index);
    }

    /** Asks it to write the last of its files and end. */
    void stop() {
        ObjectNode stop = JSON.createObjectNode();
        child.send(stop.put("stop", true).toString());
        while (!child.next(PATIENCE).path("stopped").asBoolean(false)) {
            // A window that was cut short may still be reported first.
            continue;
        }
    }

    private static boolean isSecond(JsonNode line, Progress progress) {
        var second = line.path("second");
        if (second.isMissingNode()) {
            return false;
        }
        progress.second(new Progress.Second(
                second.path("offered").asDouble(),
                second.path("served").asDouble(),
                second.path("p99Seconds").asDouble(Double.NaN),
                second.path("cpuRatio").asDouble(),
                second.path("slipP99Seconds").asDouble(0) < SLIP_SECONDS));
        return true;
    }
}
