package me.musclemap.capacity.fit;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.StationUse;
import me.musclemap.capacity.regression.Nnls;

/**
 * What the load generator itself uses, from the windows in which it had a core of its own: a background and one cost a
 * request. Where it shares the cores of the system it is a station beside the others.
 *
 * <p>Immutable by agreement: the arrays are not to be changed.
 *
 * @param cores without a request
 * @param cpuSeconds of one request of any class
 * @param drawnCores by draw
 * @param drawnCpuSeconds by draw
 * @param drawnStray by draw, the cores that a window of one second at one request a second strays by
 * @param fittedShare the share of its busy time in which the system's core was busy too
 * @param lineCores a straight line through the headline rate alone, as the other baselines are
 * @param lineCpuSeconds its slope
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record GeneratorCost(
        double cores,
        double cpuSeconds,
        double[] drawnCores,
        double[] drawnCpuSeconds,
        double[] drawnStray,
        double fittedShare,
        double lineCores,
        double lineCpuSeconds) {
    /** How its station is called. */
    public static final String STATION = "generator";

    private static final int WINDOWS_MIN = 4;

    /** From the windows of a fit; empty where fewer than four of them have watched the generator, or it was a station anyhow. */
    public static Optional<GeneratorCost> of(RunRecord run, Selection selection, int draws, long seed) {
        List<Observation> rows =
                selection.loaded().stream().filter(o -> use(o).isPresent()).toList();
        if (rows.size() < WINDOWS_MIN || run.cpu().stations().contains(STATION)) {
            return Optional.empty();
        }
        int n = rows.size();
        double[][] all = new double[n][];
        double[][] headline = new double[n][];
        double[] busy = new double[n];
        double[] weights = new double[n];
        for (int r = 0; r < n; r++) {
            Observation o = rows.get(r);
            all[r] = new double[] {1, o.totalPerSecond()};
            headline[r] = new double[] {1, o.headlinePerSecond()};
            busy[r] = use(o).orElseThrow().steadyCpuSeconds()
                    / o.window().use().orElseThrow().durationSeconds();
            weights[r] = o.window().durationSeconds() / Math.max(1, o.totalPerSecond());
        }
        double[] best = Nnls.fit(all, busy, weights).coefficients();
        double[] line = Nnls.fit(headline, busy, weights).coefficients();
        double inflate = Math.sqrt((double) n / (n - 2));
        var random = new SplittableRandom(seed ^ 0x6e6e);
        double[] cores = new double[draws];
        double[] seconds = new double[draws];
        double[] stray = new double[draws];
        for (int d = 0; d < draws; d++) {
            double[] redrawn = new double[n];
            for (int r = 0; r < n; r++) {
                double said = best[0] + best[1] * all[r][1];
                redrawn[r] = said + (random.nextBoolean() ? 1 : -1) * inflate * (busy[r] - said);
            }
            double[] drawn = Nnls.fit(all, redrawn, weights).coefficients();
            cores[d] = drawn[0];
            seconds[d] = drawn[1];
            int taken = random.nextInt(n);
            stray[d] = inflate * (busy[taken] - best[0] - best[1] * all[taken][1]) * Math.sqrt(weights[taken]);
        }
        return Optional.of(
                new GeneratorCost(best[0], best[1], cores, seconds, stray, fittedShare(rows), line[0], line[1]));
    }

    private static double fittedShare(List<Observation> rows) {
        double own = 0;
        double beside = 0;
        for (Observation o : rows) {
            double busy = busyCores(o).orElse(0);
            own += busy;
            beside += busy * Math.min(1, o.utilisation());
        }
        return own > 0 ? beside / own : 0;
    }

    /** What it used of its own core in a window, compilation included; empty where nobody watched it. */
    static OptionalDouble busyCores(Observation o) {
        return use(o).stream()
                .mapToDouble(use -> Math.min(
                        1, use.cpuSeconds() / o.window().use().orElseThrow().durationSeconds()))
                .findFirst();
    }

    private static Optional<StationUse.Usage> use(Observation o) {
        return o.window().use().map(use -> use.stations().get(STATION));
    }

    /** Cores busy on a core of its own at so many requests a second; a draw below zero stands for the best estimate, which does not stray. */
    public double at(int draw, double totalPerSecond, double seconds) {
        return draw < 0
                ? cores + cpuSeconds * totalPerSecond
                : Math.max(
                        0,
                        drawnCores[draw]
                                + drawnCpuSeconds[draw] * totalPerSecond
                                + drawnStray[draw] * Math.sqrt(Math.max(1, totalPerSecond) / seconds));
    }
}
