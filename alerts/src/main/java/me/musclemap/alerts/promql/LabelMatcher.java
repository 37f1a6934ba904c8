package me.musclemap.alerts.promql;

/** One condition of a selector, such as {@code station="api"}. */
public record LabelMatcher(String label, String operator, String value) {}
