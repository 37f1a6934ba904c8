package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import me.musclemap.load.drive.WindowReport;
import me.musclemap.load.record.Window;
import me.musclemap.load.scenario.Second;
import org.jspecify.annotations.Nullable;

/** The lab's side of the generator process: tells it what to drive, and takes what it measured. */
final class Generator {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Child child;
    private final Map<Integer, WindowReport> reported = new HashMap<>();

    private Generator(Child child) {
        this.child = child;
    }

    /** Making a million users and their tokens takes this long on a slow core. */
    private static final Duration ACCEPT_PATIENCE = Duration.ofMinutes(10);

    /** What the generator drives at. */
    record Target(URI api, @Nullable URI rum, @Nullable Path signingKey, long datasetSeed, long users) {}

    /**
     * How the users are played.
     *
     * @param stretch every pause is this many times as long, 1 or more
     * @param mintAll every user's token is made before the first request
     * @param accounts who the users are at a target without our data, or null
     * @param clientAddresses whether each user has an address of its own in X-Forwarded-For
     * @param writesFile where acknowledged writes are noted, or null
     * @param sockets how many WebSockets stay open, or null for the workload's share
     */
    record Play(
            double stretch,
            boolean mintAll,
            @Nullable Path accounts,
            boolean clientAddresses,
            @Nullable Path writesFile,
            @Nullable Integer sockets,
            Programs.Sizing sizing) {
        /** As the workload says, with users of the data set. */
        static final Play PLAIN = new Play(1, false, null, true, null, null, Programs.GENERATOR);
    }

    /** Starts it and waits until its users are ready. */
    static Generator start(
            Lab lab,
            Programs programs,
            Cores cores,
            Target target,
            Path workload,
            long seed,
            Play play,
            Path out,
            Path log,
            Consumer<Second> seconds) {
        var child = lab.start(
                "generator",
                cores.pinGenerator(),
                programs.generator(play.sizing()),
                log,
                line -> isSecond(line, seconds),
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
        first.put("outDir", out.toString()).put("sockets", play.sockets());
        first.put("mintedTokenSeconds", 3600).put("stretch", play.stretch()).put("mintAll", play.mintAll());
        first.put("clientAddresses", play.clientAddresses());
        first.put("accounts", absolute(play.accounts())).put("writesFile", absolute(play.writesFile()));
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
        var answer = answer(ACCEPT_PATIENCE);
        if (answer.has("refused")) {
            throw LabException.failed("generator: refused window " + index + " (" + mixName + ", "
                    + Math.round(perSecond) + "/s): " + answer.path("why").asText());
        }
        if (answer.path("accepted").asInt(-1) != index) {
            throw LabException.failed("generator: answered window " + index + " with " + answer);
        }
    }

    /** Its answer to an order; a window before that has just ended may be reported first. */
    private JsonNode answer(Duration patience) {
        while (true) {
            var line = child.next(patience);
            if (!line.has("window")) {
                return line;
            }
            keep(line);
        }
    }

    /** What it measured in the window, or empty when that is not known within this time. */
    Optional<WindowReport> measured(int index, Duration patience) {
        var before = reported.remove(index);
        if (before != null) {
            return Optional.of(before);
        }
        child.poll(patience).ifPresent(this::keep);
        return Optional.ofNullable(reported.remove(index));
    }

    /** Windows follow each other without a gap: one may be reported while another is being ordered. */
    private void keep(JsonNode line) {
        int index = line.at("/window/index").asInt(-1);
        if (index >= 0 && index < Conductor.LEAD_IN) {
            reported.put(index, new WindowReport(line.path("window")));
        }
    }

    /** What its heap holds when the garbage is gone, in bytes. Stops it for as long as a collection takes. */
    long heapBytes() {
        child.send("{\"memory\":true}");
        while (true) {
            var line = child.next(PATIENCE);
            if (line.has("memory")) {
                return line.at("/memory/heapUsedBytes").asLong();
            }
            keep(line);
        }
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

    private static @Nullable String absolute(@Nullable Path path) {
        return path == null ? null : path.toAbsolutePath().toString();
    }

    private static boolean isSecond(JsonNode line, Consumer<Second> seconds) {
        var second = line.path("second");
        if (second.isMissingNode()) {
            return false;
        }
        seconds.accept(new Second(
                second.path("epochMillis").asLong(),
                second.path("window").asInt(-1),
                second.path("offered").asDouble(),
                second.path("served").asDouble(),
                second.path("failed").asDouble(),
                second.path("p50Seconds").asDouble(Double.NaN),
                second.path("p95Seconds").asDouble(Double.NaN),
                second.path("p99Seconds").asDouble(Double.NaN),
                second.path("slipP99Seconds").asDouble(Double.NaN),
                second.path("cpuRatio").asDouble(),
                second.path("inFlight").asInt(),
                second.path("sockets").asInt()));
        return true;
    }
}
