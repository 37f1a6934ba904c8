package me.musclemap.capacity.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.StrictNode;

/**
 * The scaling plan: assumptions, what users ask, phases, and what may be done or happen to them. Immutable.
 *
 * @param levers changes of the plan that may gain users
 * @param storms loads that come at once
 * @param prices of machines that can be bought
 * @param ranges every input with a stated uncertainty
 */
public record Phases(
        Assumptions assumptions,
        Asking asking,
        List<Phase> phases,
        List<Lever> levers,
        Map<String, Storm> storms,
        Prices prices,
        List<Range> ranges) {
    private static final String ALL = "phases";

    /** Keys of the tier that runs the API, which may be named at the phase itself. */
    private static final Pattern OF_THE_API =
            Pattern.compile("phases\\.([^.]+)\\.(machines|cores|speed|memoryGigabytes|diskGigabytes)");

    public Phases {
        phases = List.copyOf(phases);
        levers = List.copyOf(levers);
        storms = Collections.unmodifiableMap(new LinkedHashMap<>(storms));
        ranges = List.copyOf(ranges);
    }

    /**
     * A change of the plan.
     *
     * @param settings path to value, as on the command line; {@code PHASE} in a path is the phase that is asked about
     * @param effort what it takes
     */
    public record Lever(String name, Map<String, String> settings, String effort) {
        public Lever {
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        }
    }

    /**
     * An input and how far off it may be.
     *
     * @param path as on the command line
     * @param stated as it stands
     */
    public record Range(String path, String stated, String low, String high) {}

    /**
     * Reads them with some values replaced.
     *
     * @param settings path to value, as on the command line: phases.2.cores=8
     * @throws MalformedInputException if the file or a setting is malformed
     */
    public static Phases read(String file, String text, Map<String, String> settings) {
        StrictNode root = StrictNode.parseYaml(file, text);
        for (var setting : settings.entrySet()) {
            root = root.with(path(root, setting.getKey()), setting.getValue());
        }
        root.onlyKeys(Set.of("assumptions", "workload", ALL, "levers", "storms", "prices"));
        List<Phase> phases = root.list(ALL).stream().map(Phase::read).toList();
        if (phases.isEmpty()) {
            throw root.at(ALL).wrong("at least one phase");
        }
        var storms = new LinkedHashMap<String, Storm>();
        root.members("storms").forEach((name, node) -> storms.put(name, Storm.read(node)));
        var ranges = new ArrayList<Range>();
        ranges(root, "", ranges);
        return new Phases(
                Assumptions.read(root.at("assumptions")),
                Asking.read(root.at("workload")),
                phases,
                root.list("levers").stream().map(Phases::lever).toList(),
                storms,
                Prices.read(root.at("prices")),
                ranges);
    }

    /** The phase with this id, or this number from 1. */
    public Optional<Phase> phase(String id) {
        for (int i = 0; i < phases.size(); i++) {
            if (phases.get(i).id().equals(id) || Integer.toString(i + 1).equals(id)) {
                return Optional.of(phases.get(i));
            }
        }
        return Optional.empty();
    }

    private static String path(StrictNode root, String path) {
        Matcher shortened = OF_THE_API.matcher(path);
        if (!shortened.matches()) {
            return path;
        }
        List<StrictNode> phases = root.list(ALL);
        for (int i = 0; i < phases.size(); i++) {
            boolean named = shortened.group(1).equals(phases.get(i).text("id"))
                    || shortened.group(1).equals(Integer.toString(i + 1));
            for (StrictNode tier : named ? phases.get(i).list("tiers") : List.<StrictNode>of()) {
                if (tier.texts("stations").contains(PhasePlanner.API)) {
                    return ALL + "." + (i + 1) + ".tiers." + tier.text("name") + "." + shortened.group(2);
                }
            }
        }
        return path;
    }

    private static Lever lever(StrictNode node) {
        node.onlyKeys(Set.of("name", "set", "effort"));
        var settings = new LinkedHashMap<String, String>();
        node.members("set").forEach((path, value) -> settings.put(path, value.shown()));
        return new Lever(node.text("name"), settings, node.text("effort"));
    }

    /** Every value with a range, at whatever depth. */
    private static void ranges(StrictNode node, String path, List<Range> found) {
        List<StrictNode> elements = node.elements();
        for (int i = 0; i < elements.size(); i++) {
            StrictNode element = elements.get(i);
            String name = element.isObject()
                    ? element.findText("id").or(() -> element.findText("name")).orElse(Integer.toString(i + 1))
                    : "";
            ranges(element, path + "." + name, found);
        }
        if (!node.isObject()) {
            return;
        }
        node.find("range").ifPresent(r -> found.add(range(path, node.at("value").shown(), node, "range")));
        node.find("ranges")
                .ifPresent(r -> r.keys()
                        .forEach(key ->
                                found.add(range(path + "." + key, node.at(key).shown(), r, key))));
        for (String key : node.keys()) {
            if (!key.equals("range") && !key.equals("ranges")) {
                ranges(node.at(key), path.isEmpty() ? key : path + "." + key, found);
            }
        }
    }

    private static Range range(String path, String stated, StrictNode node, String key) {
        List<StrictNode> ends = node.list(key);
        if (ends.size() != 2) {
            throw node.at(key).wrong("two values, low and high");
        }
        return new Range(path, stated, ends.get(0).shown(), ends.get(1).shown());
    }

    /** Those that ship with the room. */
    public static Phases shipped(Map<String, String> settings) {
        return read("phases.yaml", shippedText(), settings);
    }

    /** The text of those that ship with the room. */
    public static String shippedText() {
        return resource("/phases.yaml");
    }

    /** The text of a file that ships with the room. */
    static String resource(String name) {
        try (var in = Phases.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path: build the room again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
