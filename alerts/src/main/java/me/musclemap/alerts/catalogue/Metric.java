package me.musclemap.alerts.catalogue;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One metric family of the catalogue.
 *
 * @param type counter, gauge, histogram or summary
 * @param unit base unit; empty for plain counts
 * @param labelValues the only values a label may have, for the labels where they are known
 */
record Metric(
        String name,
        String type,
        @Nullable String unit,
        List<String> labels,
        @Nullable Map<String, List<String>> labelValues) {}
