package me.musclemap.reports.record;

import java.util.Map;

/** One line of stations.ndjson: the CPU that each station used in one window. */
public record StationWindow(int schemaVersion, int window, double durationSeconds, Map<String, Usage> stations) {
    /** What a station used; CPU seconds of all its processes. */
    public record Usage(double cpuSeconds) {}
}
