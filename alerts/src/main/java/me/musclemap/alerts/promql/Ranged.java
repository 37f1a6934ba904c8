package me.musclemap.alerts.promql;

import java.util.List;
import java.util.stream.Stream;

/** A selector or a subquery over a stretch of time. */
record Ranged(Expr inner, boolean subquery) implements Expr {
    @Override
    public Stream<Selector> selectors() {
        return inner.selectors();
    }

    @Override
    public Shape shape(Facts facts, List<String> problems) {
        return inner.shape(facts, problems);
    }
}
