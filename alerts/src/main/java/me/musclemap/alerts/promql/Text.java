package me.musclemap.alerts.promql;

import java.util.List;
import java.util.stream.Stream;

/** A string, as {@code label_replace} takes them. */
record Text(String value) implements Expr {
    @Override
    public Stream<Selector> selectors() {
        return Stream.empty();
    }

    @Override
    public Shape shape(Facts facts, List<String> problems) {
        return Shape.scalar(Span.ANY);
    }
}
