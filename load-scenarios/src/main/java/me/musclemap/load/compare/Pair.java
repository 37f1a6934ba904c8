package me.musclemap.load.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import me.musclemap.load.record.Window;

/**
 * A run of each build, driven one after the other, with what both have in common measured alike. Immutable.
 *
 * @param cpuByStation station to CPU seconds per request, base and candidate
 */
record Pair(
        ComparedRun base,
        ComparedRun candidate,
        int windows,
        Map<Metric, Values> values,
        Map<String, Values> cpuByStation) {
    /** Rates of the schedule are the same within this share. */
    private static final double SAME_RATE = 0.01;

    /** A metric in both runs. */
    record Values(double base, double candidate) {
        double logRatio() {
            return Math.log(candidate / base);
        }
    }

    Pair {
        values = Map.copyOf(values);
        cpuByStation = Map.copyOf(cpuByStation);
    }

    static Pair of(ComparedRun base, ComparedRun candidate) {
        var ofBase = new ArrayList<Window>();
        var ofCandidate = new ArrayList<Window>();
        match(base.measured(), candidate.measured(), ofBase, ofCandidate);
        var values = new EnumMap<Metric, Values>(Metric.class);
        put(values, Metric.CAPACITY, base.capacityPerSecond(), candidate.capacityPerSecond());
        var cpu = new java.util.TreeMap<String, Values>();
        if (!ofBase.isEmpty()) {
            var left = base.latencies(ofBase);
            var right = candidate.latencies(ofCandidate);
            percentile(values, Metric.CORRECTED_P99, left.corrected(), right.corrected(), 99);
            percentile(values, Metric.CORRECTED_P95, left.corrected(), right.corrected(), 95);
            percentile(values, Metric.CORRECTED_P50, left.corrected(), right.corrected(), 50);
            percentile(values, Metric.SERVICE_P99, left.service(), right.service(), 99);
            values.put(
                    Metric.FAILED_SHARE,
                    new Values(
                            base.requests(ofBase).failedShare(),
                            candidate.requests(ofCandidate).failedShare()));
            var leftCpu = base.cpuSecondsPerRequest(ofBase);
            var rightCpu = candidate.cpuSecondsPerRequest(ofCandidate);
            leftCpu.forEach((station, seconds) -> {
                if (rightCpu.containsKey(station)) {
                    cpu.put(station, new Values(seconds, rightCpu.getOrDefault(station, 0.0)));
                }
            });
            put(values, Metric.CPU_PER_REQUEST, sum(leftCpu), sum(rightCpu));
        }
        return new Pair(base, candidate, ofBase.size(), values, cpu);
    }

    /** Windows of the same mix at the same scheduled rate; each serves once. */
    private static void match(
            List<Window> base, List<Window> candidate, List<Window> ofBase, List<Window> ofCandidate) {
        var left = new ArrayList<>(candidate);
        for (var window : base) {
            left.stream()
                    .filter(other -> other.mixName().equals(window.mixName())
                            && other.role() == window.role()
                            && Math.abs(other.scheduledPerSecond() - window.scheduledPerSecond())
                                    <= SAME_RATE * window.scheduledPerSecond())
                    .findFirst()
                    .ifPresent(other -> {
                        left.remove(other);
                        ofBase.add(window);
                        ofCandidate.add(other);
                    });
        }
    }

    private static void percentile(
            Map<Metric, Values> into,
            Metric metric,
            org.HdrHistogram.Histogram base,
            org.HdrHistogram.Histogram candidate,
            double percentile) {
        put(
                into,
                metric,
                ComparedRun.Latencies.seconds(base, percentile),
                ComparedRun.Latencies.seconds(candidate, percentile));
    }

    private static void put(Map<Metric, Values> into, Metric metric, OptionalDouble base, OptionalDouble candidate) {
        if (base.isPresent() && candidate.isPresent()) {
            into.put(metric, new Values(base.getAsDouble(), candidate.getAsDouble()));
        }
    }

    private static OptionalDouble sum(Map<String, Double> parts) {
        double sum = parts.values().stream().mapToDouble(Double::doubleValue).sum();
        return sum > 0 ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }
}
