package me.musclemap.telemetry.catalogue;

import java.util.Map;

/**
 * One sample of a scraped page.
 *
 * @param name with its suffix: {@code _total}, {@code _bucket}, {@code _sum}, {@code _count} or none
 * @param labels by name, in the page's order
 */
public record Sample(String name, Map<String, String> labels, double value) {
    /** Keeps the labels' order, so that {@link #series()} is stable. */
    public Sample {
        labels = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(labels));
    }

    /** The series in the usual notation, for example {@code up{job="api"}}. */
    public String series() {
        if (labels.isEmpty()) {
            return name;
        }
        var text = new StringBuilder(name).append('{');
        String separator = "";
        for (var label : labels.entrySet()) {
            text.append(separator)
                    .append(label.getKey())
                    .append("=\"")
                    .append(label.getValue())
                    .append('"');
            separator = ",";
        }
        return text.append('}').toString();
    }
}
