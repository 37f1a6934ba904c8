package me.musclemap.capacity.fit;

import java.util.Arrays;
import java.util.Locale;
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
 * all watched windows that do not warm up. Thread-safe.
 */
public final class ForeignLoad {
    /** The station that stands for whatever used the watched cores beside the known ones. */
    private static final String REST = "other";

    private static final double CORES_MAX = 0.1;
    private static final double MEDIANS_MAX = 3;

    private final double limitCores;

    private ForeignLoad(double limitCores) {
        this.limitCores = limitCores;
    }

    /** The limit of one run. */
    public static ForeignLoad of(RunRecord run) {
        double[] cores = run.windows().stream()
                .filter(w -> !w.role().equals("warm-up"))
                .map(ForeignLoad::cores)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        Arrays.sort(cores);
        double median = cores.length == 0 ? 0 : Quantiles.quantile(cores, 0.5);
        return new ForeignLoad(Math.max(CORES_MAX, MEDIANS_MAX * median));
    }

    /** Whether a station is the rest of the watched cores rather than a part of the stack. */
    public static boolean isRest(String station) {
        return station.equals(REST);
    }

    /** Why a window is spoilt; empty for a quiet one and for one that was not watched. */
    public Optional<String> fault(Window window) {
        OptionalDouble used = cores(window);
        if (used.isEmpty() || used.getAsDouble() <= limitCores) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT, "other processes used %.2f cores, above %.2f", used.getAsDouble(), limitCores));
    }

    private static OptionalDouble cores(Window window) {
        return window.use().stream()
                .filter(u -> u.stations().containsKey(REST))
                .mapToDouble(u -> u.stations().get(REST).cpuSeconds() / u.durationSeconds())
                .findFirst();
    }
}
