package me.musclemap.capacity.measure;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the stations used in one window.
 *
 * @param durationSeconds as the agent measured it
 * @param stations station to its use
 * @param counters selected series of the stations' own metrics
 */
public record StationUse(double durationSeconds, Map<String, Usage> stations, Map<String, Double> counters) {
    private static final Pattern NAMED = Pattern.compile("[a-z]+:");

    public StationUse {
        stations = Map.copyOf(stations);
        counters = Map.copyOf(counters);
    }

    /**
     * Whether a station's own metrics were read in this window: without them there is nothing to count, which is not a count of
     * zero. Series without a station's name are of a record with one station's metrics.
     */
    public boolean counted(String station) {
        return counters.keySet().stream()
                .anyMatch(name ->
                        name.startsWith(station + ":") || !NAMED.matcher(name).lookingAt());
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
