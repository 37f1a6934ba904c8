package me.musclemap.alerts.promql;

import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of a series before it is seen.
 *
 * @param kind what the samples are
 * @param labels every label it may carry
 * @param anyLabel whether it may carry others too
 * @param span the values it can take
 * @param highestBucket the highest finite bucket of a histogram, which no quantile of it exceeds; infinite otherwise
 */
public record Fact(Kind kind, Set<String> labels, boolean anyLabel, Span span, double highestBucket) {
    /** What the samples of a series are. */
    public enum Kind {
        /** Only rises; read it with {@code rate}. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** The cumulative buckets of a histogram. */
        BUCKET
    }

    /** Copies the labels. */
    public Fact {
        labels = Set.copyOf(labels);
    }

    /** What holds for both: two rules may record one name with other labels. */
    public Fact or(Fact other) {
        var all = new TreeSet<>(labels);
        all.addAll(other.labels);
        return new Fact(
                kind,
                all,
                anyLabel || other.anyLabel,
                span.or(other.span),
                Math.max(highestBucket, other.highestBucket));
    }
}
