package me.musclemap.rum.compare;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.GroupKey;
import me.musclemap.rum.sketch.Sketch;

/** One vital of one release: by stratum, and by group of sessions. Not safe for use by many threads. */
public final class ReleaseViews {
    private final Map<Stratum, Cell[]> strata = new HashMap<>();
    private long views;

    /** Puts a cell in. */
    public void add(GroupKey key, Cell cell) {
        Stratum stratum = Stratum.of(key.route(), key.device(), key.connection());
        Cell[] groups = strata.computeIfAbsent(stratum, s -> new Cell[GroupKey.GROUPS]);
        if (groups[key.group()] == null) {
            groups[key.group()] = new Cell();
        }
        groups[key.group()].merge(cell);
        views += cell.views();
    }

    /** Page views measured. */
    public long views() {
        return views;
    }

    /** Groups that have any. */
    int groups() {
        var seen = new boolean[GroupKey.GROUPS];
        for (Cell[] groups : strata.values()) {
            for (int g = 0; g < groups.length; g++) {
                seen[g] |= groups[g] != null && groups[g].views() > 0;
            }
        }
        int count = 0;
        for (boolean one : seen) {
            count += one ? 1 : 0;
        }
        return count;
    }

    Map<Stratum, Cell[]> strata() {
        return strata;
    }

    long views(Stratum stratum) {
        Cell[] groups = strata.get(stratum);
        return groups == null
                ? 0
                : Arrays.stream(groups)
                        .mapToLong(cell -> cell == null ? 0 : cell.views())
                        .sum();
    }

    /** The same with strata that are too small here or there put together. */
    ReleaseViews pooled(ReleaseViews other, int viewsMin) {
        var pooled = new ReleaseViews();
        strata.forEach((stratum, groups) -> {
            boolean isLarge = views(stratum) >= viewsMin && other.views(stratum) >= viewsMin;
            Stratum into = isLarge ? stratum : stratum.rest();
            Cell[] sums = pooled.strata.computeIfAbsent(into, s -> new Cell[GroupKey.GROUPS]);
            for (int g = 0; g < groups.length; g++) {
                if (groups[g] != null) {
                    if (sums[g] == null) {
                        sums[g] = new Cell();
                    }
                    sums[g].merge(groups[g]);
                }
            }
        });
        pooled.views = views;
        return pooled;
    }

    /** Weights of page views by stratum, group and bucket. */
    Map<Stratum, double[][]> counts(Buckets buckets) {
        var counts = new HashMap<Stratum, double[][]>();
        strata.forEach((stratum, groups) -> {
            var ofGroups = new double[GroupKey.GROUPS][buckets.count()];
            for (int g = 0; g < groups.length; g++) {
                if (groups[g] != null) {
                    double[] of = ofGroups[g];
                    groups[g]
                            .sketch()
                            .forEach(
                                    (lower, upper, units) -> of[buckets.place(lower)] += (double) units / Sketch.UNITS);
                }
            }
            counts.put(stratum, ofGroups);
        });
        return counts;
    }
}
