package me.musclemap.capacity.solve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/** The outputs of one case. A number that is not finite has no meaning as an output: it is left out, or null in a list. */
final class Answer {
    private final ObjectNode node = JsonNodeFactory.instance.objectNode();

    /** An answer that is no number: why there is none. */
    static Answer infeasible(Reason reason, String message) {
        return new Answer().because(reason, message);
    }

    /** Why a case has no number. */
    enum Reason {
        UNSTABLE("unstable"),
        INFEASIBLE("infeasible"),
        NOT_IDENTIFIABLE("notIdentifiable"),
        INVALID_INPUT("invalidInput");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    Answer because(Reason reason, String message) {
        node.put("feasible", false);
        node.put("reason", reason.text);
        node.put("message", message);
        return this;
    }

    Answer put(String key, double value) {
        if (Double.isFinite(value)) {
            node.put(key, value);
        }
        return this;
    }

    Answer put(String key, OptionalDouble value) {
        return value.isPresent() ? put(key, value.getAsDouble()) : this;
    }

    /** A number, or null where it is known that there is none. */
    Answer putOrNull(String key, OptionalDouble value) {
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
            node.put(key, value.getAsDouble());
        } else {
            node.putNull(key);
        }
        return this;
    }

    Answer put(String key, long value) {
        node.put(key, value);
        return this;
    }

    Answer put(String key, boolean value) {
        node.put(key, value);
        return this;
    }

    Answer put(String key, String value) {
        node.put(key, value);
        return this;
    }

    Answer put(String key, double[] values) {
        node.set(key, list(values));
        return this;
    }

    Answer put(String key, double[][] rows) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (double[] row : rows) {
            list.add(list(row));
        }
        node.set(key, list);
        return this;
    }

    Answer put(String key, Answer part) {
        node.set(key, part.node);
        return this;
    }

    /** The list, or its only value where the input was a single number. */
    Answer putAs(boolean asList, String key, double[] values) {
        return asList ? put(key, values) : put(key, values[0]);
    }

    private static ArrayNode list(double[] values) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (double value : values) {
            if (Double.isFinite(value)) {
                list.add(value);
            } else {
                list.addNull();
            }
        }
        return list;
    }

    ObjectNode node() {
        return node;
    }
}
