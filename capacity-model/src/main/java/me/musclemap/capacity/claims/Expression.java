package me.musclemap.capacity.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A small arithmetic: numbers, names, + - * / ( ), and comparisons joined by {@code and}. A comparison is 1 where it holds and 0
 * where it does not. Not thread-safe: one instance reads one text once.
 */
final class Expression {
    private final String text;
    private final Map<String, Double> names;
    private int at;

    private Expression(String text, Map<String, Double> names) {
        this.text = text;
        this.names = names;
    }

    /** What an expression refers to that is not among the names. */
    static final class UnknownNameException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownNameException(String message) {
            super(message);
        }
    }

    /**
     * Evaluates.
     *
     * @throws UnknownNameException if a name has no value
     * @throws IllegalArgumentException if the text is not an expression
     */
    static double evaluate(String text, Map<String, Double> names) {
        var expression = new Expression(text, names);
        double value = expression.conjunction();
        expression.skip();
        if (expression.at != text.length()) {
            throw expression.wrong();
        }
        return value;
    }

    /** Both sides of the first comparison, or the value alone. */
    static List<Double> sides(String text, Map<String, Double> names) {
        var sides = new ArrayList<Double>();
        for (String side : text.split(" and ", 2)[0].split("<=|>=|==|<|>", -1)) {
            sides.add(evaluate(side.strip(), names));
        }
        return sides;
    }

    private double conjunction() {
        double value = comparison();
        while (take("and ")) {
            value = comparison() != 0 && value != 0 ? 1 : 0;
        }
        return value;
    }

    private double comparison() {
        double left = sum();
        for (String sign : List.of("<=", ">=", "==", "<", ">")) {
            if (take(sign)) {
                double right = sum();
                return holds(sign, left, right) ? 1 : 0;
            }
        }
        return left;
    }

    private static boolean holds(String sign, double left, double right) {
        double rounding = 1e-9 * Math.max(Math.abs(left), Math.abs(right));
        return switch (sign) {
            case "<=" -> left <= right + rounding;
            case ">=" -> left >= right - rounding;
            case "==" -> Math.abs(left - right) <= rounding;
            case "<" -> left < right - rounding;
            default -> left > right + rounding;
        };
    }

    private double sum() {
        double value = product();
        while (true) {
            if (take("+")) {
                value += product();
            } else if (take("-")) {
                value -= product();
            } else {
                return value;
            }
        }
    }

    private double product() {
        double value = atom();
        while (true) {
            if (take("*")) {
                value *= atom();
            } else if (take("/")) {
                value /= atom();
            } else {
                return value;
            }
        }
    }

    private double atom() {
        skip();
        if (take("(")) {
            double value = conjunction();
            if (!take(")")) {
                throw wrong();
            }
            return value;
        }
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        String word = text.substring(from, at);
        if (word.isEmpty()) {
            throw wrong();
        }
        if (Character.isDigit(word.charAt(0))) {
            try {
                return Double.parseDouble(word);
            } catch (NumberFormatException e) {
                throw wrong();
            }
        }
        Double value = names.get(word);
        if (value == null) {
            throw new UnknownNameException(word + " has no value here");
        }
        return value;
    }

    private boolean take(String sign) {
        skip();
        if (text.startsWith(sign, at)) {
            at += sign.length();
            return true;
        }
        return false;
    }

    private void skip() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("not an expression at character " + at + ": " + text);
    }
}
