package me.musclemap.capacity.solve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.DoublePredicate;

/** The inputs of one case, read by key and checked. */
final class Inputs {
    private final JsonNode node;

    Inputs(JsonNode node) {
        this.node = node;
    }

    /** Whether {@code key} is there and is not null. */
    boolean has(String key) {
        return node.hasNonNull(key);
    }

    boolean hasAll(String... keys) {
        for (String key : keys) {
            if (!has(key)) {
                return false;
            }
        }
        return true;
    }

    boolean isList(String key) {
        return node.path(key).isArray();
    }

    JsonNode node(String key) {
        return node.path(key);
    }

    private JsonNode required(String key) {
        if (!has(key)) {
            throw new InvalidInputException(key, "is missing");
        }
        return node.get(key);
    }

    String text(String key, String otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!node.get(key).isTextual()) {
            throw new InvalidInputException(key, node.get(key) + " is not a text");
        }
        return node.get(key).textValue();
    }

    /** A finite number. */
    double number(String key) {
        return number(key, required(key));
    }

    private static double number(String key, JsonNode value) {
        if (!value.isNumber()) {
            throw new InvalidInputException(key, value + " is not a number");
        }
        double number = value.doubleValue();
        if (!Double.isFinite(number)) {
            throw new InvalidInputException(key, number + " is not finite");
        }
        return number;
    }

    private static double require(String key, double value, DoublePredicate allowed, String rule) {
        if (!allowed.test(value)) {
            throw new InvalidInputException(key, value + " must be " + rule);
        }
        return value;
    }

    double positive(String key) {
        return require(key, number(key), v -> v > 0, "above 0");
    }

    double positive(String key, double otherwise) {
        return has(key) ? positive(key) : otherwise;
    }

    double notNegative(String key) {
        return require(key, number(key), v -> v >= 0, "0 or more");
    }

    double notNegative(String key, double otherwise) {
        return has(key) ? notNegative(key) : otherwise;
    }

    /** A number from 0 to 1. */
    double share(String key) {
        return require(key, number(key), v -> v >= 0 && v <= 1, "from 0 to 1");
    }

    double share(String key, double otherwise) {
        return has(key) ? share(key) : otherwise;
    }

    /** A number between 0 and 1, neither of them. */
    double innerShare(String key, double otherwise) {
        return has(key) ? require(key, number(key), v -> v > 0 && v < 1, "between 0 and 1") : otherwise;
    }

    /** A whole number in a range. */
    int count(String key, int least, int most) {
        return whole(key, number(key), least, most);
    }

    int count(String key, int least, int most, int otherwise) {
        return has(key) ? count(key, least, most) : otherwise;
    }

    private static int whole(String key, double value, int least, int most) {
        return (int) require(
                key,
                value,
                v -> v == Math.rint(v) && v >= least && v <= most,
                "a whole number from " + least + " to " + most);
    }

    /** A list of finite numbers; a single number is a list of one. */
    double[] numbers(String key) {
        return numbers(key, required(key));
    }

    private static double[] numbers(String key, JsonNode value) {
        if (!value.isArray()) {
            return new double[] {number(key, value)};
        }
        double[] numbers = new double[value.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(key + "[" + i + "]", value.get(i));
        }
        return numbers;
    }

    double[] notNegatives(String key) {
        double[] numbers = numbers(key);
        for (int i = 0; i < numbers.length; i++) {
            require(key + "[" + i + "]", numbers[i], v -> v >= 0, "0 or more");
        }
        return numbers;
    }

    /** The same, where {@code Infinity}, as a number or a text, is a value too. */
    double[] notNegativesOrInfinite(String key) {
        JsonNode value = required(key);
        double[] numbers = new double[value.isArray() ? value.size() : 1];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode one = value.isArray() ? value.get(i) : value;
            String name = value.isArray() ? key + "[" + i + "]" : key;
            numbers[i] = isInfinity(one)
                    ? Double.POSITIVE_INFINITY
                    : require(name, number(name, one), v -> v >= 0, "0 or more");
        }
        return numbers;
    }

    private static boolean isInfinity(JsonNode value) {
        return value.isTextual()
                ? value.textValue().matches("(?i)inf(inity|inite)?")
                : value.isNumber() && value.doubleValue() == Double.POSITIVE_INFINITY;
    }

    int[] counts(String key, int least, int most) {
        double[] numbers = numbers(key);
        int[] counts = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            counts[i] = whole(key + "[" + i + "]", numbers[i], least, most);
        }
        return counts;
    }

    /** Rows of finite numbers; a list of numbers is one row. */
    double[][] rows(String key) {
        JsonNode value = required(key);
        if (!value.isArray()) {
            throw new InvalidInputException(key, "give a list of rows");
        }
        if (value.size() > 0 && !value.get(0).isArray()) {
            return new double[][] {numbers(key, value)};
        }
        double[][] rows = new double[value.size()][];
        for (int i = 0; i < rows.length; i++) {
            if (!value.get(i).isArray()) {
                throw new InvalidInputException(key + "[" + i + "]", "give a list of numbers, as in row 0");
            }
            rows[i] = numbers(key + "[" + i + "]", value.get(i));
        }
        return rows;
    }

    /** Rows of numbers that are not negative, each of {@code columns}. */
    double[][] notNegativeRows(String key, int columns) {
        double[][] rows = rows(key);
        for (int i = 0; i < rows.length; i++) {
            requireLength(key + "[" + i + "]", rows[i].length, columns);
            for (int j = 0; j < columns; j++) {
                require(key + "[" + i + "][" + j + "]", rows[i][j], v -> v >= 0, "0 or more");
            }
        }
        return rows;
    }

    static void requireLength(String key, int length, int wanted) {
        if (length != wanted) {
            throw new InvalidInputException(key, "has " + length + " values, " + wanted + " are needed");
        }
    }
}
