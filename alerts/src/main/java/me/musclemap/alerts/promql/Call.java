package me.musclemap.alerts.promql;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A function applied to its arguments. */
record Call(String function, List<Expr> arguments) implements Expr {
    private static final Set<String> OVER_COUNTERS = Set.of("rate", "irate", "increase");
    private static final Set<String> OVER_RANGES = Set.of(
            "avg_over_time",
            "min_over_time",
            "max_over_time",
            "last_over_time",
            "sum_over_time",
            "count_over_time",
            "quantile_over_time",
            "stddev_over_time",
            "present_over_time",
            "changes",
            "resets",
            "delta",
            "idelta",
            "deriv",
            "predict_linear",
            "absent_over_time");
    private static final Set<String> KEEPS = Set.of(
            "sort",
            "sort_desc",
            "avg_over_time",
            "min_over_time",
            "max_over_time",
            "last_over_time",
            "quantile_over_time",
            "round",
            "ceil",
            "floor");

    Call {
        arguments = List.copyOf(arguments);
    }

    @Override
    public Stream<Selector> selectors() {
        return arguments.stream().flatMap(Expr::selectors);
    }

    @Override
    public Shape shape(Facts facts, List<String> problems) {
        var shapes = arguments.stream()
                .map(argument -> argument.shape(facts, problems))
                .toList();
        if (OVER_COUNTERS.contains(function) || OVER_RANGES.contains(function)) {
            return overRange(shapes, problems);
        }
        var first = shapes.isEmpty() ? Shape.scalar(Span.ANY) : shapes.get(0);
        return switch (function) {
            case "histogram_quantile" -> quantile(shapes, facts, problems);
            case "vector" -> Shape.vector(Set.of(), first.span());
            case "scalar" -> Shape.scalar(first.span());
            case "absent" -> Shape.vector(Set.of(), Span.of(1));
            case "abs" -> first.withSpan(absolute(first.span()));
            case "clamp_max" -> first.withSpan(clamped(first.span(), new Span(Double.NEGATIVE_INFINITY, bound(1))));
            case "clamp_min" -> first.withSpan(clamped(first.span(), new Span(bound(1), Double.POSITIVE_INFINITY)));
            case "clamp" -> first.withSpan(clamped(first.span(), new Span(bound(1), bound(2))));
            case "time", "timestamp" -> first.withSpan(Span.NOT_NEGATIVE);
            case "days_in_month" -> first.withSpan(new Span(28, 31));
            case "hour" -> first.withSpan(new Span(0, 23));
            case "day_of_week" -> first.withSpan(new Span(0, 6));
            case "label_replace", "label_join" ->
                arguments.size() > 1 && arguments.get(1) instanceof Text text ? first.plusLabel(text.value()) : first;
            case "sqrt", "exp" -> first.withSpan(Span.NOT_NEGATIVE);
            case "ln", "log2", "log10", "sgn" -> first.withSpan(Span.ANY);
            default -> {
                if (!KEEPS.contains(function)) {
                    problems.add("unknown function " + function);
                }
                yield first;
            }
        };
    }

    private Shape overRange(List<Shape> shapes, List<String> problems) {
        int at = function.equals("quantile_over_time") ? 1 : 0;
        if (shapes.size() <= at || !(arguments.get(at) instanceof Ranged ranged)) {
            problems.add(function + " needs a range such as [5m]");
            return Shape.vector(Set.of(), Span.ANY);
        }
        var inner = shapes.get(at);
        boolean counter = inner.kind() != Fact.Kind.GAUGE;
        if (OVER_COUNTERS.contains(function) && !counter && !ranged.subquery()) {
            problems.add(function + " of a gauge: a fall would be read as a counter reset; use deriv or delta");
        }
        if ((function.equals("deriv") || function.equals("predict_linear") || function.equals("delta")) && counter) {
            problems.add(function + " of a counter: a restart would look like a fall; use rate");
        }
        var kind = OVER_COUNTERS.contains(function) && inner.kind() == Fact.Kind.BUCKET
                ? Fact.Kind.BUCKET
                : Fact.Kind.GAUGE;
        return new Shape(true, inner.labels(), inner.anyLabel(), rangeSpan(inner.span()), kind);
    }

    private Span rangeSpan(Span inner) {
        if (KEEPS.contains(function)) {
            return inner;
        }
        return switch (function) {
            case "deriv", "delta", "idelta", "predict_linear" -> Span.ANY;
            case "absent_over_time", "present_over_time" -> Span.of(1);
            case "sum_over_time" -> inner.low() >= 0 ? Span.NOT_NEGATIVE : Span.ANY;
            default -> Span.NOT_NEGATIVE;
        };
    }

    /** A quantile is interpolated inside the finite buckets: it never exceeds the highest of them. */
    private Shape quantile(List<Shape> shapes, Facts facts, List<String> problems) {
        if (shapes.size() != 2) {
            problems.add("histogram_quantile needs a quantile and buckets");
            return Shape.vector(Set.of(), Span.ANY);
        }
        var buckets = shapes.get(1);
        if (buckets.kind() != Fact.Kind.BUCKET) {
            problems.add("histogram_quantile needs the rate of a _bucket series");
        } else if (!buckets.has("le")) {
            problems.add("histogram_quantile needs the label le: keep it in the aggregation");
        }
        var kept = new TreeSet<>(buckets.labels());
        kept.remove("le");
        double highest = selectors()
                .flatMap(selector -> facts.of(selector.name()).stream())
                .mapToDouble(Fact::highestBucket)
                .max()
                .orElse(Double.POSITIVE_INFINITY);
        return new Shape(true, kept, buckets.anyLabel(), new Span(0, highest), Fact.Kind.GAUGE);
    }

    private double bound(int index) {
        if (arguments.size() > index && arguments.get(index) instanceof Literal number) {
            return number.value();
        }
        return index == 1 && !function.equals("clamp_max") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    private static Span clamped(Span span, Span to) {
        return span.isEmpty()
                ? span
                : new Span(
                        Math.min(Math.max(span.low(), to.low()), to.high()),
                        Math.min(Math.max(span.high(), to.low()), to.high()));
    }

    private static Span absolute(Span span) {
        if (span.isEmpty() || span.low() >= 0) {
            return span;
        }
        return new Span(span.high() < 0 ? -span.high() : 0, Math.max(-span.low(), span.high()));
    }
}
