package me.musclemap.load.record;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import me.musclemap.load.record.Window.Role;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes a made-up run record whose truth is known: fixed demands per class and station, 5 % noise, one shared core as a
 * processor-sharing queue. For tests of the rooms that read run records. Usage: {@code ExampleRecordMain PARENT_DIR}.
 */
public final class ExampleRecordMain {
    private static final JsonMapper JSON = new JsonMapper();

    static final String ID = "20261122-120000-5eed";

    private static final long START = 1_795_348_800_000L;
    private static final double RATE_PER_USER = 0.022;
    private static final double TELEMETRY_RATIO = 0.9;
    private static final double KNEE = 430;
    private static final Map<String, String> OPERATION = ordered(
            "read", "ActiveWorkoutSession", "heavyRead", "PublicCommunityStats", "write", "LogSet", "login", "Login");
    /** CPU milliseconds per request: api, postgres, redis. */
    private static final Map<String, double[]> DEMANDS_MILLIS = Map.of(
            "read", new double[] {0.5, 0.25, 0.03},
            "heavyRead", new double[] {0.9, 0.8, 0.05},
            "write", new double[] {1.2, 0.9, 0.02},
            "login", new double[] {30, 0.4, 0.05});

    private static final double TELEMETRY_MILLIS_RUM = 0.15;
    private static final double TELEMETRY_MILLIS_API = 0.1;
    private static final Map<String, Map<String, Double>> MIXES = Map.of(
            "workload", mix(0.56, 0.14, 0.28, 0.02),
            "reading", mix(0.66, 0.23, 0.09, 0.02),
            "writes", mix(0.52, 0.08, 0.39, 0.01),
            "logins", mix(0.68, 0.17, 0.07, 0.08),
            "polling", mix(0.47, 0.41, 0.11, 0.01),
            "evening", mix(0.60, 0.19, 0.185, 0.025));

    private final SplittableRandom random = new SplittableRandom(5);
    private final List<Window> windows = new ArrayList<>();
    private final StringBuilder stations = new StringBuilder();
    private final HistogramLogWriter log;
    private long now = START + 20_000;

    private ExampleRecordMain(PrintStream hlog) {
        log = new HistogramLogWriter(hlog);
    }

    /** Writes the record below the directory given. */
    public static void main(String[] args) throws IOException {
        var directory = Path.of(args[0], ID);
        Files.createDirectories(directory);
        write(directory);
    }

    static void write(Path directory) throws IOException {
        try (var hlog = new PrintStream(
                Files.newOutputStream(directory.resolve("latency.hlog")), false, StandardCharsets.UTF_8)) {
            new ExampleRecordMain(hlog).write(directory, hlog);
        }
    }

    private void write(Path directory, PrintStream hlog) throws IOException {
        log.outputLogFormatVersion();
        log.setBaseTime(0);
        log.outputLegend();
        window(Role.WARM_UP, "workload", 200, 5);
        window(Role.WARM_UP, "workload", 200, 5);
        window(Role.IDLE, "workload", 0, 5);
        for (var share : new double[] {0.5, 0.66, 0.88, 1.0}) {
            window(Role.PROBE, "workload", KNEE * share, 4);
        }
        var ladder = List.of("workload", "reading", "writes", "logins", "polling");
        var rates = new double[] {0.33, 0.15, 0.52, 0.24, 0.42, 0.6, 0.2, 0.47, 0.29, 0.56, 0.38, 0.7, 0.82, 0.76};
        for (int i = 0; i < rates.length; i++) {
            var mix = ladder.get(i % ladder.size());
            window(Role.FIT, mix, rates[i] * KNEE * scale(mix), 4);
        }
        var conditions = JSON.createObjectNode();
        var list = conditions.putArray("conditions");
        var heldOut = new double[] {0.66, 0.74, 0.82, 0.9};
        for (int i = 0; i < heldOut.length; i++) {
            list.add(condition("h" + i, windows.size() + i, heldOut[i] * KNEE * scale("evening")));
        }
        for (var share : heldOut) {
            window(Role.HELD_OUT, "evening", share * KNEE * scale("evening"), 4);
        }
        hlog.flush();
        Files.writeString(directory.resolve("conditions.json"), conditions.toPrettyString() + "\n");
        Files.writeString(directory.resolve("stations.ndjson"), stations);
        Files.writeString(directory.resolve("metrics.om"), metrics());
        var recorder = new Recorder(directory, record());
        recorder.complete(validity(), now);
    }

