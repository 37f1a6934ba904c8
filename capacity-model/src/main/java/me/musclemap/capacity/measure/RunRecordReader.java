package me.musclemap.capacity.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import me.musclemap.capacity.measure.RunRecord.CoreResource;
import me.musclemap.capacity.measure.RunRecord.RequestClass;
import me.musclemap.capacity.measure.RunRecord.SealedPrediction;
import me.musclemap.capacity.measure.RunRecord.Validity;
import me.musclemap.capacity.measure.RunRecord.Workload;

/**
 * Reads a run record and believes none of it: every number must be a number, every window must be there, every file must
 * have the hash that is written for it.
 */
public final class RunRecordReader {
    /** The scenario of a record that was made from production's telemetry. */
    private static final String IMPORT = "import";

    private static final Set<String> ROLES = Set.of("warm-up", "idle", "probe", "fit", "held-out", "scenario");
    private static final Set<String> WATCHED = Set.of("idle", "fit", "held-out");

    private final Path directory;

    public RunRecordReader(Path directory) {
        this.directory = directory;
    }

    /**
     * Reads the record.
     *
     * @throws MalformedInputException if it is not whole and consistent
     * @throws IOException if a file cannot be read
     */
    public RunRecord read() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new MalformedInputException(directory + ": no such directory: name the directory of a run record");
        }
        byte[] bytes = bytesOf("run.json");
        StrictNode run =
                StrictNode.parse(directory.resolve("run.json").toString(), new String(bytes, StandardCharsets.UTF_8));
        if (run.count("schemaVersion") != 1) {
            throw run.at("schemaVersion").wrong("1, the version this reader knows");
        }
        checkFiles(run);
        List<RequestClass> classes = classes(run);
        Map<Integer, StationUse> use = stationUse();
        return UsualSteal.leftOut(new RunRecord(
                run.text("id"),
                sha256(bytes),
                run.text("status"),
                run.whole("seed"),
                (int) run.findNumber("restarts").orElse(1),
                new RunRecord.Stack(
                        run.at("stack").text("name"), run.at("stack").text("scope")),
                run.at("cores").flag("shared"),
                run.text("scenario").equals(IMPORT) ? OptionalDouble.of(0) : OptionalDouble.empty(),
                run.at("host").text("cpuModel"),
                run.at("host").positive("memoryBytes"),
                run.at("host").find("secondCore").map(RunRecordReader::coreRatio),
                workload(run.at("workload"), classes),
                classes,
                resources(run),
                pools(run),
                run.list("jvms").stream()
                        .mapToDouble(j -> j.amount("maxHeapBytes"))
                        .sum(),
                run.find("probe").map(RunRecordReader::probe),
                run.find("prediction").map(p -> new SealedPrediction(p.text("file"), p.text("sha256"))),
                windows(run, classes, use),
                periodic(run),
                validity(run.at("validity")),
                LatencyLogReader.read(directory.resolve("latency.hlog"), stretches(run))));
    }

    private byte[] bytesOf(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new MalformedInputException(directory.resolve(name)
                    + ": no such file: a run record has one; restore it or record the run again");
        }
        return Files.readAllBytes(file);
    }

    private void checkFiles(StrictNode run) throws IOException {
        for (StrictNode file : run.list("files")) {
            String name = file.text("name");
            if (name.contains("..") || name.startsWith("/")) {
                throw file.at("name").wrong("a file inside the run record");
            }
            String expected = file.text("sha256");
            Path path = directory.resolve(name);
            if (!Files.isRegularFile(path)) {
                throw new MalformedInputException(
                        path + ": missing, though run.json lists it: restore it or record the run again");
            }
            String actual = sha256(path);
            if (!actual.equals(expected)) {
                throw new MalformedInputException(
                        path + ": sha256 is " + actual.substring(0, 12) + "…, run.json says " + shorten(expected)
                                + ": the file was changed after the run; restore it or record the run again");
            }
        }
    }

    private static String shorten(String hash) {
        return hash.length() <= 12 ? hash : hash.substring(0, 12) + "…";
    }

    private static List<RequestClass> classes(StrictNode run) {
        var classes = new ArrayList<RequestClass>();
        var seen = new HashSet<String>();
        for (StrictNode node : run.list("classes")) {
            var read = new RequestClass(node.text("name"), node.texts("operations"), node.flag("headline"));
            for (String operation : read.operations()) {
                if (!seen.add(operation)) {
                    throw node.at("operations").wrong("operations of one class each; " + operation + " is in two");
                }
            }
            classes.add(read);
        }
        if (classes.stream().noneMatch(RequestClass::headline)) {
            throw run.at("classes").wrong("at least one headline class");
        }
        return classes;
    }

    private static List<CoreResource> resources(StrictNode run) {
        var resources = new ArrayList<CoreResource>();
        for (StrictNode node : run.list("resources")) {
            resources.add(new CoreResource(node.text("name"), node.positive("cores"), node.texts("stations")));
        }
        if (resources.size() != 1) {
            throw run.at("resources").wrong("one shared resource, there are " + resources.size());
        }
        return resources;
    }

    private static RunRecord.Probe probe(StrictNode node) {
        boolean reached =
                node.find("reached").isEmpty() ? !node.text("rule").contains("not reached") : node.flag("reached");
        return new RunRecord.Probe(node.positive("kneePerSecond"), reached);
    }

    private static Map<String, Integer> pools(StrictNode run) {
        var pools = new LinkedHashMap<String, Integer>();
        if (run.find("pools").isPresent()) {
            run.list("pools").forEach(p -> pools.put(p.text("name"), p.count("size")));
        }
        return pools;
    }

    private static Workload workload(StrictNode node, List<RequestClass> classes) {
        Map<String, Double> mix = node.amounts("mix");
        var names = classes.stream().map(RequestClass::name).toList();
        for (String name : mix.keySet()) {
            if (!names.contains(name)) {
                throw node.at("mix").at(name).wrong("a class that run.json lists under classes");
            }
        }
        double headline = classes.stream()
                .filter(RequestClass::headline)
                .mapToDouble(c -> mix.getOrDefault(c.name(), 0.0))
                .sum();
        if (Math.abs(headline - 1) > 0.01) {
            throw node.at("mix").wrong("headline shares that add up to 1, they add up to " + headline);
        }
        return new Workload(
                node.text("name"),
                node.positive("requestsPerSecondPerUser"),
                node.amount("telemetryPerSecondPerUser"),
                node.positive("sessionSeconds"),
                node.amount("socketShare"),
                mix);
    }

    private static RunRecord.CoreRatio coreRatio(StrictNode node) {
        double ratio = node.positive("ratio");
        double low = node.positive("low");
        double high = node.positive("high");
        if (low > ratio) {
            throw node.at("low").wrong("a number up to ratio");
        }
        if (high < ratio) {
            throw node.at("high").wrong("a number from ratio");
        }
        return new RunRecord.CoreRatio(ratio, low, high);
    }

    private static Validity validity(StrictNode node) {
        var spoilt = new ArrayList<String>();
        var lesser = new ArrayList<String>();
        for (StrictNode check : node.list("checks")) {
            String outcome = check.text("outcome");
            if (!outcome.equals("ok")) {
                (outcome.equals("notValid") ? spoilt : lesser).add(check.text("message"));
            }
        }
        // The first reason is the one that is told: what makes a run not valid, before what makes it only indicative.
        var reasons = new ArrayList<>(spoilt);
        reasons.addAll(lesser);
        return new Validity(node.text("verdict"), reasons);
    }

    private static List<Window> windows(StrictNode run, List<RequestClass> classes, Map<Integer, StationUse> use) {
        List<StrictNode> nodes = run.list("windows");
        int expected = run.count("windowCount");
        if (nodes.size() != expected) {
            throw new MalformedInputException("run.json: windows has " + nodes.size() + " entries, windowCount says "
                    + expected + ": a window was removed or added; restore the file or record the run again");
        }
        var windows = new ArrayList<Window>();
        var indices = new HashSet<Integer>();
        var operations = new HashSet<String>();
        classes.forEach(c -> operations.addAll(c.operations()));
        for (StrictNode node : nodes) {
            Window window = window(node, use, operations);
            if (!indices.add(window.index())) {
                throw node.at("index").wrong("an index that no other window has");
            }
            windows.add(window);
        }
        return windows;
    }

    /** Absent from records of before it was measured, and where nothing does it. */
    private static List<PeriodicRun> periodic(StrictNode run) {
        var periodic = new ArrayList<PeriodicRun>();
        if (run.find("periodic").isEmpty()) {
            return periodic;
        }
        for (StrictNode node : run.list("periodic")) {
            periodic.add(new PeriodicRun(
                    node.text("name"),
                    node.positive("everySeconds"),
                    node.count("restart"),
                    node.amount("durationSeconds"),
                    new Window.Dataset(
                            node.at("dataset").count("users"),
                            node.at("dataset").count("workouts")),
                    node.amounts("cpuSeconds"),
                    node.findText("excluded")));
        }
        return periodic;
    }

    /** Where the windows lie whose response times a fit may ask for. */
    private static List<LatencyLogReader.Stretch> stretches(StrictNode run) {
        return run.list("windows").stream()
                .filter(w -> WATCHED.contains(w.text("role"))
                        && w.find("startEpochMillis").isPresent())
                .map(w -> {
                    double start = w.number("startEpochMillis") / 1000;
                    return new LatencyLogReader.Stretch(w.count("index"), start, start + w.positive("durationSeconds"));
                })
                .toList();
    }

    private static Window window(StrictNode node, Map<Integer, StationUse> use, Set<String> operations) {
        String role = node.text("role");
        if (!ROLES.contains(role)) {
            throw node.at("role")
                    .wrong("one of " + String.join(", ", ROLES.stream().sorted().toList()));
        }
        int index = node.count("index");
        var finished = new HashMap<String, Long>();
        node.amounts("completed").forEach((op, n) -> finished.merge(op, n.longValue(), Long::sum));
        long failed = 0;
        for (var entry : node.amounts("failed").entrySet()) {
            finished.merge(entry.getKey(), entry.getValue().longValue(), Long::sum);
            failed += entry.getValue().longValue();
        }
        for (String operation : finished.keySet()) {
            if (!operations.contains(operation)) {
                throw node.at("completed")
                        .wrong("operations that run.json lists under classes; " + operation + " is in none");
            }
        }
        Optional<StationUse> watched = Optional.ofNullable(use.get(index));
        Optional<String> excluded = node.findText("excluded");
        if (WATCHED.contains(role) && excluded.isEmpty() && watched.isEmpty()) {
            throw new MalformedInputException("stations.ndjson: no line for window " + index + ", which run.json calls "
                    + role + ": restore the file or record the run again");
        }
        StrictNode latency = node.at("latencySeconds");
        return new Window(
                index,
                node.count("restart"),
                role,
                node.positive("durationSeconds"),
                node.text("mixName"),
                node.positive("cores"),
                new Window.Dataset(
                        node.at("dataset").count("users"), node.at("dataset").count("workouts")),
                node.amount("offeredPerSecond"),
                node.amount("servedPerSecond"),
                node.amount("telemetryPerSecond"),
                node.count("sockets"),
                finished,
                failed,
                latency(latency, "service"),
                latency(latency, "corrected"),
                node.amount("stealRatio"),
                excluded,
                watched);
    }

    private static Optional<Window.Latency> latency(StrictNode node, String key) {
        return node.find(key)
                .map(l -> new Window.Latency(
                        l.whole("count"),
                        l.amount("mean"),
                        l.amount("p50"),
                        l.amount("p95"),
                        l.amount("p99"),
                        l.amount("max")));
    }

    private Map<Integer, StationUse> stationUse() throws IOException {
        var use = new HashMap<Integer, StationUse>();
        int line = 0;
        for (String text : new String(bytesOf("stations.ndjson"), StandardCharsets.UTF_8).split("\n", -1)) {
            line++;
            if (text.isBlank()) {
                continue;
            }
            StrictNode node = StrictNode.parse(directory.resolve("stations.ndjson") + ":" + line, text);
            int window = node.count("window");
            if (use.put(window, stations(node)) != null) {
                throw node.at("window").wrong("a window that no other line has");
            }
        }
        return use;
    }

    private static StationUse stations(StrictNode node) {
        var stations = new LinkedHashMap<String, StationUse.Usage>();
        node.members("stations").forEach((name, s) -> {
            double cpu = s.number("cpuSeconds");
            // The rest of the machine is a difference of two clocks: a hair below zero is rounding, more is a fault.
            if (cpu < -0.05) {
                throw s.at("cpuSeconds").wrong("a number from zero");
            }
            stations.put(
                    name,
                    new StationUse.Usage(
                            Math.max(0, cpu),
                            s.findNumber("jitSeconds").orElse(0),
                            s.findNumber("residentBytes").orElse(0)));
        });
        var counters = new LinkedHashMap<String, Double>();
        if (node.find("counters").isPresent()) {
            node.members("counters").forEach((name, value) -> counters.put(name, value.asNumber()));
        }
        return new StationUse(node.positive("durationSeconds"), stations, counters);
    }

    /** The SHA-256 of a file, in lower-case hexadecimal. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        try (var in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of bytes, in lower-case hexadecimal. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
