package me.musclemap.load.drive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import me.musclemap.load.record.Window;
import org.jspecify.annotations.Nullable;

/** What the generator said of a window that it has driven, read back from its line on stdout. Immutable. */
public final class WindowReport {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * What only whoever had the window driven knows of it.
     *
     * @param cores cores of the system under test
     * @param operations those that belong to a class: of others, such as a socket's pings, nothing is recorded
     * @param repeatOf the index of the window that this one repeats, or null
     * @param answers of a held-out window: the sealed prediction's hash
     */
    public record Place(
            int restart,
            double cores,
            Window.Size dataset,
            Set<String> operations,
            double stealRatio,
            @Nullable Integer repeatOf,
            @Nullable String answers) {}

    private final JsonNode said;

    /** @param said the report itself, without its envelope */
    public WindowReport(JsonNode said) {
        this.said = said;
    }

    /** When it really began. */
    public long startEpochMillis() {
        return said.path("startEpochMillis").asLong();
    }

    /** How long it really lasted, in seconds. */
    public double durationSeconds() {
        return said.path("durationSeconds").asDouble();
    }

    /** Why requests failed, with how often. */
    public Map<String, Long> failures() {
        return counts(said.path("failures"));
    }

    /** Users of whom at least one request was sent. */
    public long distinctSenders() {
        return said.path("distinctSenders").asLong();
    }

    /** Requests that the generator could not send: no free port, too many open files. */
    public long generatorFaults() {
        return said.path("generatorFaults").asLong();
    }

    /** The generator's longest pause for garbage, in seconds. */
    public double longestPauseSeconds() {
        return said.at("/generator/gcMaxPauseSeconds").asDouble();
    }

    /** Files and sockets that the generator had open at the end. */
    public long openFiles() {
        return said.at("/generator/openFiles").asLong();
    }

    /** How many it may have open. */
    public long mostFiles() {
        return said.at("/generator/mostFiles").asLong();
    }

    /**
     * The window as a record keeps it.
     *
     * @throws GeneratorException when the report is not what a generator of this build says
     */
    public Window window(int index, Place place) {
        var slip = said.path("slipP99Seconds");
        return new Window(
                index,
                place.restart(),
                Window.Role.of(said.path("role").asText()),
                startEpochMillis(),
                durationSeconds(),
                said.path("mixName").asText(),
                place.cores(),
                place.dataset(),
                said.path("scheduledPerSecond").asDouble(),
                said.path("offeredPerSecond").asDouble(),
                said.path("servedPerSecond").asDouble(),
                said.path("telemetryPerSecond").asDouble(),
                said.path("residents").asInt(),
                said.path("sockets").asInt(),
                recorded("completed", place.operations()),
                recorded("failed", place.operations()),
                new Window.Latencies(latency("corrected"), latency("service")),
                slip.isNumber() ? slip.asDouble() : null,
                new Window.GeneratorHealth(
                        said.at("/generator/cpuRatio").asDouble(),
                        said.at("/generator/gcSeconds").asDouble()),
                place.stealRatio(),
                place.repeatOf(),
                place.answers(),
                null,
                counts(said.path("refusals")),
                regions());
    }

    private Map<String, Window.Latency> regions() {
        var regions = new TreeMap<String, Window.Latency>();
        said.path("regions").fields().forEachRemaining(entry -> {
            var latency = latency(entry.getValue());
            if (latency != null) {
                regions.put(entry.getKey(), latency);
            }
        });
        return regions;
    }

    private Map<String, Long> recorded(String which, Set<String> operations) {
        var counts = counts(said.path(which));
        counts.keySet().retainAll(operations);
        return counts;
    }

    private static Map<String, Long> counts(JsonNode node) {
        var counts = new TreeMap<String, Long>();
        node.fields()
                .forEachRemaining(
                        entry -> counts.put(entry.getKey(), entry.getValue().asLong()));
        return counts;
    }

    private Window.@Nullable Latency latency(String kind) {
        return latency(said.path("latencySeconds").path(kind));
    }

    private static Window.@Nullable Latency latency(JsonNode node) {
        try {
            return node.isObject() ? JSON.treeToValue(node, Window.Latency.class) : null;
        } catch (JsonProcessingException e) {
            throw new GeneratorException("generator: its latency cannot be read: " + node, e);
        }
    }
}
