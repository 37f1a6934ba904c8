package me.musclemap.alerts.promql;

import java.util.Set;
import java.util.TreeSet;

/**
 * What an expression gives.
 *
 * @param vector false for a scalar or a string
 * @param labels every label a sample may carry
 * @param anyLabel whether a sample may carry others too
 * @param span the values it can take
 * @param kind what the samples are
 */
public record Shape(boolean vector, Set<String> labels, boolean anyLabel, Span span, Fact.Kind kind) {
    /** Copies the labels. */
    public Shape {
        labels = Set.copyOf(labels);
    }

    static Shape scalar(Span span) {
        return new Shape(false, Set.of(), false, span, Fact.Kind.GAUGE);
    }

    static Shape vector(Set<String> labels, Span span) {
        return new Shape(true, labels, false, span, Fact.Kind.GAUGE);
    }

    Shape withSpan(Span changed) {
        return new Shape(vector, labels, anyLabel, changed, Fact.Kind.GAUGE);
    }

    Shape withLabels(Set<String> changed) {
        return new Shape(vector, changed, anyLabel, span, Fact.Kind.GAUGE);
    }

    Shape plusLabel(String label) {
        var all = new TreeSet<>(labels);
        all.add(label);
        return withLabels(all);
    }

    boolean has(String label) {
        return anyLabel || labels.contains(label);
    }
}
