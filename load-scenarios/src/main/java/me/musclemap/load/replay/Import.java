package me.musclemap.load.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunId;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Sha256;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.WholeFile;
import me.musclemap.load.record.Window;
import me.musclemap.load.workload.Workload;

/** Production's telemetry written as a run record, so that costs can be fitted without any load test. */
final class Import {
    static final String SCENARIO = "import";
    private static final int FEWEST_WINDOWS = 6;
    private static final double IDLE_PER_SECOND = 0.02;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Telemetry telemetry;
    private final Period period;
    private final Workload workload;
    private final Facts facts;

    /**
     * What telemetry does not tell.
     *
     * @param source where it was read
     * @param cores of the system; 0: what the host agent says
     * @param memoryBytes of the host; 0: what the host agent says
     */
    record Facts(
            URI source,
            String stack,
            int cores,
            long memoryBytes,
            long users,
            long workouts,
            RunRecord.Headroom headroom) {}

    Import(Telemetry telemetry, Period period, Workload workload, Facts facts) {
        this.telemetry = telemetry;
        this.period = period;
        this.workload = workload;
        this.facts = facts;
    }

    /** Writes the record into a new directory below {@code runs} and gives it. */
    RunRecord write(Path runs) {
        int cores = known("--cores", facts.cores(), telemetry.cores(), "headroom_host_cores");
        long memory = facts.memoryBytes() > 0 ? facts.memoryBytes() : telemetry.memoryBytes();
        if (memory <= 0) {
            throw ReplayException.notValid(
                    "the host agent's headroom_host_memory_bytes is not there: add --memory-gib");
        }
        var stations = stations();
        var id = RunId.next(Instant.ofEpochSecond(period.from()), new SplittableRandom());
        var directory = runs.resolve(id);
        var windows = windows(cores);
        try {
            Files.createDirectories(directory);
            WholeFile.write(directory.resolve("stations.ndjson"), use(cores));
        } catch (IOException e) {
            throw ReplayException.failed(directory + ": cannot be written: " + e.getMessage());
        }
        var recorder = new Recorder(directory, first(id, cores, memory, stations));
        windows.forEach(recorder::add);
        recorder.complete(Validity.of(checks(windows)), period.endOf(period.windows() - 1) * 1000);
        return recorder.record();
    }

    private static int known(String option, int given, int said, String metric) {
        int value = given > 0 ? given : said;
        if (value < 1) {
            throw ReplayException.notValid("the host agent's " + metric + " is not there: add " + option);
        }
        return value;
    }

    private List<String> stations() {
        var stations = new TreeMap<String, Double>();
        for (int window = 0; window < period.windows(); window++) {
            telemetry.cpuSeconds(window).forEach((station, cpu) -> stations.merge(station, cpu, Double::sum));
        }
        stations.values().removeIf(cpu -> cpu <= 0);
        if (stations.isEmpty()) {
            throw ReplayException.notValid(
                    "headroom_station_cpu_seconds_total has no samples in this time: run the host agent ('headroom agent') beside"
                            + " production, or choose another --from and --to");
        }
        return List.copyOf(stations.keySet());
    }

    private List<Window> windows(int cores) {
        var windows = new ArrayList<Window>();
        for (int index = 0; index < period.windows(); index++) {
            windows.add(window(index, cores));
        }
        double all = windows.stream().mapToDouble(Window::offeredPerSecond).sum();
        if (all <= 0) {
            throw ReplayException.notValid("no request of the workload " + workload.name()
                    + " in this time: choose another --from and --to" + unknownWords());
        }
        return windows;
    }

    private Window window(int index, int cores) {
        var completed = counts(telemetry.completed(index));
        var failed = counts(telemetry.failed(index));
        double seconds = period.seconds();
        double offered = (headline(completed) + headline(failed)) / seconds;
        double posts = (sum(completed) - headline(completed)) / seconds;
        boolean idle = offered < IDLE_PER_SECOND && posts < IDLE_PER_SECOND;
        return new Window(
                index,
                0,
                idle ? Window.Role.IDLE : Window.Role.FIT,
                period.startOf(index) * 1000,
                seconds,
                Workload.OWN_MIX,
                cores,
                new Window.Size(facts.users(), facts.workouts()),
                offered,
                offered,
                headline(completed) / seconds,
                posts,
                (int) Math.round(offered / workload.requestsPerSecondPerUser()),
                telemetry.sockets(index),
                completed,
                failed,
                // A server knows nothing of the intended start.
                new Window.Latencies(null, Buckets.latency(telemetry.buckets(index))),
                null,
                new Window.GeneratorHealth(0, 0),
                telemetry.stealSeconds(index) / (cores * seconds),
                null,
                null,
                null);
    }

    private static Map<String, Long> counts(Map<String, Double> increases) {
        var counts = new TreeMap<String, Long>();
        increases.forEach((operation, value) -> {
            if (Math.round(value) > 0) {
                counts.put(operation, Math.round(value));
            }
        });
        return counts;
    }

