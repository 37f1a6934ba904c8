package me.musclemap.alerts.promql;

/**
 * The values that a series can take: every value from {@code low} to {@code high}, both included. Empty when
 * {@code low > high}: no sample can come out.
 */
public record Span(double low, double high) {
    /** No value at all. */
    public static final Span NONE = new Span(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    /** Any number. */
    public static final Span ANY = new Span(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** Zero and above. */
    public static final Span NOT_NEGATIVE = new Span(0, Double.POSITIVE_INFINITY);

    /** A share of a whole. */
    public static final Span SHARE = new Span(0, 1);

    /** Exactly this value. */
    public static Span of(double value) {
        return new Span(value, value);
    }

    /** Whether no sample can come out. */
    public boolean isEmpty() {
        return !(low <= high);
    }

    Span or(Span other) {
        return new Span(Math.min(low, other.low), Math.max(high, other.high));
    }

    Span within(Span other) {
        return new Span(Math.max(low, other.low), Math.min(high, other.high));
    }

    Span plus(Span other) {
        return isEmpty() || other.isEmpty() ? NONE : new Span(low + other.low, high + other.high);
    }

    Span negated() {
        return isEmpty() ? NONE : new Span(-high, -low);
    }

    Span times(Span other) {
        if (isEmpty() || other.isEmpty()) {
            return NONE;
        }
        double a = product(low, other.low);
        double b = product(low, other.high);
        double c = product(high, other.low);
        double d = product(high, other.high);
        return new Span(Math.min(Math.min(a, b), Math.min(c, d)), Math.max(Math.max(a, b), Math.max(c, d)));
    }

    Span dividedBy(Span other) {
        if (isEmpty() || other.isEmpty()) {
            return NONE;
        }
        if (other.low > 0 || other.high < 0) {
            return times(new Span(1 / other.high, 1 / other.low));
        }
        return low >= 0 && other.low >= 0 ? NOT_NEGATIVE : ANY;
    }

    /** What is left when only values are kept for which {@code this operator other} may hold. */
    Span filtered(String operator, Span other) {
        if (isEmpty() || other.isEmpty()) {
            return NONE;
        }
        return switch (operator) {
            case ">" -> high > other.low ? new Span(Math.max(low, other.low), high) : NONE;
            case ">=" -> high >= other.low ? new Span(Math.max(low, other.low), high) : NONE;
            case "<" -> low < other.high ? new Span(low, Math.min(high, other.high)) : NONE;
            case "<=" -> low <= other.high ? new Span(low, Math.min(high, other.high)) : NONE;
            case "==" -> within(other);
            default -> this;
        };
    }

    /** Interval arithmetic takes zero times infinity as zero: the infinite end is a bound, never a value. */
    private static double product(double a, double b) {
        return a == 0 || b == 0 ? 0 : a * b;
    }
}
