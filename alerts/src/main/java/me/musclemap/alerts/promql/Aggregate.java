package me.musclemap.alerts.promql;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** An aggregation such as {@code sum by (station) (...)}; its last argument is the vector. */
record Aggregate(String operator, boolean by, List<String> labels, List<Expr> arguments) implements Expr {
    Aggregate {
        labels = List.copyOf(labels);
        arguments = List.copyOf(arguments);
    }

    Expr vector() {
        return arguments.get(arguments.size() - 1);
    }

    @Override
    public Stream<Selector> selectors() {
        return arguments.stream().flatMap(Expr::selectors);
    }

    @Override
    public Shape shape(Facts facts, List<String> problems) {
        var inner = vector().shape(facts, problems);
        if (!inner.vector()) {
            problems.add(operator + " needs a vector, got a scalar");
        }
        for (String label : labels) {
            if (!inner.has(label)) {
                problems.add("%s %s (%s): the series below have no such label, they have %s"
                        .formatted(operator, by ? "by" : "without", label, Selector.sorted(inner.labels())));
            }
        }
        if (operator.equals("topk") || operator.equals("bottomk")) {
            return inner;
        }
        var kept = new TreeSet<>(inner.labels());
        if (by) {
            kept.retainAll(new HashSet<>(labels));
        } else {
            labels.forEach(kept::remove);
        }
        if (by && inner.anyLabel()) {
            kept.addAll(labels);
        }
        var kind = operator.equals("sum") ? inner.kind() : Fact.Kind.GAUGE;
        return new Shape(true, Set.copyOf(kept), !by && inner.anyLabel(), span(inner.span()), kind);
    }

    private Span span(Span inner) {
        return switch (operator) {
            case "sum" ->
                inner.isEmpty()
                        ? Span.NONE
                        : new Span(
                                inner.low() < 0 ? Double.NEGATIVE_INFINITY : inner.low(),
                                inner.high() > 0 ? Double.POSITIVE_INFINITY : inner.high());
            case "count", "group", "count_values" ->
                inner.isEmpty() ? Span.NONE : new Span(1, Double.POSITIVE_INFINITY);
            case "stddev", "stdvar" -> Span.NOT_NEGATIVE;
            default -> inner;
        };
    }
}
