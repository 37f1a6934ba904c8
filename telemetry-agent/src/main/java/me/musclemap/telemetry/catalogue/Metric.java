package me.musclemap.telemetry.catalogue;

import java.util.List;
import java.util.Set;

/**
 * One metric family as Prometheus sees it.
 *
 * @param name full family name, with its unit and, for a counter, {@code _total}
 * @param type what kind of family it is
 * @param unit base unit: seconds, bytes, ratio, or empty for plain counts
 * @param labels every label a series of the family may carry, {@code le} and {@code quantile} left out
 * @param help one sentence for people
 * @param seriesLimit most label combinations one process may expose
 * @param exposedBy programs that may expose the family
 * @param perWindow whether the host agent records it with every window of a run
 */
public record Metric(
        String name,
        Type type,
        String unit,
        List<String> labels,
        String help,
        int seriesLimit,
        Set<String> exposedBy,
        boolean perWindow) {
    /** The kinds of family that Prometheus knows. */
    public enum Type {
        /** Only rises, until the process restarts. */
        COUNTER,
        /** Rises and falls. */
        GAUGE,
        /** Counts by bucket, with sum and count. */
        HISTOGRAM,
        /** Sum and count, perhaps with quantiles. */
        SUMMARY;

        /** The word of the exposition formats. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Checks the name against its type and copies the collections. */
    public Metric {
        labels = List.copyOf(labels);
        exposedBy = Set.copyOf(exposedBy);
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("metric " + name + ": use lower-case letters, digits and underscores");
        }
        if ((type == Type.COUNTER) != name.endsWith("_total")) {
            throw new IllegalArgumentException("metric " + name + ": a counter, and nothing else, ends in _total");
        }
        if (help.isBlank()) {
            throw new IllegalArgumentException("metric " + name + ": needs a help sentence");
        }
        if (seriesLimit < 1) {
            throw new IllegalArgumentException(
                    "metric " + name + ": seriesLimit must be at least 1, was " + seriesLimit);
        }
        if (labels.size() != Set.copyOf(labels).size()) {
            throw new IllegalArgumentException("metric " + name + ": a label is named twice in " + labels);
        }
    }
}
