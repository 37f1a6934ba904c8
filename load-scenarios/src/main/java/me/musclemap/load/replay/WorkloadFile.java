package me.musclemap.load.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import me.musclemap.load.workload.Workload;
import me.musclemap.load.workload.WorkloadException;

/** A workload written from what production did: the base's operations and classes, other journeys or other weights. */
final class WorkloadFile {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.SPLIT_LINES));
    private static final double SHORTEST_PAUSE = 0.5;

    private final Path baseFile;
    private final Workload base;
    private final ObjectNode root;

    WorkloadFile(Path baseFile, Workload base) {
        this.baseFile = baseFile.toAbsolutePath().normalize();
        this.base = base;
        try {
            root = (ObjectNode) YAML.readTree(baseFile.toFile());
        } catch (IOException e) {
            throw ReplayException.wrong(baseFile + ": cannot be read: " + e.getMessage());
        }
    }

    /** Names it, and says what its numbers rest on. */
    void describe(String name, String title, Map<String, String> sources) {
        root.put("name", name).put("title", title);
        var into = root.putObject("sources");
        sources.forEach(into::put);
    }

    /** Keeps the journeys and gives them other weights, as shares in percent. */
    void weights(Map<String, Double> sessions, String why) {
        double all = sessions.values().stream().mapToDouble(Double::doubleValue).sum();
        sessions.forEach((journey, count) -> root.withObject("/journeys/" + journey)
                .put("weight", rounded(100 * count / all))
                .put("why", why));
    }

    /** Writes journeys of its own, each from a visit that was seen. */
    void journeys(Map<String, Visit> journeys, Map<String, Double> sessions, Map<String, Double> spreads) {
        root.remove(List.of("pages", "journeys", "thinkTimes", "mixes"));
        root.putObject("thinkTimes");
        var into = root.putObject("journeys");
        double all = sessions.values().stream().mapToDouble(Double::doubleValue).sum();
        var login = Visit.loginOf(base);
        journeys.forEach((name, visit) -> {
            var journey = into.putObject(name);
            journey.put("weight", rounded(100 * sessions.getOrDefault(name, 0.0) / all));
            boolean withoutLogin = visit.needsToken() && !visit.logsIn() && !login.isEmpty();
            journey.put(
                    "why",
                    "seen in the log"
                            + (withoutLogin ? "; it came with a token, and is played with a login before it" : ""));
            var steps = journey.putArray("steps");
            if (withoutLogin) {
                var step = steps.addObject().put("path", "/login");
                step.putArray("requests").add(login);
                step.put("think", "none");
            }
            double usual = visit.seconds() / Math.max(1, visit.moments().size() - 1);
            visit.moments().forEach(moment -> step(steps, moment, usual, spreads));
        });
        used();
    }

    private static void step(ArrayNode steps, Visit.Moment moment, double usual, Map<String, Double> spreads) {
        var step = steps.addObject().put("path", moment.page());
        var requests = step.putArray("requests");
        var posts = new TreeMap<String, Integer>();
        for (var operation : moment.operations()) {
            if (operation.headline()) {
                requests.add(operation.name());
            } else {
                posts.merge(operation.name(), 1, Integer::sum);
            }
        }
        if (!posts.isEmpty()) {
            var telemetry = step.putObject("telemetry");
            posts.forEach(telemetry::put);
        }
        // Nobody sees how long somebody looks at the last page: as long as at the others.
        double pause = Math.max(SHORTEST_PAUSE, moment.pauseSeconds() > 0 ? moment.pauseSeconds() : usual);
        var last = moment.operations().get(moment.operations().size() - 1).name();
        step.putObject("think")
                .putObject("logNormal")
                .put("meanSeconds", rounded(pause))
                .put("sigma", rounded(spreads.getOrDefault(last, 0.6)));
    }

    /** Leaves out of the classes what no journey uses any more, and keeps the tokens only where somebody has one. */
    private void used() {
        var used = new HashSet<String>();
        root.path("journeys")
                .forEach(journey -> journey.path("steps").forEach(step -> {
                    step.path("requests").forEach(name -> used.add(name.asText()));
                    step.path("telemetry").fieldNames().forEachRemaining(used::add);
                }));
        var refresh = root.at("/tokens/refresh").asText("");
        if (!used.contains(Visit.loginOf(base))) {
            root.remove("tokens");
        } else if (!refresh.isEmpty()) {
            used.add(refresh);
        }
        root.remove("sockets");
        var classes = (ObjectNode) root.path("classes");
        var empty = new java.util.ArrayList<String>();
        classes.fields().forEachRemaining(fitClass -> {
            var operations = YAML.createArrayNode();
            fitClass.getValue().path("operations").forEach(name -> {
                if (used.contains(name.asText())) {
                    operations.add(name.asText());
                }
            });
            ((ObjectNode) fitClass.getValue()).set("operations", operations);
            if (operations.isEmpty()) {
                empty.add(fitClass.getKey());
            }
        });
        classes.remove(empty);
    }

    /** Writes it, and reads it back as any workload. */
    Workload write(Path file) {
        var to = file.toAbsolutePath().normalize();
        var operations = baseFile.resolveSibling(root.path("operations").asText());
        var parent = to.getParent();
        root.put(
                "operations",
                parent == null
                        ? operations.toString()
                        : parent.relativize(operations).toString());
        var half = to.resolveSibling("." + to.getFileName() + ".part.yaml");
        try {
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(half, YAML.writeValueAsString(root));
            var read = Workload.load(half);
            Files.move(half, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return read;
        } catch (WorkloadException e) {
            throw ReplayException.failed(
                    "--out=" + file + ": the workload that was built is not one: " + e.getMessage());
        } catch (IOException e) {
            throw ReplayException.failed("--out=" + file + ": cannot be written: " + e.getMessage());
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** The visits that stand for all: the most frequent kinds, each by the one of middle length. */
    static Map<String, Visit> medoids(Map<String, List<Visit>> kinds) {
        var chosen = new LinkedHashMap<String, Visit>();
        kinds.forEach((name, visits) -> {
            var sorted = visits.stream()
                    .sorted(Comparator.comparingInt(Visit::requests).thenComparingDouble(Visit::seconds))
                    .toList();
            chosen.put(name, sorted.get(sorted.size() / 2));
        });
        return chosen;
    }
}
