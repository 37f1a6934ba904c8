package me.musclemap.capacity.measure;

import java.util.Map;

/**
 * What the stations used in one window.
 *
 * @param durationSeconds as the agent measured it
 * @param stations station to its use
 * @param counters selected series of the stations' own metrics
 */
public record StationUse(double durationSeconds, Map<String, Usage> stations, Map<String, Double> counters) {
    public StationUse {
        stations = Map.copyOf(stations);
        counters = Map.copyOf(counters);
    }

    /**
     * One station's use.
     *
     * @param cpuSeconds all of it
     * @param jitSeconds the part spent compiling, which a long-running service no longer spends
     */
    public record Usage(double cpuSeconds, double jitSeconds, double residentBytes) {
        /** CPU seconds without compilation, never negative. */
        public double steadyCpuSeconds() {
            return Math.max(0, cpuSeconds - jitSeconds);
        }
    }
}
