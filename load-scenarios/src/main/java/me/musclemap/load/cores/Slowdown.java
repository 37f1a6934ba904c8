package me.musclemap.load.cores;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.load.record.RunRecord;

/**
 * What a unit of work costs while the other core works too, over what it costs while that is idle: from rounds that have both
 * beside each other, so that a machine which is slower for a second is so in both. Not thread-safe.
 */
public final class Slowdown {
    /** Half of the width of a 90 % interval of a median, in ranks, over the root of the number of values. */
    private static final double RANKS = 1.645 / 2;

    private final Map<String, List<Double>> byKind = new LinkedHashMap<>();
    private final List<Double> all = new ArrayList<>();

    /**
     * One round.
     *
     * @param alone CPU time of a unit by kind, core by core
     * @param together the same while the other core worked too
     */
    public void add(List<Map<String, Double>> alone, List<Map<String, Double>> together) {
        double logarithms = 0;
        int kinds = 0;
        for (String kind : alone.get(0).keySet()) {
            double logarithm = 0;
            for (int core = 0; core < alone.size(); core++) {
                logarithm += Math.log(value(together.get(core), kind) / value(alone.get(core), kind)) / alone.size();
            }
            byKind.computeIfAbsent(kind, k -> new ArrayList<>()).add(Math.exp(logarithm));
            logarithms += logarithm;
            kinds++;
        }
        all.add(Math.exp(logarithms / kinds));
    }

    private static double value(Map<String, Double> nanos, String kind) {
        Double value = nanos.get(kind);
        if (value == null || !(value > 0)) {
            throw new IllegalArgumentException("nanos." + kind + "=" + value + ": must be above 0");
        }
        return value;
    }

    /**
     * The ratio over all kinds of work. What a service's own ratio is depends on what it does: the interval reaches from the
     * kind that minds a neighbour least to the one that minds it most, each with the 90 % interval of its median.
     */
    public RunRecord.SecondCore result() {
        var kinds = new LinkedHashMap<String, Double>();
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (var kind : byKind.entrySet()) {
            double[] sorted = sorted(kind.getValue());
            int rank = (int) Math.max(0, Math.floor(sorted.length / 2.0 - RANKS * Math.sqrt(sorted.length)) - 1);
            low = Math.min(low, sorted[rank]);
            high = Math.max(high, sorted[sorted.length - 1 - rank]);
            kinds.put(kind.getKey(), median(sorted));
        }
        double ratio = median(sorted(all));
        return new RunRecord.SecondCore(ratio, Math.min(low, ratio), Math.max(high, ratio), all.size(), kinds);
    }

    private static double[] sorted(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
