package me.musclemap.capacity.measure;

import java.util.Map;
import java.util.Optional;

/**
 * One window of a run: what was asked, what was served and what the machine spent on it.
 *
 * @param role warm-up, idle, probe, fit, held-out or scenario
 * @param cores of the system under test
 * @param offeredPerSecond headline requests, by intended start
 * @param servedPerSecond headline requests that succeeded
 * @param finished operation to requests that ended here, failed ones included: they cost CPU too
 * @param failed how many of those failed
 * @param service latency from the send; empty without a request
 * @param excluded why the recorder leaves the window out, or empty
 * @param use CPU by station; empty for a window that was not watched
 */
public record Window(
        int index,
        int restart,
        String role,
        double durationSeconds,
        String mixName,
        double cores,
        Dataset dataset,
        double offeredPerSecond,
        double servedPerSecond,
        double telemetryPerSecond,
        int sockets,
        Map<String, Long> finished,
        long failed,
        Optional<Latency> service,
        Optional<Latency> corrected,
        double stealRatio,
        Optional<String> excluded,
        Optional<StationUse> use) {
    public Window {
        finished = Map.copyOf(finished);
    }

    /** How large the data were. */
    public record Dataset(int users, int workouts) {}

    /** A distribution of response times in seconds, as its recorder summed it up. */
    public record Latency(long count, double mean, double p50, double p95, double p99, double max) {}

    /** The same where the system under test had other cores. */
    Window onCores(double others) {
        return new Window(
                index,
                restart,
                role,
                durationSeconds,
                mixName,
                others,
                dataset,
                offeredPerSecond,
                servedPerSecond,
                telemetryPerSecond,
                sockets,
                finished,
                failed,
                service,
                corrected,
                stealRatio,
                excluded,
                use);
    }

    /** Requests that ended in the window, of all classes. */
    public long finishedTotal() {
        return finished.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Share of requests that failed, 0 without a request. */
    public double failedRatio() {
        long total = finishedTotal();
        return total == 0 ? 0 : (double) failed / total;
    }
}