    private long headline(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(entry -> workload.classOf(entry.getKey())
                        .filter(fitClass -> fitClass.headline())
                        .isPresent())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private String use(int cores) {
        var text = new StringBuilder();
        for (int index = 0; index < period.windows(); index++) {
            var line = JSON.createObjectNode();
            line.put("schemaVersion", 1).put("window", index);
            line.put("startEpochMillis", period.startOf(index) * 1000)
                    .put("durationSeconds", (double) period.seconds());
            line.put("source", "prometheus");
            stations(line.putObject("stations"), index);
            var host = line.putObject("host");
            host.put("cores", cores).put("busySeconds", telemetry.busySeconds(index));
            host.put("stealSeconds", telemetry.stealSeconds(index)).putArray("byCore");
            line.putObject("counters");
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private void stations(ObjectNode into, int index) {
        telemetry
                .cpuSeconds(index)
                .forEach((station, cpu) -> into.putObject(station)
                        .put("cpuSeconds", cpu)
                        .put(
                                "jitSeconds",
                                Math.min(cpu, telemetry.jitSeconds(index).getOrDefault(station, 0.0)))
                        .put(
                                "residentBytes",
                                Math.round(telemetry.residentBytes(index).getOrDefault(station, 0.0))));
    }

    /** Shares of the classes in all that was asked in this time; telemetry classes as a ratio to the headline. */
    private Map<String, Double> mix() {
        var total = new TreeMap<String, Double>();
        double headline = 0;
        for (int index = 0; index < period.windows(); index++) {
            var counts = counts(telemetry.completed(index));
            headline += headline(counts);
            counts.forEach((operation, count) -> workload.classOf(operation)
                    .ifPresent(fitClass -> total.merge(fitClass.name(), (double) count, Double::sum)));
        }
        double all = headline;
        total.replaceAll((name, count) -> count / all);
        workload.classes().forEach(fitClass -> total.putIfAbsent(fitClass.name(), 0.0));
        return total;
    }

    private List<Validity.Check> checks(List<Window> windows) {
        var checks = new ArrayList<Validity.Check>();
        long loaded = windows.stream()
                .filter(window -> window.role() == Window.Role.FIT)
                .count();
        checks.add(new Validity.Check(
                "fitWindows",
                loaded < FEWEST_WINDOWS ? Validity.Finding.notValid : Validity.Finding.ok,
                (double) loaded,
                (double) FEWEST_WINDOWS,
                Validity.Cause.plan,
                loaded + " windows with requests"));
        checks.add(new Validity.Check(
                "productionTelemetry",
                Validity.Finding.indicative,
                null,
                null,
                Validity.Cause.plan,
                "from production's telemetry, not from a test: nobody chose the rates and mixes; users in session follow from the"
                        + " workload's rate per user, and latency is the server's own"));
        double lowest =
                windows.stream().mapToDouble(Window::offeredPerSecond).min().orElse(0);
        double highest =
                windows.stream().mapToDouble(Window::offeredPerSecond).max().orElse(0);
        checks.add(new Validity.Check(
                "rateRange",
                highest < 2 * lowest ? Validity.Finding.indicative : Validity.Finding.ok,
                lowest > 0 ? highest / lowest : highest,
                2.0,
                Validity.Cause.plan,
                String.format(
                        Locale.ROOT,
                        "%.1f to %.1f requests/s in the windows%s",
                        lowest,
                        highest,
                        highest < 2 * lowest
                                ? ": too alike to tell costs from the background; take a longer time"
                                : "")));
        checks.add(new Validity.Check(
                "knownRequests",
                telemetry.unknown().isEmpty() ? Validity.Finding.ok : Validity.Finding.indicative,
                telemetry.unknown().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum(),
                0.0,
                Validity.Cause.plan,
                telemetry.unknown().isEmpty()
                        ? "the workload knows every request"
                        : "requests in no class" + unknownWords()));
        return checks;
    }

    private String unknownWords() {
        var unknown = telemetry.unknown();
        if (unknown.isEmpty()) {
            return "";
        }
        var words = unknown.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(5)
                .map(entry -> entry.getKey() + " " + Math.round(entry.getValue()))
                .toList();
        return ": " + String.join(", ", words)
                + (unknown.size() > words.size() ? " and " + (unknown.size() - words.size()) + " more" : "");
    }

    private RunRecord first(String id, int cores, long memory, List<String> stations) {
        var own = workload.ownMix();
        var fingerprint = Sha256.of((facts.source() + "|" + cores + "|" + memory).getBytes(StandardCharsets.UTF_8))
                .substring(0, 16);
        return new RunRecord(
                RunRecord.SCHEMA_VERSION,
                id,
                RunRecord.Status.partial,
                SCENARIO,
                0,
                1,
                period.from() * 1000,
                null,
                facts.headroom(),
                "target",
                new RunRecord.Stack(
                        facts.stack(),
                        "stations " + String.join(", ", stations) + ", as production runs them",
                        List.of()),
                new RunRecord.Host(fingerprint, "unknown", cores, memory, "unknown"),
                List.of(),
                new RunRecord.CoreUse(List.of(), List.of(), true, List.of()),
                new RunRecord.WorkloadSummary(
                        workload.name(),
                        workload.sha256(),
                        workload.requestsPerSecondPerUser(),
                        workload.telemetryPerSecondPerUser(),
                        1 / own.sessionSeconds(),
                        own.sessionSeconds(),
                        own.socketShare(),
                        mix(),
                        workload.resolvedJson()),
                new RunRecord.Dataset(facts.users(), facts.workouts(), null, "production"),
                workload.classes().stream()
                        .map(fitClass ->
                                new RunRecord.RequestClass(fitClass.name(), fitClass.operations(), fitClass.headline()))
                        .toList(),
                List.of(new RunRecord.Resource("cpu", cores, stations)),
                List.of(),
                null,
                null,
                List.of(),
                0,
                List.of(),
                new Validity(Validity.Outcome.notValid, List.of()));
    }
}
