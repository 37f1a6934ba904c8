package me.musclemap.capacity.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A JSON value that knows its file and its place there, and refuses what is missing or of another type. Immutable. */
public final class StrictNode {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final String file;
    private final String path;
    private final JsonNode node;

    private StrictNode(String file, String path, JsonNode node) {
        this.file = file;
        this.path = path;
        this.node = node;
    }

    /**
     * Parses one JSON object.
     *
     * @param file as it is to be named in a message
     * @throws MalformedInputException if the text is not one JSON object
     */
    public static StrictNode parse(String file, String text) {
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw new MalformedInputException(
                    file + ": not JSON" + where + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse("")
                            + ": restore the file or make it again",
                    e);
        }
        var root = new StrictNode(file, "", node);
        if (!node.isObject()) {
            throw root.wrong("an object");
        }
        return root;
    }

    /**
     * Parses one YAML document that is a mapping.
     *
     * @throws MalformedInputException if the text is not one
     */
    public static StrictNode parseYaml(String file, String text) {
        JsonNode node;
        try {
            node = YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new MalformedInputException(
                    file + ": not YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse("") + ": mend the file",
                    e);
        }
        var root = new StrictNode(file, "", node);
        if (!node.isObject()) {
            throw root.wrong("a mapping");
        }
        return root;
    }

    /**
     * The same document with one value replaced.
     *
     * @param path keys joined by dots; an element of an array by its number from 1, its id or its name
     * @param value as YAML; {@code *2} is twice what stands there
     * @throws MalformedInputException if there is nothing at the path to replace
     */
    public StrictNode with(String path, String value) {
        JsonNode copy = node.deepCopy();
        String[] keys = path.split("\\.", -1);
        JsonNode at = copy;
        for (int i = 0; i < keys.length - 1; i++) {
            at = step(at, keys[i], path);
        }
        String last = keys[keys.length - 1];
        JsonNode old = step(at, last, path);
        JsonNode standing = old.has("value") ? old.get("value") : old;
        JsonNode replacement = value.startsWith("*")
                ? times(standing, value, path)
                : StrictNode.parseYaml("--set " + path, "value: " + value).node.get("value");
        if (old.has("value") && !replacement.isObject()) {
            ((ObjectNode) old).set("value", replacement);
        } else if (at instanceof ObjectNode object) {
            object.set(last, replacement);
        } else {
            throw new MalformedInputException("--set " + path + ": names a whole element: name a key of it");
        }
        return new StrictNode(file, "", copy);
    }

    private static JsonNode step(JsonNode at, String key, String path) {
        JsonNode found = at.get(key);
        if (found == null && at.isArray()) {
            for (int i = 0; i < at.size(); i++) {
                JsonNode element = at.get(i);
                boolean named = key.equals(element.path("id").asText())
                        || key.equals(element.path("name").asText());
                found = named || key.equals(Integer.toString(i + 1)) ? element : found;
            }
        }
        if (found == null) {
            throw new MalformedInputException("--set " + path + ": there is no " + key + " there: " + near(at, key));
        }
        return found;
    }

    private static JsonNode times(JsonNode standing, String value, String path) {
        double factor;
        try {
            factor = Double.parseDouble(value.substring(1).strip());
        } catch (NumberFormatException e) {
            throw new MalformedInputException(
                    "--set " + path + "=" + value + ": write a factor as *2, or a value without the star", e);
        }
        if (!standing.isNumber() || !Double.isFinite(factor)) {
            throw new MalformedInputException(
                    "--set " + path + "=" + value + ": only a number can be multiplied, and only by a finite one");
        }
        double product = standing.doubleValue() * factor;
        return standing.isIntegralNumber() && product == Math.rint(product) && Math.abs(product) <= Integer.MAX_VALUE
                ? JsonNodeFactory.instance.numberNode((int) product)
                : JsonNodeFactory.instance.numberNode(product);
    }

    /** What could have been meant: the keys that are most alike first. */
    private static String near(JsonNode at, String key) {
        var known = new ArrayList<String>();
        at.fieldNames().forEachRemaining(known::add);
        for (int i = 0; at.isArray() && i < at.size(); i++) {
            String name = at.get(i).path("id").asText(at.get(i).path("name").asText(""));
            known.add(name.isEmpty() ? Integer.toString(i + 1) : name);
        }
        if (known.isEmpty()) {
            return "it holds a single value: leave out the last key";
        }
        known.sort(Comparator.comparingInt((String candidate) -> distance(candidate, key))
                .thenComparing(Comparator.naturalOrder()));
        return "near are " + String.join(", ", known.subList(0, Math.min(5, known.size())));
    }

    /** Letters to change, add or leave out. Source: V. Levenshtein 1966. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[row.length - 1];
    }

    /** Refuses a key that is not known. */
    public void onlyKeys(java.util.Set<String> known) {
        for (String key : keys()) {
            if (!known.contains(key)) {
                throw new MalformedInputException(file + ": " + join(key) + ": no such key; known are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** The value at a key that must be there. */
    public StrictNode at(String key) {
        JsonNode child = node.get(key);
        if (child == null) {
            throw new MalformedInputException(
                    file + ": " + join(key) + " is missing: restore the file or make it again");
        }
        return new StrictNode(file, join(key), child);
    }

    /** The value at a key, empty where it is missing or null. */
    public Optional<StrictNode> find(String key) {
        JsonNode child = node.get(key);
        return child == null || child.isNull() ? Optional.empty() : Optional.of(new StrictNode(file, join(key), child));
    }

    /** A finite number at a key. */
    public double number(String key) {
        return at(key).asNumber();
    }

    /** A number that is not negative. */
    public double amount(String key) {
        return at(key).asAmount();
    }

    /** A number above zero. */
    public double positive(String key) {
        StrictNode child = at(key);
        double value = child.asNumber();
        if (!(value > 0)) {
            throw child.wrong("a number above zero");
        }
        return value;
    }

    /** A number, empty where it is missing or null. */
    public OptionalDouble findNumber(String key) {
        var child = find(key);
        return child.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(child.get().asNumber());
    }

    /** A whole number from zero. */
    public int count(String key) {
        StrictNode child = at(key);
        if (!child.node.isIntegralNumber() || !child.node.canConvertToInt() || child.node.intValue() < 0) {
            throw child.wrong("a whole number from zero");
        }
        return child.node.intValue();
    }

    /** A whole number of any sign. */
    public long whole(String key) {
        StrictNode child = at(key);
        if (!child.node.isIntegralNumber() || !child.node.canConvertToLong()) {
            throw child.wrong("a whole number");
        }
        return child.node.longValue();
    }

    /** A text at a key. */
    public String text(String key) {
        return at(key).asText();
    }

    /** A text, empty where it is missing or null. */
    public Optional<String> findText(String key) {
        return find(key).map(StrictNode::asText);
    }

    /** True or false at a key. */
    public boolean flag(String key) {
        StrictNode child = at(key);
        if (!child.node.isBoolean()) {
            throw child.wrong("true or false");
        }
        return child.node.booleanValue();
    }

    /** Whether this is an object. */
    public boolean isObject() {
        return node.isObject();
    }

    /** The elements of this array; none of anything else. */
    public List<StrictNode> elements() {
        var elements = new ArrayList<StrictNode>();
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            elements.add(new StrictNode(file, path + "[" + i + "]", node.get(i)));
        }
        return elements;
    }

    /** This value as it stands in the document. */
    public String shown() {
        return node.isTextual() ? node.textValue() : node.toString();
    }

    /** The elements of an array at a key. */
    public List<StrictNode> list(String key) {
        StrictNode child = at(key);
        if (!child.node.isArray()) {
            throw child.wrong("an array");
        }
        return child.elements();
    }

    /** The texts of an array at a key. */
    public List<String> texts(String key) {
        return list(key).stream().map(StrictNode::asText).toList();
    }

    /** The members of the object at a key, in their order. */
    public Map<String, StrictNode> members(String key) {
        StrictNode child = at(key);
        if (!child.node.isObject()) {
            throw child.wrong("an object");
        }
        var members = new LinkedHashMap<String, StrictNode>();
        child.node
                .properties()
                .forEach(e -> members.put(e.getKey(), new StrictNode(file, child.join(e.getKey()), e.getValue())));
        return members;
    }

    /** The object at a key as numbers that are not negative. */
    public Map<String, Double> amounts(String key) {
        var amounts = new LinkedHashMap<String, Double>();
        members(key).forEach((name, value) -> amounts.put(name, value.asAmount()));
        return amounts;
    }

    /** The keys of this object, in their order. */
    public List<String> keys() {
        var keys = new ArrayList<String>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** This value as a text. */
    public String asText() {
        if (!node.isTextual()) {
            throw wrong("a text");
        }
        return node.textValue();
    }

    /** This value as a finite number. */
    public double asNumber() {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong("a number");
        }
        return node.doubleValue();
    }

    /** This value as a number that is not negative. */
    public double asAmount() {
        double value = asNumber();
        if (value < 0) {
            throw wrong("a number from zero");
        }
        return value;
    }

    /** A complaint about this value. */
    public MalformedInputException wrong(String expected) {
        String shown =
                node.isContainerNode() ? node.getNodeType().name().toLowerCase(java.util.Locale.ROOT) : node.toString();
        return new MalformedInputException(file + ": " + (path.isEmpty() ? "the document" : path) + " is " + shown
                + ", expected " + expected + ": restore the file or make it again");
    }

    private String join(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
