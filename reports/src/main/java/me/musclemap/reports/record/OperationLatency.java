package me.musclemap.reports.record;

/** How long one operation took, from the intended start, over the fitted and held-out windows of a run. Seconds. */
public record OperationLatency(
        String operation,
        long requests,
        long failed,
        double p50Seconds,
        double p95Seconds,
        double p99Seconds,
        double maxSeconds) {}
