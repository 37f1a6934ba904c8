package me.musclemap.load.replay;

import java.util.Map;
import java.util.TreeMap;
import me.musclemap.load.record.Window;
import org.jspecify.annotations.Nullable;

/** A latency from a Prometheus histogram: as exact as its buckets are narrow. */
final class Buckets {
    private Buckets() {}

    /** The distribution in cumulative buckets by their upper bound in seconds; null without a request. */
    static Window.@Nullable Latency latency(Map<Double, Double> cumulative) {
        var sorted = new TreeMap<>(cumulative);
        double all = sorted.isEmpty() ? 0 : sorted.lastEntry().getValue();
        if (all < 1) {
            return null;
        }
        double mean = 0;
        double below = 0;
        double lower = 0;
        double highest = 0;
        for (var bucket : sorted.entrySet()) {
            double upper = Double.isInfinite(bucket.getKey()) ? lower : bucket.getKey();
            double inside = Math.max(0, bucket.getValue() - below);
            mean += inside * (lower + upper) / 2;
            if (inside > 0.5) {
                highest = upper;
            }
            below = Math.max(below, bucket.getValue());
            lower = upper;
        }
        return new Window.Latency(
                Math.round(all),
                mean / all,
                percentile(sorted, all, 0.50),
                percentile(sorted, all, 0.95),
                percentile(sorted, all, 0.99),
                highest);
    }

    /** Within a bucket requests lie evenly, as {@code histogram_quantile} has it. */
    private static double percentile(TreeMap<Double, Double> sorted, double all, double share) {
        double rank = share * all;
        double below = 0;
        double lower = 0;
        for (var bucket : sorted.entrySet()) {
            if (bucket.getValue() >= rank) {
                double inside = bucket.getValue() - below;
                return Double.isInfinite(bucket.getKey()) || inside <= 0
                        ? lower
                        : lower + (bucket.getKey() - lower) * (rank - below) / inside;
            }
            below = bucket.getValue();
            lower = bucket.getKey();
        }
        return lower;
    }
}
