package me.musclemap.capacity.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.StrictNode;

/** The scaling plan: assumptions and phases. Immutable. */
public record Phases(Assumptions assumptions, List<Phase> phases) {
    public Phases {
        phases = List.copyOf(phases);
    }

    /**
     * Reads them with some values replaced.
     *
     * @param settings path to value, as on the command line: phases.2.tiers.vps.cores=8
     * @throws MalformedInputException if the file or a setting is malformed
     */
    public static Phases read(String file, String text, Map<String, String> settings) {
        StrictNode root = StrictNode.parseYaml(file, text);
        for (var setting : settings.entrySet()) {
            root = root.with(setting.getKey(), setting.getValue());
        }
        root.onlyKeys(Set.of("assumptions", "phases"));
        List<Phase> phases = root.list("phases").stream().map(Phase::read).toList();
        if (phases.isEmpty()) {
            throw root.at("phases").wrong("at least one phase");
        }
        return new Phases(Assumptions.read(root.at("assumptions")), phases);
    }

    /** Those that ship with the room. */
    public static Phases shipped(Map<String, String> settings) {
        return read("phases.yaml", resource("/phases.yaml"), settings);
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
