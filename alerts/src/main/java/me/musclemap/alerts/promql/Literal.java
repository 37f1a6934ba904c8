package me.musclemap.alerts.promql;

import java.util.List;
import java.util.stream.Stream;

/** A number written out. */
record Literal(double value) implements Expr {
    @Override
    public Stream<Selector> selectors() {
        return Stream.empty();
    }

    @Override
    public Shape shape(Facts facts, List<String> problems) {
        return Shape.scalar(Double.isNaN(value) ? Span.ANY : Span.of(value));
    }
}
