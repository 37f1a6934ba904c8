package me.musclemap.rum.beacon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as far as beacons need it: fields that no form has are passed over, since an attribution is mostly made of
 * them. Of a name that stands twice the later value counts. Not changed once it is read.
 */
final class Fields {
    /** An object without fields. */
    static final Fields NONE = new Fields();

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private static final Object NULL = new Object();
    private static final Set<String> NAMES = Set.of(
            "metrics",
            "vitals",
            "metric",
            "name",
            "value",
            "id",
            "navigationType",
            "navigationURL",
            "page",
            "timestamp",
            "entries",
            "entryType",
            "serverTiming",
            "description",
            "attribution",
            "target",
            "interactionTarget",
            "largestShiftTarget",
            "element",
            "eventTarget",
            "rel",
            "sd",
            "ect",
            "wd",
            "gpc",
            "p",
            "q",
            "s",
            "st",
            "tp",
            "u",
            "sr",
            "m",
            "c",
            "n",
            "v",
            "nt",
            "a");

    /** Name and value by turns. */
    private Object[] fields = new Object[16];

    private int size;

    private Fields() {}

    /**
     * The value that is the whole body: {@link Fields}, {@link List}, {@link String}, {@link Number}, {@link Boolean}, or
     * something else for a null.
     *
     * @throws IOException if it is not JSON, or holds more than one value
     */
    static Object read(byte[] body) throws IOException {
        try (JsonParser parser = JSON.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new JsonParseException(parser, "no value");
            }
            Object value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "more than one value");
            }
            return value;
        }
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> NULL;
        };
    }

    private static Fields object(JsonParser parser) throws IOException {
        var fields = new Fields();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            if (NAMES.contains(name)) {
                fields.put(name, value(parser, token));
            } else {
                parser.skipChildren();
            }
        }
        return fields;
    }

    private static List<Object> list(JsonParser parser) throws IOException {
        var list = new ArrayList<Object>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            list.add(value(parser, token));
        }
        return list;
    }

    private void put(String name, Object value) {
        for (int at = 0; at < size; at += 2) {
            if (fields[at].equals(name)) {
                fields[at + 1] = value;
                return;
            }
        }
        if (size == fields.length) {
            fields = Arrays.copyOf(fields, 2 * size);
        }
        fields[size] = name;
        fields[size + 1] = value;
        size += 2;
    }

    private @Nullable Object find(String name) {
        for (int at = 0; at < size; at += 2) {
            if (fields[at].equals(name)) {
                return fields[at + 1];
            }
        }
        return null;
    }

    /** Whether there is one, be it null. */
    boolean has(String name) {
        return find(name) != null;
    }

    /** Whether there is nothing, or null. */
    boolean isNone(String name) {
        Object value = find(name);
        return value == null || value == NULL;
    }

    /** A text, or a number or truth value as one; empty for anything else. */
    String text(String name) {
        return text(name, "");
    }

    /** The same, with another text for none and for null. */
    String text(String name, String otherwise) {
        Object value = find(name);
        if (value == null || value == NULL) {
            return otherwise;
        }
        return value instanceof String || value instanceof Number || value instanceof Boolean ? value.toString() : "";
    }

    /** A number; null for anything else, also for one in quotes. */
    @Nullable
    Number number(String name) {
        return find(name) instanceof Number number ? number : null;
    }

    /** Whether it is true, also in quotes or as a number. */
    boolean flag(String name) {
        Object value = find(name);
        return value instanceof Number number
                ? number.doubleValue() != 0
                : value != null && value.toString().equals("true");
    }

    /** An object; {@link #NONE} for anything else. */
    Fields object(String name) {
        return find(name) instanceof Fields object ? object : NONE;
    }

    /** A list; null for anything else. */
    @Nullable
    List<?> list(String name) {
        return find(name) instanceof List<?> list ? list : null;
    }

    /** The objects of a list; none for anything else. */
    List<Fields> objects(String name) {
        List<?> list = list(name);
        if (list == null) {
            return List.of();
        }
        var objects = new ArrayList<Fields>(list.size());
        for (Object one : list) {
            objects.add(one instanceof Fields fields ? fields : NONE);
        }
        return objects;
    }
}
