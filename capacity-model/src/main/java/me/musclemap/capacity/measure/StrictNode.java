package me.musclemap.capacity.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
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

    /** The elements of an array at a key. */
    public List<StrictNode> list(String key) {
        StrictNode child = at(key);
        if (!child.node.isArray()) {
            throw child.wrong("an array");
        }
        var elements = new ArrayList<StrictNode>();
        for (int i = 0; i < child.node.size(); i++) {
            elements.add(new StrictNode(file, child.path + "[" + i + "]", child.node.get(i)));
        }
        return elements;
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
