package me.musclemap.capacity.fit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * Work on the watched cores that belongs to no station: a build, a backup, a neighbour's cron job. It takes cores away from
 * requests and is no part of what they cost, so a window with much of it is spoilt.
 *
 * <p>The rule is stated here, before any figure is seen: more than a tenth of a core, and more than three times the median of
 * all watched windows that do not warm up. Windows on more cores than the run's own are judged among themselves: the lab and
 * the host agent run there too. Thread-safe.
 */
public final class ForeignLoad {
    /** The station that stands for whatever used the watched cores beside the known ones. */
    private static final String REST = "other";

    private static final double CORES_MAX = 0.1;
    private static final double MEDIANS_MAX = 3;

    private final Map<Double, Double> limitCores;

    private ForeignLoad(Map<Double, Double> limitCores) {
        this.limitCores = limitCores;
    }

    /** The limits of one run. */
    public static ForeignLoad of(RunRecord run) {
        var limits = new HashMap<Double, Double>();
        for (Window window : run.windows()) {
            limits.computeIfAbsent(window.cores(), cores -> limit(run, cores));
        }
        return new ForeignLoad(limits);
    }

    private static double limit(RunRecord run, double watchedCores) {
        double[] cores = run.windows().stream()
                .filter(w -> !w.role().equals("warm-up") && w.cores() == watchedCores)
                .map(ForeignLoad::cores)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        Arrays.sort(cores);
        double median = cores.length == 0 ? 0 : Quantiles.quantile(cores, 0.5);
        return Math.max(CORES_MAX, MEDIANS_MAX * median);
    }

    /** Whether a station is the rest of the watched cores rather than a part of the stack. */
    public static boolean isRest(String station) {
        return station.equals(REST);
    }

    /** Why a window is spoilt; empty for a quiet one and for one that was not watched. */
    public Optional<String> fault(Window window) {
        OptionalDouble used = cores(window);
        double limit = limitCores.getOrDefault(window.cores(), CORES_MAX);
        if (used.isEmpty() || used.getAsDouble() <= limit) {
            return Optional.empty();
        }
        return Optional.of(
                String.format(Locale.ROOT, "other processes used %.2f cores, above %.2f", used.getAsDouble(), limit));
    }

    private static OptionalDouble cores(Window window) {
        return window.use().stream()
                .filter(u -> u.stations().containsKey(REST))
                .mapToDouble(u -> u.stations().get(REST).cpuSeconds() / u.durationSeconds())
                .findFirst();
    }
}
