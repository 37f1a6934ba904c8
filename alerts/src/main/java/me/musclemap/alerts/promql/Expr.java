package me.musclemap.alerts.promql;

import java.util.List;
import java.util.stream.Stream;

/** A PromQL expression. */
public sealed interface Expr permits Literal, Text, Selector, Ranged, Call, Aggregate, Binary {
    /** Every selector in it, from left to right. */
    Stream<Selector> selectors();

    /**
     * What it gives, as far as can be known.
     *
     * @param problems takes one sentence for each thing that is wrong
     */
    Shape shape(Facts facts, List<String> problems);
}
