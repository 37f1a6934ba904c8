package me.musclemap.capacity.measure;

import java.util.Map;
import java.util.Optional;

/**
 * One time that work which comes at intervals was done by itself and measured. Immutable.
 *
 * @param everySeconds how often it comes when nobody measures
 * @param cpuSeconds by station, what the idle machine uses in as long taken off
 * @param excluded why it does not count, if it does not
 */
public record PeriodicRun(
        String name,
        double everySeconds,
        int restart,
        double durationSeconds,
        Window.Dataset dataset,
        Map<String, Double> cpuSeconds,
        Optional<String> excluded) {
    public PeriodicRun {
        cpuSeconds = Map.copyOf(cpuSeconds);
    }

    /** CPU seconds at all stations. */
    public double totalCpuSeconds() {
        return cpuSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
