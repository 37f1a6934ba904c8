package me.musclemap.capacity.fit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import me.musclemap.capacity.measure.Window;

/**
 * What a request's cost depends on beside its class. Every part is one column more and, as all costs, not below zero: a cost
 * may fall while code is still being compiled, and may grow with the data; the other way round there is no column for it, and
 * the residuals tell.
 *
 * @param load on how busy the cores are
 * @param warming on how long the processes have been running: dearer in the first window than in the last
 * @param growth on the size of the data: so much more each time that the workouts double
 * @param steal on what the hypervisor took, of a record imported from production: caches are cold after each pause, and part
 *     of a pause is billed to who was interrupted; costs are told at the record's usual steal
 */
record Shape(LoadForm load, boolean warming, boolean growth, boolean steal) {
    static final Shape CONSTANT = new Shape(LoadForm.CONSTANT, false, false, false);

    Shape with(LoadForm form) {
        return new Shape(form, warming, growth, steal);
    }

    Shape withWarming() {
        return new Shape(load, true, growth, steal);
    }

    Shape withGrowth() {
        return new Shape(load, warming, true, steal);
    }

    Shape withSteal() {
        return new Shape(load, warming, growth, true);
    }

    /** Columns beyond the background and the classes. */
    int extra() {
        return (load == LoadForm.CONSTANT ? 0 : 1) + (warming ? 1 : 0) + (growth ? 1 : 0) + (steal ? 1 : 0);
    }

    int loadColumn(int first) {
        return first;
    }

    int growthColumn(int first) {
        return first + (load == LoadForm.CONSTANT ? 0 : 1);
    }

    int stealColumn(int first) {
        return growthColumn(first) + (growth ? 1 : 0);
    }

    int warmingColumn(int first) {
        return first + extra() - 1;
    }

    /**
     * How cold each window still was, window to 1 for the first of its restart with requests and 0 for the last, by their
     * order.
     */
    static Map<Integer, Double> coldness(List<Observation> observations) {
        var first = new HashMap<Integer, Integer>();
        var last = new HashMap<Integer, Integer>();
        for (Observation o : observations) {
            if (o.totalPerSecond() > 0) {
                Window window = o.window();
                first.merge(window.restart(), window.index(), Math::min);
                last.merge(window.restart(), window.index(), Math::max);
            }
        }
        var coldness = new HashMap<Integer, Double>();
        for (Observation o : observations) {
            Window window = o.window();
            int from = first.getOrDefault(window.restart(), window.index());
            int to = last.getOrDefault(window.restart(), window.index());
            double passed = to == from ? 1 : (double) (window.index() - from) / (to - from);
            coldness.put(window.index(), Math.max(0, Math.min(1, 1 - passed)));
        }
        return coldness;
    }

    /** The workouts that growth is told from: those of the first window with load. */
    static double referenceWorkouts(List<Observation> observations) {
        return observations.stream()
                .filter(o -> o.totalPerSecond() > 0)
                .mapToDouble(o -> Math.max(1, o.window().dataset().workouts()))
                .findFirst()
                .orElse(1);
    }

    /** Whether windows differ in the size of their data. */
    static boolean sizesDiffer(List<Observation> observations) {
        var sizes = new HashSet<Integer>();
        observations.forEach(o -> sizes.add(o.window().dataset().workouts()));
        return sizes.size() > 1;
    }
}
