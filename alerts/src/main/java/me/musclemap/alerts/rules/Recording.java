package me.musclemap.alerts.rules;

import java.util.Map;
import java.util.TreeMap;

/** A recording rule: the series {@code name} is what {@code expr} gives, with these labels added. */
public record Recording(String name, String expr, Map<String, String> labels) {
    /** Copies the labels in the order of their names. */
    public Recording {
        labels = new TreeMap<>(labels);
    }

    static Recording of(String name, String expr) {
        return new Recording(name, expr, Map.of());
    }
}
