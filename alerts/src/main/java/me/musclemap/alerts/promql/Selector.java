package me.musclemap.alerts.promql;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The samples of a metric whose labels meet the conditions. The name is empty when only conditions are given. */
public record Selector(String name, List<LabelMatcher> matchers) implements Expr {
    /** Copies the conditions. */
    public Selector {
        matchers = List.copyOf(matchers);
    }

    @Override
    public Stream<Selector> selectors() {
        return Stream.of(this);
    }

    @Override
    public Shape shape(Facts facts, List<String> problems) {
        if (name.isEmpty()) {
            problems.add("a selector without a metric name reads every series: name the metric");
            return new Shape(true, Set.of(), true, Span.ANY, Fact.Kind.GAUGE);
        }
        var fact = facts.of(name);
        if (fact.isEmpty()) {
            problems.add("unknown metric " + name + ": it is neither in the catalogue nor recorded by an earlier rule");
            return new Shape(true, Set.of(), true, Span.ANY, Fact.Kind.GAUGE);
        }
        for (var matcher : matchers) {
            if (!fact.get().anyLabel() && !fact.get().labels().contains(matcher.label())) {
                problems.add("%s has no label %s: it has %s"
                        .formatted(name, matcher.label(), sorted(fact.get().labels())));
            }
        }
        var known = fact.get();
        return new Shape(true, known.labels(), known.anyLabel(), known.span(), known.kind());
    }

    /** Whether every sample this selects is one that the other selects too. */
    boolean isPartOf(Selector other) {
        return name.equals(other.name) && new HashSet<>(matchers).containsAll(other.matchers);
    }

    static String sorted(Set<String> labels) {
        return labels.isEmpty() ? "none" : labels.stream().sorted().collect(Collectors.joining(", "));
    }
}
