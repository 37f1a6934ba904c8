package me.musclemap.load.scenario;

import java.util.Set;
import me.musclemap.load.record.Window;

/**
 * What an objective looks at in one stretch of time: seconds from the intended start, shares from 0 to 1, rates per second of headline
 * requests that were not refused. Latency and errors are those of users who mean well. Immutable.
 */
public record Figures(
        double p50,
        double p95,
        double p99,
        double max,
        double errorRatio,
        double offeredPerSecond,
        double servedPerSecond) {
    /** As many requests due and not one answer is silence, and no small stretch of an easy load. */
    private static final double SILENCE = 10;

    /** Those of a window; {@code headline} are the operations that count. Where nothing ended although much was due, all of it failed. */
    public static Figures of(Window window, Set<String> headline) {
        long failed = count(window.failed(), headline);
        long all = failed + count(window.completed(), headline);
        var latency = window.latencySeconds().corrected();
        // What was refused was not to be served.
        double offered = Math.max(0, window.offeredPerSecond() - window.refusedCount() / window.durationSeconds());
        boolean silent = latency == null && offered * window.durationSeconds() >= SILENCE;
        double errors = silent ? 1 : all == 0 ? 0 : (double) failed / all;
        double served = window.servedPerSecond();
        return latency == null
                ? new Figures(0, 0, 0, 0, errors, offered, served)
                : new Figures(latency.p50(), latency.p95(), latency.p99(), latency.max(), errors, offered, served);
    }

    private static long count(java.util.Map<String, Long> counts, Set<String> headline) {
        return counts.entrySet().stream()
                .filter(entry -> headline.contains(entry.getKey()))
                .mapToLong(java.util.Map.Entry::getValue)
                .sum();
    }
}