    private void window(Role role, String mixName, double perSecond, int seconds) throws IOException {
        int index = windows.size();
        var used = new TreeMap<>(Map.of(
                "api", 0.012 * seconds, "postgres", 0.006 * seconds, "redis", 0.003 * seconds, "rum", 0.002 * seconds));
        var completed = new LinkedHashMap<String, Long>();
        var counts = new LinkedHashMap<String, Long>();
        shares(mixName).forEach((family, share) -> {
            long count = poisson(perSecond * seconds * share);
            counts.put(family, count);
            if (count > 0) {
                completed.put(OPERATION.get(family), count);
            }
            var demand = demands(family);
            used.merge("api", count * demand[0] / 1000, Double::sum);
            used.merge("postgres", count * demand[1] / 1000, Double::sum);
            used.merge("redis", count * demand[2] / 1000, Double::sum);
        });
        long headline = counts.values().stream().mapToLong(Long::longValue).sum();
        long telemetry = poisson(perSecond * seconds * TELEMETRY_RATIO);
        if (telemetry > 0) {
            completed.put("Vitals", telemetry);
        }
        used.merge("rum", telemetry * TELEMETRY_MILLIS_RUM / 1000, Double::sum);
        used.merge("api", telemetry * TELEMETRY_MILLIS_API / 1000, Double::sum);
        used.replaceAll((station, cpu) -> cpu * (1 + 0.05 * gaussian()));
        double busy = Math.min(
                0.985, used.values().stream().mapToDouble(Double::doubleValue).sum() / seconds);
        var latency = latencies(counts, busy, seconds, role == Role.FIT || role == Role.HELD_OUT);
        stations.append(stationsLine(index, seconds, used, busy)).append('\n');
        windows.add(new Window(
                index,
                0,
                role,
                now,
                seconds,
                mixName,
                1,
                new Window.Size(100_000, 200_000),
                perSecond,
                headline / (double) seconds,
                headline / (double) seconds,
                telemetry / (double) seconds,
                (int) Math.ceil(perSecond / RATE_PER_USER),
                64,
                completed,
                Map.of(),
                latency,
                perSecond == 0 ? null : 0.0021,
                new Window.GeneratorHealth(0.05 + perSecond * 0.0004, 0.004),
                0.001,
                null,
                null,
                null));
        now += (seconds + 1) * 1000L;
    }

    private Window.Latencies latencies(Map<String, Long> counts, double busy, int seconds, boolean logged)
            throws IOException {
        var all = new Histogram(1000, 3_600_000_000_000L, 3);
        for (int second = 0; second < seconds; second++) {
            for (var entry : counts.entrySet()) {
                var histogram = new Histogram(1000, 3_600_000_000_000L, 3);
                long share = entry.getValue() / seconds + (second < entry.getValue() % seconds ? 1 : 0);
                for (long i = 0; i < share; i++) {
                    histogram.recordValue(Math.round(1e9 * drawnLatency(entry.getKey(), busy)));
                }
                all.add(histogram);
                if (logged && share > 0) {
                    long from = now + second * 1000L;
                    for (var kind : List.of("corrected", "service")) {
                        histogram.setTag(OPERATION.get(entry.getKey()) + "|" + kind + "|ok");
                        histogram.setStartTimeStamp(from);
                        histogram.setEndTimeStamp(from + 1000);
                        log.outputIntervalHistogram(histogram);
                    }
                }
            }
        }
        var summary = all.getTotalCount() == 0
                ? null
                : new Window.Latency(
                        all.getTotalCount(),
                        all.getMean() / 1e9,
                        all.getValueAtPercentile(50) / 1e9,
                        all.getValueAtPercentile(95) / 1e9,
                        all.getValueAtPercentile(99) / 1e9,
                        all.getMaxValue() / 1e9);
        return new Window.Latencies(summary, summary);
    }

