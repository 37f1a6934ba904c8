package me.musclemap.capacity.fit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import me.musclemap.capacity.measure.Window;

/**
 * By how much each restart was dearer than the common fit says, all its stations together, and how far restarts lie apart. The
 * distance is that of the restarts with data of one size: what the size does is not chance.
 *
 * <p>Source: the one-way random effects model, Searle, Casella and McCulloch, Variance Components (1992), sections 3.5 and 3.7.
 */
final class RestartEffects {
    private final Map<Integer, Double> effects;
    private final double spread;
    private final int free;
    private final int last;
    private final double lastNoise;

    private RestartEffects(Map<Integer, Double> effects, double spread, int free, int last, double lastNoise) {
        this.effects = effects;
        this.spread = spread;
        this.free = free;
        this.last = last;
        this.lastNoise = lastNoise;
    }

    /**
     * From what the stations used and what the fit says of it.
     *
     * @param busy by station and row
     * @param fitted in the same order
     */
    static RestartEffects of(List<Observation> rows, double[][] busy, double[][] fitted) {
        var measured = new TreeMap<Integer, Double>();
        var expected = new TreeMap<Integer, Double>();
        var workouts = new HashMap<Integer, Integer>();
        for (int r = 0; r < rows.size(); r++) {
            Window window = rows.get(r).window();
            measured.merge(window.restart(), column(busy, r), Double::sum);
            expected.merge(window.restart(), column(fitted, r), Double::sum);
            workouts.put(window.restart(), window.dataset().workouts());
        }
        var effects = new TreeMap<Integer, Double>();
        measured.forEach((restart, cores) -> {
            double said = expected.getOrDefault(restart, 0.0);
            effects.put(restart, said > 0 ? cores / said - 1 : 0);
        });
        var noise = new TreeMap<Integer, Double>();
        for (int r = 0; r < rows.size(); r++) {
            int restart = rows.get(r).window().restart();
            double stray = column(busy, r) - column(fitted, r) * (1 + effects.getOrDefault(restart, 0.0));
            double total = expected.getOrDefault(restart, 0.0);
            noise.merge(restart, total > 0 ? stray * stray / (total * total) : 0, Double::sum);
        }
        int[] alike = alike(workouts);
        int last = measured.isEmpty() ? 0 : measured.lastKey();
        if (alike.length < 2) {
            return new RestartEffects(Map.of(), 0, 0, last, 0);
        }
        double[] apart = Arrays.stream(alike)
                .mapToDouble(r -> effects.getOrDefault(r, 0.0))
                .toArray();
        double mean = Arrays.stream(apart).average().orElse(0);
        double squares = 0;
        double chance = 0;
        for (int i = 0; i < alike.length; i++) {
            squares += (apart[i] - mean) * (apart[i] - mean) / (alike.length - 1);
            chance += noise.getOrDefault(alike[i], 0.0) / alike.length;
        }
        // What single windows stray by makes restarts differ too, and is drawn apart.
        double spread = Math.sqrt(Math.max(0, squares - chance));
        return new RestartEffects(effects, spread, alike.length - 1, last, Math.sqrt(noise.getOrDefault(last, 0.0)));
    }

    private static double column(double[][] stations, int row) {
        double sum = 0;
        for (double[] station : stations) {
            sum += station[row];
        }
        return sum;
    }

    /** The restarts at the size that most have; of two such sizes the smaller. */
    private static int[] alike(Map<Integer, Integer> workouts) {
        var bySize = new TreeMap<Integer, Integer>();
        workouts.values().forEach(size -> bySize.merge(size, 1, Integer::sum));
        int size = bySize.entrySet().stream()
                .max((a, b) -> a.getValue().equals(b.getValue())
                        ? Integer.compare(b.getKey(), a.getKey())
                        : Integer.compare(a.getValue(), b.getValue()))
                .map(Map.Entry::getKey)
                .orElse(0);
        return workouts.entrySet().stream()
                .filter(e -> e.getValue() == size)
                .mapToInt(Map.Entry::getKey)
                .sorted()
                .toArray();
    }

    /** Whether there are two restarts that can be compared. */
    boolean known() {
        return free > 0;
    }

    /** The last restart with windows. */
    int last() {
        return last;
    }

    /** Relative: 0.03 where a restart used 3 % more than the common fit says; 0 where that is not known. */
    double of(int restart) {
        return effects.getOrDefault(restart, 0.0);
    }

    /** By restart; empty where there are no two that can be compared. */
    Map<Integer, Double> all() {
        return effects;
    }

    /** Relative deviation from restart to restart. */
    double spread() {
        return spread;
    }

    /** What a draw says of the spread: it is known from a few restarts only. */
    double drawnSpread(SplittableRandom random) {
        double squares = 0;
        for (int i = 0; i < free; i++) {
            double normal = gaussian(random);
            squares += normal * normal;
        }
        return free == 0 ? 0 : spread * Math.sqrt(free / Math.max(1e-3, squares));
    }

    /** What the last restart's costs are over the common ones: its own windows say so, held towards all by how sure they are. */
    double lastFactor() {
        return known() ? 1 + believed() * of(last) : 1;
    }

    /** How sure that is. */
    double lastSpread() {
        return known() ? Math.sqrt(believed()) * lastNoise : 0;
    }

    private double believed() {
        double own = spread * spread;
        return own == 0 ? 0 : own / (own + lastNoise * lastNoise);
    }

    static double gaussian(SplittableRandom random) {
        double u = 1 - random.nextDouble();
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
