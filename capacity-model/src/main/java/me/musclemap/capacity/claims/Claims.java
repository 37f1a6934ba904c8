package me.musclemap.capacity.claims;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.StrictNode;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * The checkable statements of the scaling plan. A statement against another statement of the plan is decided by arithmetic on
 * both; one against the world by figures of the run, at both ends of their range: it holds only if it holds at both.
 */
public final class Claims {
    private static final Set<String> KEYS = Set.of(
            "id",
            "statement",
            "place",
            "kind",
            "formula",
            "figure",
            "unit",
            "why",
            "wouldHoldIf",
            "quotes",
            "lines",
            "notes");

    /** Contradictions that a first reading of the plan listed. */
    private static final int CONTRADICTIONS = 43;

    private final List<Written> written;

    private Claims(List<Written> written) {
        this.written = List.copyOf(written);
    }

    /** How a claim is decided. */
    private enum Kind {
        /** Two places of the plan against each other. */
        plan,
        /** The plan against figures of the run. */
        measured,
        /** The plan against what is known of the products that it names. */
        world,
        /** Nothing in a run can decide it. */
        untestable
    }

    private record Written(
            String id,
            String statement,
            String place,
            Kind kind,
            Optional<String> formula,
            Optional<String> figure,
            Optional<String> unit,
            String why,
            Optional<String> wouldHoldIf,
            List<Integer> notes) {}

    /** Those that ship with the room. */
    public static Claims shipped() {
        try (var in = Claims.class.getResourceAsStream("/claims.yaml")) {
            if (in == null) {
                throw new IllegalStateException("/claims.yaml is not on the class path: build the room again");
            }
            return read("claims.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("/claims.yaml cannot be read", e);
        }
    }

    /**
     * Reads a file of claims.
     *
     * @throws MalformedInputException if it is not one
     */
    public static Claims read(String file, String text) {
        StrictNode root = StrictNode.parseYaml(file, text);
        root.onlyKeys(Set.of("plan", "claims"));
        var written = new ArrayList<Written>();
        var ids = new HashSet<String>();
        for (StrictNode node : root.list("claims")) {
            node.onlyKeys(KEYS);
            Written claim = written(node);
            if (!ids.add(claim.id())) {
                throw node.at("id").wrong("an id that no other claim has");
            }
            written.add(claim);
        }
        return new Claims(written);
    }

    private static Written written(StrictNode node) {
        Kind kind;
        try {
            kind = Kind.valueOf(node.text("kind"));
        } catch (IllegalArgumentException e) {
            throw node.at("kind").wrong("plan, world, measured or untestable");
        }
        if (kind == Kind.measured && node.find("formula").isEmpty()) {
            throw node.wrong("a formula, because its kind is measured");
        }
        return new Written(
                node.text("id"),
                node.text("statement"),
                node.text("place") + lines(node),
                kind,
                node.findText("formula"),
                node.findText("figure"),
                node.findText("unit"),
                node.text("why"),
                node.findText("wouldHoldIf"),
                notes(node));
    }

    private static List<Integer> notes(StrictNode node) {
        var notes = new ArrayList<Integer>();
        for (StrictNode note : node.find("notes").map(StrictNode::elements).orElse(List.of())) {
            double number = note.asNumber();
            if (number != Math.rint(number) || number < 1 || number > CONTRADICTIONS) {
                throw note.wrong("the number of a contradiction, 1 to " + CONTRADICTIONS);
            }
            notes.add((int) number);
        }
        return notes;
    }

    /** The ids of the claims that decide each contradiction of the first reading, by its number from 1. */
    public Map<Integer, List<String>> contradictions() {
        var ids = new TreeMap<Integer, List<String>>();
        written.forEach(claim -> claim.notes()
                .forEach(note ->
                        ids.computeIfAbsent(note, n -> new ArrayList<>()).add(claim.id())));
        return ids;
    }

    /** Where the plan says it, by number of line. */
    private static String lines(StrictNode node) {
        List<String> lines = node.list("lines").stream()
                .map(line -> Integer.toString((int) line.asAmount()))
                .toList();
        if (lines.isEmpty()) {
            throw node.at("lines").wrong("at least one line of the plan");
        }
        return (lines.size() == 1 ? ", line " : ", lines ") + String.join(", ", lines);
    }

    /**
     * Decides every claim.
     *
     * @param figures what the run says, by the names that the formulas use
     */
    public List<Claim> decide(Map<String, Quantiles> figures) {
        return written.stream().map(w -> decide(w, figures)).toList();
    }

    private static Claim decide(Written claim, Map<String, Quantiles> figures) {
        Optional<Quantiles> measured = claim.figure().map(figures::get);
        String why = fill(claim.why(), figures);
        String verdict;
        switch (claim.kind()) {
            case plan -> verdict = byArithmetic(claim);
            case measured -> {
                try {
                    verdict = byMeasurement(claim, figures);
                } catch (Expression.UnknownNameException e) {
                    verdict = "undecided";
                    why = "this run does not say: " + e.getMessage();
                }
            }
            case world -> verdict = "doesNotHold";
            default -> verdict = "untestable";
        }
        return new Claim(
                claim.id(),
                claim.statement(),
                claim.place(),
                claim.formula(),
                verdict,
                measured,
                claim.unit(),
                why,
                verdict.equals("holds")
                        ? Optional.empty()
                        : claim.wouldHoldIf().map(t -> fill(t, figures)).filter(t -> !t.contains("{")));
    }

    /** Without a formula two texts stand against each other, and no number can reconcile them. */
    private static String byArithmetic(Written claim) {
        return claim.formula()
                .map(f -> Expression.evaluate(f, Map.of()) != 0 ? "holds" : "selfContradicted")
                .orElse("selfContradicted");
    }

    private static String byMeasurement(Written claim, Map<String, Quantiles> figures) {
        String formula = claim.formula().orElseThrow();
        var low = new HashMap<String, Double>();
        var high = new HashMap<String, Double>();
        figures.forEach((name, q) -> {
            low.put(name, q.p10());
            high.put(name, q.p90());
        });
        boolean atLow = Expression.evaluate(formula, low) != 0;
        boolean atHigh = Expression.evaluate(formula, high) != 0;
        return atLow && atHigh ? "holds" : atLow || atHigh ? "undecided" : "doesNotHold";
    }

    /** Replaces {name} by its middle and {name:range} by its range. */
    private static String fill(String text, Map<String, Quantiles> figures) {
        String filled = text;
        for (var figure : figures.entrySet()) {
            Quantiles q = figure.getValue();
            filled = filled.replace("{" + figure.getKey() + "}", number(q.p50()))
                    .replace("{" + figure.getKey() + ":range}", number(q.p10()) + " to " + number(q.p90()));
        }
        return filled;
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 1 ? "%.1f" : "%.3f";
        return String.format(java.util.Locale.ROOT, format, value);
    }
}