    /** Half a millisecond of network and wake-up, then a processor-sharing sojourn: work ÷ (1 − utilisation), gamma-like. */
    private double drawnLatency(String family, double busy) {
        var demand = demands(family);
        double work = (demand[0] + demand[1] + demand[2]) / 1000;
        double spread = -(Math.log(1 - random.nextDouble()) + Math.log(1 - random.nextDouble())) / 2;
        double waiting = busy / (1 - busy) * 0.0018 * -Math.log(1 - random.nextDouble());
        return 0.0005 + work * (0.7 + 0.3 * spread) + waiting;
    }

    private ObjectNode stationsLine(int index, int seconds, Map<String, Double> used, double busy) {
        var line = JSON.createObjectNode();
        line.put("schemaVersion", 1)
                .put("window", index)
                .put("startEpochMillis", now)
                .put("durationSeconds", (double) seconds);
        line.put("source", "proc");
        var each = line.putObject("stations");
        used.forEach((station, cpu) -> each.putObject(station)
                .put("cpuSeconds", rounded(cpu))
                .put("jitSeconds", rounded("api".equals(station) ? 0.004 * seconds : 0))
                .put("gcSeconds", rounded("api".equals(station) ? 0.01 * cpu : 0))
                .put("residentBytes", "api".equals(station) ? 720_000_000L : 180_000_000L)
                .put("processes", "postgres".equals(station) ? 24 : 1)
                .put("openFiles", 90));
        each.putObject("other").put("cpuSeconds", rounded(0.01 * seconds));
        each.putObject("generator").put("cpuSeconds", rounded(0.2 * seconds));
        var host = line.putObject("host");
        double busySeconds = rounded(Math.min(seconds, busy * seconds + 0.01 * seconds));
        host.put("cores", 1)
                .put("busySeconds", busySeconds)
                .put("stealSeconds", rounded(0.001 * seconds))
                .put("iowaitSeconds", 0.01);
        host.putArray("byCore")
                .addObject()
                .put("core", 0)
                .put("busySeconds", busySeconds)
                .put("stealSeconds", rounded(0.001 * seconds));
        host.put("runQueueMean", rounded(busy / (1 - busy))).putNull("cpuPressureSeconds");
        host.put("diskReadBytes", 0).put("diskWriteBytes", 4096L * seconds).put("networkBytes", 100_000L * seconds);
        line.putObject("counters")
                .put("hikaricp_connections_active", rounded(busy * 2))
                .put("hikaricp_connections_pending", 0.0);
        return line;
    }

    private String metrics() {
        var text = new StringBuilder("# TYPE websocket_connections gauge\n");
        for (int second = 0; second < 5; second++) {
            text.append("websocket_connections{job=\"api\"} 64 ")
                    .append(START / 1000 + second)
                    .append(".000\n");
        }
        return text.append("# EOF\n").toString();
    }

