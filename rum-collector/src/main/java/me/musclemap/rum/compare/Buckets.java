package me.musclemap.rum.compare;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import me.musclemap.rum.sketch.Cell;

/** The buckets that two releases fill, smallest first. Immutable once made. */
final class Buckets {
    private final double[] lower;
    private final double[] upper;
    private final Map<Double, Integer> places = new HashMap<>();

    Buckets(ReleaseViews... releases) {
        var bounds = new TreeMap<Double, Double>();
        for (ReleaseViews release : releases) {
            for (Cell[] groups : release.strata().values()) {
                for (Cell cell : groups) {
                    if (cell != null) {
                        cell.sketch().forEach((from, to, units) -> bounds.put(from, to));
                    }
                }
            }
        }
        lower = new double[bounds.size()];
        upper = new double[bounds.size()];
        int at = 0;
        for (var entry : bounds.entrySet()) {
            lower[at] = entry.getKey();
            upper[at] = entry.getValue();
            places.put(entry.getKey(), at++);
        }
    }

    int count() {
        return lower.length;
    }

    int place(double from) {
        Integer place = places.get(from);
        if (place == null) {
            throw new IllegalStateException("no bucket from " + from);
        }
        return place;
    }

    /** The quantile of weights by bucket, with values spread evenly in their bucket; they need not add up to one. */
    double quantile(double[] weights, double share) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double rank = share * total;
        double below = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0 && below + weights[i] >= rank) {
                return lower[i] + (upper[i] - lower[i]) * (rank - below) / weights[i];
            }
            below += weights[i];
        }
        return upper.length == 0 ? 0 : upper[upper.length - 1];
    }
}
