package me.musclemap.alerts.backtest;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.musclemap.alerts.InputException;
import me.musclemap.alerts.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a backtest needs of {@code run.json}: the windows, and what the load generator saw in them.
 *
 * @param probe null in a run that did not look for the knee
 */
record RecordedRun(String id, Host host, @Nullable Probe probe, List<Window> windows) {
    /** Beyond this a user is hurt: the objective of the plan. */
    private static final double SLOW_SECONDS = 1;

    private static final double FAILED_RATIO = 0.01;
    private static final double SERVED_RATIO = 0.97;

    RecordedRun {
        windows = List.copyOf(windows);
    }

    /** The machine. */
    record Host(int cores) {}

    /** Roughly where the knee is. */
    record Probe(double kneePerSecond) {}

    /**
     * A stretch of time at one rate.
     *
     * @param cores of the system; a full calibration also drives windows on more than its own
     * @param excluded null, or why its figures are not used
     */
    record Window(
            int index,
            String role,
            String mixName,
            double cores,
            long startEpochMillis,
            double durationSeconds,
            double offeredPerSecond,
            double servedPerSecond,
            Map<String, Long> completed,
            Map<String, Long> failed,
            Latencies latencySeconds,
            @Nullable String excluded) {
        /** Why users were hurt, as the generator saw it and not the server; empty when they were not. */
        String hurt() {
            double failures =
                    failed.values().stream().mapToLong(Long::longValue).sum();
            double all = failures
                    + completed.values().stream().mapToLong(Long::longValue).sum();
            var latency = latencySeconds.corrected();
            if (latency != null && latency.p99() > SLOW_SECONDS) {
                return String.format(Locale.ROOT, "p99 %.1f s", latency.p99());
            }
            if (all > 0 && failures / all > FAILED_RATIO) {
                return String.format(Locale.ROOT, "%.1f %% failed", 100 * failures / all);
            }
            if (servedPerSecond < SERVED_RATIO * offeredPerSecond) {
                return String.format(Locale.ROOT, "%.0f %% served", 100 * servedPerSecond / offeredPerSecond);
            }
            return "";
        }

        long endEpochMillis() {
            return startEpochMillis + Math.round(durationSeconds * 1000);
        }
    }

    /** Latency from the intended start; null without a request. */
    record Latencies(@Nullable Latency corrected) {}

    /** What a backtest needs of a distribution. */
    record Latency(double p99) {}

    /** The record in this directory. */
    static RecordedRun of(Path runDirectory) {
        var run = Json.read(
                runDirectory.resolve("run.json"),
                RecordedRun.class,
                "name the directory of a run that 'headroom' recorded");
        if (run.windows().isEmpty()) {
            throw new InputException(runDirectory.resolve("run.json") + ": windows=[]: nothing was driven in this run");
        }
        return run;
    }
}
