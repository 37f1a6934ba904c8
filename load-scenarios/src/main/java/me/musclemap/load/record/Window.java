package me.musclemap.load.record;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stretch of time at one rate and mix. Immutable. Rates are per second and of headline classes unless named
 * otherwise.
 *
 * @param mixName {@code workload} for the workload's own mix
 * @param cores cores of the system under test in this window
 * @param scheduledPerSecond what the plan of the window asked for
 * @param offeredPerSecond requests whose intended start fell into the window
 * @param servedPerSecond requests that succeeded in the window and were not refused
 * @param residents distinct users awake
 * @param completed operation to requests that ended in the window with an answer that may be: succeeded, or refused where that should
 *     happen. What was refused cost something too
 * @param failed operation to failed requests that ended in the window
 * @param slipP99Seconds send minus intended start, 99th percentile; null without a request
 * @param stealRatio share of the watched cores that the hypervisor took
 * @param repeatOf the index of the window that this one repeats, or null
 * @param answers of a held-out window: sha256 of the sealed prediction
 * @param excluded null, or why the fit leaves this window out
 * @param refused operation and how it was refused, with how often; of abuse alone, null without any
 * @param regions latency from the intended start as it is seen in each region, null where the workload has none
 */
public record Window(
        int index,
        int restart,
        Role role,
        long startEpochMillis,
        double durationSeconds,
        String mixName,
        double cores,
        Size dataset,
        double scheduledPerSecond,
        double offeredPerSecond,
        double servedPerSecond,
        double telemetryPerSecond,
        int residents,
        int sockets,
        Map<String, Long> completed,
        Map<String, Long> failed,
        Latencies latencySeconds,
        @Nullable Double slipP99Seconds,
        GeneratorHealth generator,
        double stealRatio,
        @Nullable Integer repeatOf,
        @Nullable String answers,
        @Nullable String excluded,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Long> refused,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Latency> regions) {
    public Window {
        if (!(durationSeconds > 0)) {
            throw new IllegalArgumentException(
                    "windows[" + index + "].durationSeconds=" + durationSeconds + ": a window lasts longer than zero");
        }
        for (var rate : new double[] {scheduledPerSecond, offeredPerSecond, servedPerSecond, telemetryPerSecond}) {
            if (!(rate >= 0) || Double.isInfinite(rate)) {
                throw new IllegalArgumentException(
                        "windows[" + index + "]: a rate is " + rate + "/s; rates are finite and not negative");
            }
        }
        completed = Ordered.copy(completed);
        failed = Ordered.copy(failed);
        refused = refused == null || refused.isEmpty() ? null : Ordered.copy(refused);
        regions = regions == null || regions.isEmpty() ? null : Ordered.copy(regions);
    }

    /** A window of a workload without abuse and regions. */
    public Window(
            int index,
            int restart,
            Role role,
            long startEpochMillis,
            double durationSeconds,
            String mixName,
            double cores,
            Size dataset,
            double scheduledPerSecond,
            double offeredPerSecond,
            double servedPerSecond,
            double telemetryPerSecond,
            int residents,
            int sockets,
            Map<String, Long> completed,
            Map<String, Long> failed,
            Latencies latencySeconds,
            @Nullable Double slipP99Seconds,
            GeneratorHealth generator,
            double stealRatio,
            @Nullable Integer repeatOf,
            @Nullable String answers,
            @Nullable String excluded) {
        this(
                index,
                restart,
                role,
                startEpochMillis,
                durationSeconds,
                mixName,
                cores,
                dataset,
                scheduledPerSecond,
                offeredPerSecond,
                servedPerSecond,
                telemetryPerSecond,
                residents,
                sockets,
                completed,
                failed,
                latencySeconds,
                slipP99Seconds,
                generator,
                stealRatio,
                repeatOf,
                answers,
                excluded,
                null,
                null);
    }

    /** The same window, left out of the fit for this reason. */
    public Window without(String why) {
        return new Window(
                index,
                restart,
                role,
                startEpochMillis,
                durationSeconds,
                mixName,
                cores,
                dataset,
                scheduledPerSecond,
                offeredPerSecond,
                servedPerSecond,
                telemetryPerSecond,
                residents,
                sockets,
                completed,
                failed,
                latencySeconds,
                slipP99Seconds,
                generator,
                stealRatio,
                repeatOf,
                answers,
                why,
                refused,
                regions);
    }

    /** Requests that were refused as they should be. */
    public long refusedCount() {
        return refused == null
                ? 0
                : refused.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests that succeeded in the window, telemetry included. */
    public long completedCount() {
        return completed.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests that failed in the window, telemetry included. */
    public long failedCount() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What a window is for. */
    public enum Role {
        WARM_UP("warm-up"),
        IDLE("idle"),
        PROBE("probe"),
        FIT("fit"),
        HELD_OUT("held-out"),
        SCENARIO("scenario");

        private final String word;

        Role(String word) {
            this.word = word;
        }

        /** The word of the contract. */
        @JsonValue
        public String word() {
            return word;
        }

        /** The role of this word. */
        @JsonCreator
        public static Role of(String word) {
            for (var role : values()) {
                if (role.word.equals(word)) {
                    return role;
                }
            }
            throw new IllegalArgumentException(
                    "role=" + word + ": use warm-up, idle, probe, fit, held-out or scenario");
        }
    }

    /** Rows of the data set that matter to demand. */
    public record Size(long users, long workouts) {}

    /** Latency from the intended start and from the send; null without a request. */
    public record Latencies(
            @Nullable Latency corrected, @Nullable Latency service) {}

    /** A distribution of latencies in seconds. */
    public record Latency(long count, double mean, double p50, double p95, double p99, double max) {}

    /** The generator's own health; {@code cpuRatio} is the share of its cores. */
    public record GeneratorHealth(double cpuRatio, double gcSeconds) {}
}
