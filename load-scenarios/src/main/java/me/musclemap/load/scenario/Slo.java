package me.musclemap.load.scenario;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the person wants to hold at the same time, written {@code p99<1s,errors<1%}. Latencies are those from the intended start.
 * Immutable.
 */
public record Slo(List<Objective> objectives) {
    /** What an objective limits. */
    public enum Metric {
        P50("p50", true, Figures::p50),
        P95("p95", true, Figures::p95),
        P99("p99", true, Figures::p99),
        MAX("max", true, Figures::max),
        ERRORS("errors", false, Figures::errorRatio);

        private final String written;
        private final boolean time;

        @SuppressWarnings("ImmutableEnumChecker") // a method reference to a record's accessor holds nothing
        private final ToDoubleFunction<Figures> figure;

        Metric(String written, boolean time, ToDoubleFunction<Figures> figure) {
            this.written = written;
            this.time = time;
            this.figure = figure;
        }
    }

    /**
     * One limit; a figure at or above it misses.
     *
     * @param limit seconds, or a share from 0 to 1 for errors
     */
    public record Objective(Metric metric, double limit) {
        public Objective {
            if (!(limit > 0) || !Double.isFinite(limit)) {
                throw new IllegalArgumentException("a limit above 0 is needed, was " + limit);
            }
        }

        double value(Figures figures) {
            return metric.figure.applyAsDouble(figures);
        }

        boolean met(Figures figures) {
            return value(figures) < limit;
        }

        String shown(double value) {
            return metric.time ? seconds(value) : percent(value);
        }

        @Override
        public String toString() {
            return metric.written + "<" + (metric.time ? seconds(limit) : percent(limit));
        }
    }

    private static final Pattern OBJECTIVE = Pattern.compile("([a-z0-9]+)\\s*<\\s*([0-9]*\\.?[0-9]+)\\s*(us|ms|s|%)");

    public Slo {
        objectives = List.copyOf(objectives);
    }

    /**
     * Reads it as it is written on a command line.
     *
     * @throws IllegalArgumentException with what is wrong and how to write it
     */
    public static Slo parse(String text) {
        var objectives = new ArrayList<Objective>();
        for (var part : text.split(",", -1)) {
            objectives.add(objective(part.strip()));
        }
        return new Slo(objectives);
    }

    private static Objective objective(String text) {
        var read = OBJECTIVE.matcher(text.toLowerCase(Locale.ROOT));
        if (!read.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no objective: write for example p99<1s or errors<1%, several with commas");
        }
        var metric = Arrays.stream(Metric.values())
                .filter(known -> known.written.equals(read.group(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' limits nothing known: use one of "
                        + Arrays.stream(Metric.values())
                                .map(known -> known.written)
                                .collect(Collectors.joining(", "))));
        var unit = read.group(3);
        if (metric.time == unit.equals("%")) {
            throw new IllegalArgumentException(
                    "'" + text + "': " + (metric.time ? "a time ends in us, ms or s" : "a share ends in %"));
        }
        double factor = switch (unit) {
            case "us" -> 1e-6;
            case "ms" -> 1e-3;
            case "%" -> 1e-2;
            default -> 1;
        };
        double limit = Double.parseDouble(read.group(2)) * factor;
        if (!(limit > 0)) {
            throw new IllegalArgumentException("'" + text + "' cannot be met at any load: write a limit above 0");
        }
        return new Objective(metric, limit);
    }

    /** The limit of the 99th percentile in seconds, where there is one. */
    public OptionalDouble p99Seconds() {
        return objectives.stream()
                .filter(objective -> objective.metric() == Metric.P99)
                .mapToDouble(Objective::limit)
                .min();
    }

    /** Whether all objectives hold. */
    public boolean met(Figures figures) {
        return objectives.stream().allMatch(objective -> objective.met(figures));
    }

    /** What does not hold, in words; empty when all holds. */
    public String missed(Figures figures) {
        return objectives.stream()
                .filter(objective -> !objective.met(figures))
                .map(objective -> objective.metric().written + " " + objective.shown(objective.value(figures))
                        + " is not below " + objective.shown(objective.limit()))
                .collect(Collectors.joining(", "));
    }

    /**
     * How far the worst objective is from its limit: the natural logarithm of figure over limit. Below 0 all hold. Shares are counted
     * from a tenth of the limit on, so that no error at all is not infinitely good.
     */
    public double margin(Figures figures) {
        double worst = Double.NEGATIVE_INFINITY;
        for (var objective : objectives) {
            double floor = objective.limit() / 10;
            worst = Math.max(worst, Math.log(Math.max(objective.value(figures), floor) / objective.limit()));
        }
        return worst;
    }

    private static String seconds(double value) {
        return value < 1
                ? String.format(Locale.ROOT, value < 0.01 ? "%.2f ms" : "%.0f ms", value * 1000)
                        .replace(".00 ", " ")
                : String.format(Locale.ROOT, "%.2f s", value).replace(".00 ", " ");
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f %%", value * 100).replace(".00 ", " ");
    }

    @Override
    public String toString() {
        return objectives.stream().map(Objective::toString).collect(Collectors.joining(", "));
    }
}
