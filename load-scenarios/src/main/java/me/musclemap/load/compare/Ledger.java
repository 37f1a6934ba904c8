package me.musclemap.load.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import me.musclemap.load.record.WholeFile;
import me.musclemap.load.record.Window;

/**
 * Runs of one build after the other on this machine: what chance alone does to a comparison. One JSON line a run, in this user's cache.
 * Not safe for use by several threads.
 */
final class Ledger {
    private static final int SCHEMA_VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final List<Entry> entries = new ArrayList<>();

    private Ledger(Path file) {
        this.file = file;
    }

    /**
     * One run.
     *
     * @param conditions what must be alike for two runs to be comparable: host, profile, scenario, workload, data, windows
     * @param build what the runs of one A/A comparison share
     */
    record Entry(String runId, long startedEpochMillis, String conditions, String build, Map<Metric, Double> values) {
        Entry {
            values = Map.copyOf(values);
        }
    }

    /** The ledger in this file; an empty one when it is not there. */
    static Ledger read(Path file) {
        var ledger = new Ledger(file);
        if (!Files.isRegularFile(file)) {
            return ledger;
        }
        try {
            int number = 0;
            for (var line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank()) {
                    ledger.entries.add(entry(file + ": line " + number, JSON.readTree(line)));
                }
            }
        } catch (JsonProcessingException e) {
            throw new CompareException(file + ": a line is not JSON: remove it (" + e.getOriginalMessage() + ")");
        } catch (IOException e) {
            throw CompareException.failed(file + ": cannot be read: " + e.getMessage());
        }
        return ledger;
    }

    private static Entry entry(String place, JsonNode line) {
        if (line.path("schemaVersion").asInt() != SCHEMA_VERSION
                || !line.path("values").isObject()) {
            throw new CompareException(place + ": schemaVersion="
                    + line.path("schemaVersion").asText("missing") + ": this Headroom keeps ledgers of version "
                    + SCHEMA_VERSION + "; name another with --ledger");
        }
        var values = new EnumMap<Metric, Double>(Metric.class);
        for (var metric : Metric.values()) {
            var value = line.path("values").path(metric.word());
            if (value.isNumber() && value.asDouble() > 0) {
                values.put(metric, value.asDouble());
            }
        }
        return new Entry(
                line.path("runId").asText(),
                line.path("startedEpochMillis").asLong(),
                line.path("conditions").asText(),
                line.path("build").asText(),
                values);
    }

    /**
     * Adds runs that are not in it yet.
     *
     * @return how many were added
     */
    int add(List<ComparedRun> runs) {
        var known = entries.stream().map(Entry::runId).collect(Collectors.toCollection(HashSet::new));
        int added = 0;
        for (var run : runs) {
            if (known.add(run.record().id())) {
                entries.add(entry(run));
                added++;
            }
        }
        write();
        return added;
    }

    private static Entry entry(ComparedRun run) {
        var self = Pair.of(run, run);
        var values = new EnumMap<Metric, Double>(Metric.class);
        self.values().forEach((metric, both) -> values.put(metric, both.base()));
        return new Entry(run.record().id(), run.startedEpochMillis(), conditions(run), build(run), values);
    }

    /** What must be alike for the ledger's runs to say something about a comparison of this one. */
    static String conditions(ComparedRun run) {
        var record = run.record();
        var windows = run.measured().stream()
                .map(window -> window.role() == Window.Role.SCENARIO
                        ? window.mixName() + "@" + Math.round(window.scheduledPerSecond()) + "x"
                                + Math.round(window.durationSeconds())
                        : window.role().word())
                .distinct()
                .collect(Collectors.joining(","));
        return String.join(
                " ",
                record.host().fingerprint(),
                record.profile(),
                record.scenario(),
                record.workload()
                        .sha256()
                        .substring(0, Math.min(12, record.workload().sha256().length())),
                record.dataset().users() + "/" + record.dataset().workouts(),
                record.cores().shared() ? "shared" : "apart",
                windows);
    }

    private static String build(ComparedRun run) {
        return run.record().headroom().commit() + " "
                + run.record().jvms().stream()
                        .filter(jvm -> jvm.process().equals("api"))
                        .map(jvm -> jvm.version())
                        .findFirst()
                        .orElse("");
    }

    /** Runs under these conditions, in the order in which they ran. */
    List<Entry> under(String conditions) {
        return entries.stream()
                .filter(entry -> entry.conditions().equals(conditions))
                .sorted(Comparator.comparingLong(Entry::startedEpochMillis))
                .toList();
    }

    /** Log ratios of neighbours of one build, second ÷ first, as worse-ness; each run is in one pair only. */
    static double[] neighbours(List<Entry> runs, Metric metric) {
        var differences = new ArrayList<Double>();
        for (int i = 0; i + 1 < runs.size(); i++) {
            var first = runs.get(i);
            var second = runs.get(i + 1);
            var a = first.values().get(metric);
            var b = second.values().get(metric);
            if (first.build().equals(second.build()) && a != null && b != null) {
                differences.add(metric.worse(Math.log(b / a)));
                i++;
            }
        }
        return differences.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private void write() {
        try {
            var parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            var text = new StringBuilder();
            for (var entry : entries) {
                var line = JSON.createObjectNode();
                line.put("schemaVersion", SCHEMA_VERSION).put("runId", entry.runId());
                line.put("startedEpochMillis", entry.startedEpochMillis());
                line.put("conditions", entry.conditions()).put("build", entry.build());
                var values = line.putObject("values");
                for (var metric : Metric.values()) {
                    var value = entry.values().get(metric);
                    if (value != null) {
                        values.put(metric.word(), value);
                    }
                }
                text.append(line).append('\n');
            }
            WholeFile.write(file, text.toString());
        } catch (IOException e) {
            throw CompareException.failed(file + ": cannot be written: " + e.getMessage());
        }
    }
}
