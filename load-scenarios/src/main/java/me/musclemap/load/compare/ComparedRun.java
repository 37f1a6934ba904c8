package me.musclemap.load.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.RunRecords;
import me.musclemap.load.record.Window;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/** One recorded run as a comparison sees it: the unit of every test here. Reads the files beside run.json when they are asked for. */
final class ComparedRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Window.Role> MEASURED =
            Set.of(Window.Role.SCENARIO, Window.Role.FIT, Window.Role.HELD_OUT);
    private static final double NANOS = 1e9;

    private final Path directory;
    private final RunRecord record;
    private final Set<String> headline = new HashSet<>();
    /** Of them those whose users wait for an answer: abuse that is refused quickly would flatter the latency. */
    private final Set<String> waitedFor = new HashSet<>();

    private ComparedRun(Path directory, RunRecord record) {
        this.directory = directory;
        this.record = record;
        for (var requestClass : record.classes()) {
            if (requestClass.headline()) {
                headline.addAll(requestClass.operations());
            }
            if (requestClass.headline() && requestClass.honest()) {
                waitedFor.addAll(requestClass.operations());
            }
        }
    }

    /** The run in this directory; its record is checked on the way. */
    static ComparedRun read(Path directory) {
        return new ComparedRun(directory, RunRecords.read(directory));
    }

    RunRecord record() {
        return record;
    }

    Path directory() {
        return directory;
    }

    long startedEpochMillis() {
        return record.startedEpochMillis();
    }

    /** When it ended; a run without an end is one that was killed. */
    long endedEpochMillis() {
        var ended = record.endedEpochMillis();
        return ended == null ? record.startedEpochMillis() : ended;
    }

    /** The windows whose figures count: driven for measuring, and not left out. */
    List<Window> measured() {
        return record.windows().stream()
                .filter(window -> MEASURED.contains(window.role()) && window.excluded() == null)
                .filter(window -> window.completedCount() > 0)
                .toList();
    }

    /** The capacity that the model found, in requests per second: median, policy; empty without a plan. */
    OptionalDouble capacityPerSecond() {
        var file = directory.resolve("capacity.json");
        if (!Files.isRegularFile(file)) {
            return OptionalDouble.empty();
        }
        var capacity = json(file);
        if (!capacity.path("runId").asText().equals(record.id())) {
            throw new CompareException(file + ": is the plan of run "
                    + capacity.path("runId").asText("?") + ", not of " + record.id() + ": plan this run again");
        }
        var rate = capacity.at("/capacity/policy/requestsPerSecond/p50");
        return rate.isNumber() && rate.asDouble() > 0 ? OptionalDouble.of(rate.asDouble()) : OptionalDouble.empty();
    }

    /** Headline requests of these windows: those that failed, and all. */
    Requests requests(List<Window> windows) {
        long failed = 0;
        long all = 0;
        for (var window : windows) {
            failed += count(window.failed());
            all += count(window.completed()) + count(window.failed());
        }
        return new Requests(failed, all);
    }

    /** How many requests failed, of how many. */
    record Requests(long failed, long all) {
        /** Half a request is added so that a run without a failure has a logarithm. */
        double failedShare() {
            return (failed + 0.5) / (all + 1.0);
        }
    }

    private long count(Map<String, Long> byOperation) {
        return byOperation.entrySet().stream()
                .filter(entry -> headline.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /**
     * CPU seconds per headline request in these windows, station by station, compilation taken off; empty when the host agent did not
     * watch all of them.
     */
    Map<String, Double> cpuSecondsPerRequest(List<Window> windows) {
        var file = directory.resolve("stations.ndjson");
        var wanted = new HashMap<Integer, Window>();
        windows.forEach(window -> wanted.put(window.index(), window));
        long requests = requests(windows).all();
        if (requests == 0 || !Files.isRegularFile(file)) {
            return Map.of();
        }
        var stations = new HashSet<String>();
        record.resources().forEach(resource -> stations.addAll(resource.stations()));
        stations.removeAll(Set.of("other", "generator"));
        var seconds = new TreeMap<String, Double>();
        try (var lines = Files.lines(file)) {
            for (var line : (Iterable<String>) lines.filter(text -> !text.isBlank())::iterator) {
                var use = JSON.readTree(line);
                if (wanted.remove(use.path("window").asInt(-1)) == null) {
                    continue;
                }
                use.path("stations").fields().forEachRemaining(station -> {
                    if (stations.contains(station.getKey())) {
                        double cpu = station.getValue().path("cpuSeconds").asDouble()
                                - station.getValue().path("jitSeconds").asDouble(0);
                        seconds.merge(station.getKey(), Math.max(0, cpu) / requests, Double::sum);
                    }
                });
            }
        } catch (JsonProcessingException e) {
            throw new CompareException(file + ": a line is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw CompareException.failed(file + ": cannot be read: " + e.getMessage());
        }
        return wanted.isEmpty() ? seconds : Map.of();
    }

    /** Every headline request of the windows: its time from the intended start, and from the send. Empty histograms without any. */
    Latencies latencies(List<Window> windows) {
        var latencies = new Latencies(new Histogram(3), new Histogram(3));
        var file = directory.resolve("latency.hlog");
        if (!Files.isRegularFile(file)) {
            return latencies;
        }
        try (var reader = new HistogramLogReader(file.toFile())) {
            for (var next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
                var tag = next.getTag() == null ? new String[0] : next.getTag().split("\\|", -1);
                // A second belongs to the window in which its middle lies.
                long middle = (next.getStartTimeStamp() + next.getEndTimeStamp()) / 2;
                if (tag.length == 3 && waitedFor.contains(tag[0]) && within(windows, middle)) {
                    (tag[1].equals("corrected") ? latencies.corrected : latencies.service).add((Histogram) next);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new CompareException(file + ": is no histogram log: " + e.getMessage());
        }
        return latencies;
    }

    private static boolean within(List<Window> windows, long epochMillis) {
        return windows.stream()
                .anyMatch(window -> epochMillis >= window.startEpochMillis()
                        && epochMillis < window.startEpochMillis() + window.durationSeconds() * 1000);
    }

    /** Times of requests, in nanoseconds. */
    record Latencies(Histogram corrected, Histogram service) {
        static OptionalDouble seconds(Histogram histogram, double percentile) {
            return histogram.getTotalCount() == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(Math.max(1, histogram.getValueAtPercentile(percentile)) / NANOS);
        }
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new CompareException(file + ": is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw CompareException.failed(file + ": cannot be read: " + e.getMessage());
        }
    }
}
