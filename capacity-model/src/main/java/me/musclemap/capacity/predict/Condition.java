package me.musclemap.capacity.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecord.RequestClass;
import me.musclemap.capacity.measure.StrictNode;

/**
 * A load that somebody asks about before it is driven.
 *
 * @param window the window that will answer it, if one is planned
 * @param mix share of each headline class
 * @param operations how often each operation comes for one headline request; empty where only the classes are known
 * @param workouts the size of the data; empty for the size that was measured
 * @param restart the restart that the window is in; empty for one to come
 * @param generator whether the load generator runs on the same cores, and is a station beside the others
 */
public record Condition(
        String name,
        OptionalInt window,
        String mixName,
        Map<String, Double> mix,
        double requestsPerSecond,
        double telemetryPerSecond,
        double cores,
        Map<String, Double> operations,
        OptionalDouble workouts,
        OptionalInt restart,
        boolean generator) {
    private static final Set<String> KEYS = Set.of(
            "name",
            "window",
            "mixName",
            "mix",
            "operations",
            "requestsPerSecond",
            "telemetryPerSecond",
            "cores",
            "dataset",
            "restart",
            "generator");

    public Condition {
        mix = Map.copyOf(mix);
        operations = Map.copyOf(operations);
    }

    /** A condition of which only the classes are known, at the size of data that was measured. */
    public Condition(
            String name,
            OptionalInt window,
            String mixName,
            Map<String, Double> mix,
            double requestsPerSecond,
            double telemetryPerSecond,
            double cores) {
        this(
                name,
                window,
                mixName,
                mix,
                requestsPerSecond,
                telemetryPerSecond,
                cores,
                Map.of(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                false);
    }

    /** The same in a restart that is known. */
    public Condition inRestart(int number) {
        return new Condition(
                name,
                window,
                mixName,
                mix,
                requestsPerSecond,
                telemetryPerSecond,
                cores,
                operations,
                workouts,
                OptionalInt.of(number),
                generator);
    }

    /** The mix that it asks for. */
    public TrafficMix trafficMix(List<RequestClass> classes) {
        return TrafficMix.of(classes, mix, telemetryPerSecond / requestsPerSecond)
                .madeUpOf(classes, operations);
    }

    /**
     * Reads a file of conditions.
     *
     * @throws MalformedInputException if it is not one, names a class that the run has not, or has no condition
     */
    public static List<Condition> read(String file, String text, RunRecord run) {
        StrictNode root = StrictNode.parse(file, text);
        var conditions = new ArrayList<Condition>();
        for (StrictNode node : root.list("conditions")) {
            conditions.add(read(node, run));
        }
        if (conditions.isEmpty()) {
            throw root.at("conditions").wrong("at least one condition");
        }
        return conditions;
    }

    private static Condition read(StrictNode node, RunRecord run) {
        node.onlyKeys(KEYS);
        Map<String, Double> mix = node.amounts("mix");
        var known = run.classes().stream().map(RequestClass::name).toList();
        for (String name : mix.keySet()) {
            if (!known.contains(name)) {
                throw node.at("mix").at(name).wrong("a class of the run; it has " + String.join(", ", known));
            }
        }
        double headline = run.classes().stream()
                .filter(RequestClass::headline)
                .mapToDouble(c -> mix.getOrDefault(c.name(), 0.0))
                .sum();
        if (!(headline > 0)) {
            throw node.at("mix").wrong("a share above zero for a headline class");
        }
        return new Condition(
                node.text("name"),
                node.find("window").isPresent() ? OptionalInt.of(node.count("window")) : OptionalInt.empty(),
                node.findText("mixName").orElse("unnamed"),
                mix,
                node.positive("requestsPerSecond"),
                node.amount("telemetryPerSecond"),
                node.find("cores").isPresent()
                        ? node.positive("cores")
                        : run.cpu().cores(),
                node.find("operations").isPresent() ? node.amounts("operations") : Map.of(),
                node.find("dataset").isPresent() ? node.at("dataset").findNumber("workouts") : OptionalDouble.empty(),
                node.find("restart").isPresent() ? OptionalInt.of(node.count("restart")) : OptionalInt.empty(),
                node.find("generator").isPresent() && node.flag("generator"));
    }
}
