package me.musclemap.load.workload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A place in a YAML file that knows its file and key path, and refuses what it does not know. */
final class StrictNode {
    private final String file;
    private final String key;
    private final JsonNode node;

    private StrictNode(String file, String key, JsonNode node) {
        this.file = file;
        this.key = key;
        this.node = node;
    }

    static StrictNode read(Path path) {
        var file = path.toString();
        try {
            var mapper = new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            var tree = mapper.readTree(Files.readString(path));
            var root = new StrictNode(file, "", tree == null ? MissingNode.getInstance() : tree);
            if (!root.node.isObject()) {
                throw root.wrong("is no map of keys", "start from workloads/musclemap-day.yaml");
            }
            return root;
        } catch (NoSuchFileException e) {
            throw new WorkloadException(file, "", "no such file", "give the path of a workload file");
        } catch (MalformedInputException e) {
            throw new WorkloadException(file, "", "is not UTF-8 text", "save it as UTF-8");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            var where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
            var first = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new WorkloadException(file, where, "is not readable YAML (" + first + ")", "correct the syntax");
        } catch (IOException e) {
            throw new WorkloadException(file, "", "cannot be read (" + e.getMessage() + ")", "check its permissions");
        }
    }

    WorkloadException wrong(String problem, String remedy) {
        return new WorkloadException(file, key, problem, remedy);
    }

    /** Refuses any key that is not in {@code known}, naming the nearest one. */
    StrictNode only(String... known) {
        object();
        for (var name : names()) {
            if (!List.of(known).contains(name)) {
                throw at(name).wrong("unknown key", remedyFor(name, List.of(known)));
            }
        }
        return this;
    }

    static String remedyFor(String name, Collection<String> known) {
        var nearest = nearest(name, known);
        var all = "known here: " + String.join(", ", known);
        return nearest.map(n -> "did you mean '" + n + "'? " + all).orElse(all);
    }

    private static Optional<String> nearest(String name, Collection<String> known) {
        String best = null;
        var bestDistance = Integer.MAX_VALUE;
        for (var candidate : known) {
            var distance =
                    distance(name.toLowerCase(java.util.Locale.ROOT), candidate.toLowerCase(java.util.Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return bestDistance <= Math.max(2, name.length() / 3) ? Optional.ofNullable(best) : Optional.empty();
    }

    /** Levenshtein's distance: how many letters to insert, drop or change. */
    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    List<String> names() {
        object();
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    Map<String, StrictNode> entries() {
        var entries = new LinkedHashMap<String, StrictNode>();
        for (var name : names()) {
            entries.put(name, at(name));
        }
        return entries;
    }

    boolean has(String name) {
        return node.has(name);
    }

    private StrictNode at(String name) {
        return new StrictNode(file, key.isEmpty() ? name : key + "." + name, node.path(name));
    }

    StrictNode child(String name) {
        var child = at(name);
        if (child.node.isMissingNode() || child.node.isNull()) {
            throw child.wrong("is missing", "add it");
        }
        return child;
    }

    List<StrictNode> items() {
        if (!node.isArray()) {
            throw wrong("must be a list, was " + shown(), "write [a, b] or one '- ' line each");
        }
        var items = new ArrayList<StrictNode>();
        for (var i = 0; i < node.size(); i++) {
            items.add(new StrictNode(file, key + "[" + i + "]", node.get(i)));
        }
        return items;
    }

    List<String> texts() {
        return items().stream().map(StrictNode::text).toList();
    }

    String text() {
        if (!node.isTextual() || node.textValue().isBlank()) {
            throw wrong("must be a text, was " + shown(), "write a word, in quotes if it looks like a number");
        }
        return node.textValue();
    }

    String textOr(String name, String otherwise) {
        return has(name) ? child(name).text() : otherwise;
    }

    boolean flag(String name) {
        if (!has(name)) {
            return false;
        }
        var child = child(name);
        if (!child.node.isBoolean()) {
            throw child.wrong("must be true or false, was " + child.shown(), "write true or false");
        }
        return child.node.booleanValue();
    }

    double number() {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong("must be a number, was " + shown(), "write digits without a unit");
        }
        return node.doubleValue();
    }

    double notNegative() {
        var value = number();
        if (value < 0) {
            throw wrong("must not be negative, was " + shown(), "write 0 or more");
        }
        return value;
    }

    double positive() {
        var value = number();
        if (value <= 0) {
            throw wrong("must be more than 0, was " + shown(), "write a number above 0");
        }
        return value;
    }

    int count() {
        if (!node.isIntegralNumber() || node.longValue() < 0 || node.longValue() > 1_000_000) {
            throw wrong("must be a whole number from 0 to 1000000, was " + shown(), "write such a number");
        }
        return node.intValue();
    }

    String oneOf(String... known) {
        var text = text();
        if (!List.of(known).contains(text)) {
            throw wrong("unknown value '" + text + "'", remedyFor(text, List.of(known)));
        }
        return text;
    }

    boolean isText() {
        return node.isTextual();
    }

    private void object() {
        if (!node.isObject()) {
            throw wrong("must be a map of keys, was " + shown(), "write 'key: value' lines below it");
        }
    }

    private String shown() {
        var text = node.toString();
        return text.isEmpty() ? "nothing" : text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
