package me.musclemap.load.record;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Work that comes at intervals and not with requests, done once by itself while no request was sent. Immutable.
 *
 * @param name {@code viewRefresh} or {@code checkpoint}
 * @param everySeconds how often the stack does it when nobody measures
 * @param window its number in stations.ndjson, where the whole stretch stands; no entry of the record's windows has it
 * @param durationSeconds how long the work itself took; the stretch is a little longer
 * @param dataset the data that it worked on
 * @param cpuSeconds by station, compilation and what the idle window used in as long taken off
 * @param stealRatio share of the watched cores that the hypervisor took
 * @param excluded null, or why it does not count
 */
public record PeriodicWork(
        String name,
        double everySeconds,
        int restart,
        int window,
        long startEpochMillis,
        double durationSeconds,
        Window.Size dataset,
        Map<String, Double> cpuSeconds,
        double stealRatio,
        @Nullable String excluded) {
    /** The name of the refresh of the materialised views. */
    public static final String VIEW_REFRESH = "viewRefresh";

    public PeriodicWork {
        if (!(everySeconds > 0) || !(durationSeconds >= 0)) {
            throw new IllegalArgumentException("periodic " + name + ": everySeconds=" + everySeconds
                    + ", durationSeconds=" + durationSeconds + ": an interval is above zero, a duration not below");
        }
        cpuSeconds = Ordered.copy(cpuSeconds);
        cpuSeconds.forEach((station, seconds) -> {
            if (!(seconds >= 0) || Double.isInfinite(seconds)) {
                throw new IllegalArgumentException("periodic " + name + ": cpuSeconds of " + station + "=" + seconds
                        + ": CPU seconds are finite and not negative");
            }
        });
    }

    /** The same, not counted for this reason. */
    public PeriodicWork without(String why) {
        return new PeriodicWork(
                name,
                everySeconds,
                restart,
                window,
                startEpochMillis,
                durationSeconds,
                dataset,
                cpuSeconds,
                stealRatio,
                why);
    }

    /** CPU seconds at all stations. */
    public double totalCpuSeconds() {
        return cpuSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