    private RunRecord record() {
        var families = new ArrayList<RunRecord.RequestClass>();
        OPERATION.forEach(
                (family, operation) -> families.add(new RunRecord.RequestClass(family, List.of(operation), true)));
        families.add(new RunRecord.RequestClass("telemetry", List.of("Vitals"), false));
        var mix = new LinkedHashMap<>(shares("workload"));
        mix.put("telemetry", TELEMETRY_RATIO);
        return new RunRecord(
                RunRecord.SCHEMA_VERSION,
                ID,
                RunRecord.Status.partial,
                "calibrate",
                5,
                1,
                START,
                null,
                new RunRecord.Headroom("0.1.0-SNAPSHOT", "example"),
                "embedded",
                new RunRecord.Stack(
                        "reference-embedded",
                        "API, PostgreSQL and Redis only",
                        List.of(
                                new RunRecord.Component("postgres", "17.11"),
                                new RunRecord.Component("redis", "6.2.11"))),
                new RunRecord.Host("example", "made up", 2, 8_000_000_000L, "example"),
                List.of(new RunRecord.Jvm("api", "25.0.3", "G1", 768L << 20)),
                new RunRecord.CoreUse(
                        List.of(0),
                        List.of(1),
                        false,
                        List.of(
                                new RunRecord.Evidence("api", 101, "0"),
                                new RunRecord.Evidence("generator", 105, "1"))),
                new RunRecord.WorkloadSummary(
                        "musclemap-day",
                        "0".repeat(64),
                        RATE_PER_USER,
                        RATE_PER_USER * TELEMETRY_RATIO,
                        1 / 2400.0,
                        2400,
                        0.12,
                        mix,
                        null),
                new RunRecord.Dataset(100_000, 200_000, 218L, "0".repeat(64)),
                families,
                List.of(new RunRecord.Resource("cpu", 1, List.of("api", "postgres", "redis", "rum", "other"))),
                List.of(new RunRecord.Pool("db", 16, "api")),
                new RunRecord.Probe(KNEE, "made up"),
                null,
                windows,
                windows.size(),
                List.of(),
                new Validity(Validity.Outcome.notValid, List.of()));
    }

    private static Validity validity() {
        return Validity.of(List.of(
                new Validity.Check("failedRequests", Validity.Finding.ok, 0.0, 0.01, null, "no request failed"),
                new Validity.Check(
                        "restarts",
                        Validity.Finding.indicative,
                        1.0,
                        5.0,
                        Validity.Cause.plan,
                        "one restart: the variation from restart to restart is not in the intervals")));
    }

    private static ObjectNode condition(String name, int window, double perSecond) {
        var condition = JSON.createObjectNode();
        condition.put("name", name).put("window", window).put("mixName", "evening");
        var shares = condition.putObject("mix");
        shares("evening").forEach(shares::put);
        condition
                .put("requestsPerSecond", perSecond)
                .put("telemetryPerSecond", perSecond * TELEMETRY_RATIO)
                .put("cores", 1);
        condition.putObject("dataset").put("users", 100_000).put("workouts", 200_000);
        return condition;
    }

    /** How much more or less of this mix the core carries than of the workload's own. */
    private static double scale(String mixName) {
        return millis("workload") / millis(mixName);
    }

    private static double millis(String mixName) {
        double sum = TELEMETRY_RATIO * (TELEMETRY_MILLIS_API + TELEMETRY_MILLIS_RUM);
        for (var share : shares(mixName).entrySet()) {
            var demand = demands(share.getKey());
            sum += share.getValue() * (demand[0] + demand[1] + demand[2]);
        }
        return sum;
    }

    private static Map<String, Double> shares(String mixName) {
        return Objects.requireNonNull(MIXES.get(mixName), mixName);
    }

    private static double[] demands(String family) {
        return Objects.requireNonNull(DEMANDS_MILLIS.get(family), family);
    }

    private long poisson(double mean) {
        return Math.max(0, Math.round(mean + Math.sqrt(mean) * gaussian()));
    }

    private double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    private static Map<String, Double> mix(double read, double heavyRead, double write, double login) {
        var mix = new LinkedHashMap<String, Double>();
        mix.put("read", read);
        mix.put("heavyRead", heavyRead);
        mix.put("write", write);
        mix.put("login", login);
        return mix;
    }

    private static Map<String, String> ordered(String... pairs) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
