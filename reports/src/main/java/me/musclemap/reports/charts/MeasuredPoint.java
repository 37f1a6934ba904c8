package me.musclemap.reports.charts;

/**
 * What was measured in one window.
 *
 * @param heldOut whether the model had not seen it
 * @param utilisation of the shared cores, 0 to 1; NaN where it was not measured
 */
public record MeasuredPoint(
        double requestsPerSecond, double p95Seconds, double p99Seconds, double utilisation, boolean heldOut) {}
