package me.musclemap.capacity.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import me.musclemap.capacity.measure.PeriodicRun;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.uncertainty.Interval;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * What work that comes at intervals costs: it is in no fitted window, but whoever runs the service pays it. Immutable by
 * agreement: the array is not to be changed.
 *
 * @param everySeconds how often it comes
 * @param cpuSeconds each time, by station of the run's shared cores, at the data of {@code users}
 * @param spread relative standard error of it, of all stations alike
 * @param durationSeconds how long it takes on an otherwise idle machine, the mean
 * @param times how often it was measured
 * @param users accounts in the data that {@code cpuSeconds} is of
 * @param exponent the cost goes with this power of the data: 1 in proportion, 0 not at all
 * @param growthMeasured whether {@code exponent} was measured, at two sizes or more, and not assumed
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record PeriodicDemand(
        String name,
        double everySeconds,
        double[] cpuSeconds,
        double spread,
        double durationSeconds,
        int times,
        double users,
        double exponent,
        boolean growthMeasured) {
    /** Relative, where it was measured less than three times at one size. */
    static final double ASSUMED_SPREAD = 0.1;

    private static final int TIMES_FOR_SPREAD = 3;

    /** Steeper than this is noise of two sizes near each other. */
    private static final double EXPONENT_MAX = 2;

    /** Work that reads all of the data each time; other work goes with the load and not with the data. */
    private static final Set<String> GROWING = Set.of("viewRefresh");

    /** All of a run's, by name; empty for a run in which none was measured. */
    public static List<PeriodicDemand> of(RunRecord run) {
        var byName = run.periodic().stream()
                .filter(p -> p.excluded().isEmpty())
                .collect(Collectors.groupingBy(PeriodicRun::name, TreeMap::new, Collectors.toList()));
        var demands = new ArrayList<PeriodicDemand>();
        byName.forEach((name, runs) -> demands.add(of(name, run.cpu().stations(), runs)));
        return List.copyOf(demands);
    }

    private static PeriodicDemand of(String name, List<String> stations, List<PeriodicRun> runs) {
        Window.Dataset usual = usual(runs);
        boolean measured = GROWING.contains(name)
                && runs.stream().map(r -> r.dataset().users()).distinct().count() > 1
                && runs.stream().allMatch(r -> r.dataset().users() > 0 && r.totalCpuSeconds() > 0);
        double exponent = !GROWING.contains(name) ? 0 : measured ? slope(runs) : 1;
        List<PeriodicRun> atUsual =
                runs.stream().filter(r -> r.dataset().equals(usual)).toList();
        double[] seconds = new double[stations.size()];
        for (int s = 0; s < seconds.length; s++) {
            String station = stations.get(s);
            seconds[s] = atUsual.stream()
                    .mapToDouble(r -> r.cpuSeconds().getOrDefault(station, 0.0))
                    .average()
                    .orElse(0);
        }
        return new PeriodicDemand(
                name,
                runs.get(0).everySeconds(),
                seconds,
                spread(atUsual),
                atUsual.stream()
                        .mapToDouble(PeriodicRun::durationSeconds)
                        .average()
                        .orElse(0),
                runs.size(),
                usual.users(),
                exponent,
                measured);
    }

    /** The size at which it was measured most often; of two the larger. */
    private static Window.Dataset usual(List<PeriodicRun> runs) {
        Map<Window.Dataset, Long> counts =
                runs.stream().collect(Collectors.groupingBy(PeriodicRun::dataset, Collectors.counting()));
        return counts.entrySet().stream()
                .max(Map.Entry.<Window.Dataset, Long>comparingByValue()
                        .thenComparing(e -> e.getKey().users()))
                .orElseThrow()
                .getKey();
    }

    /** Least squares of the logarithms. */
    private static double slope(List<PeriodicRun> runs) {
        double x = 0;
        double y = 0;
        for (PeriodicRun r : runs) {
            x += Math.log(r.dataset().users()) / runs.size();
            y += Math.log(r.totalCpuSeconds()) / runs.size();
        }
        double xx = 0;
        double xy = 0;
        for (PeriodicRun r : runs) {
            double dx = Math.log(r.dataset().users()) - x;
            xx += dx * dx;
            xy += dx * (Math.log(r.totalCpuSeconds()) - y);
        }
        return Math.max(0, Math.min(EXPONENT_MAX, xy / xx));
    }

    /** Standard error of the mean, as much wider as a Student quantile is than a normal one. */
    private static double spread(List<PeriodicRun> runs) {
        int n = runs.size();
        double mean = runs.stream()
                .mapToDouble(PeriodicRun::totalCpuSeconds)
                .average()
                .orElse(0);
        if (n < TIMES_FOR_SPREAD || !(mean > 0)) {
            return ASSUMED_SPREAD;
        }
        double squares = runs.stream()
                .mapToDouble(r -> Math.pow(r.totalCpuSeconds() / mean - 1, 2))
                .sum();
        double wider = new TDistribution(n - 1).inverseCumulativeProbability(0.95) / 1.645;
        return Math.sqrt(squares / (n - 1) / n) * wider;
    }

    /** What draws multiply the cost by: as many, and the same ones each time that they are asked for. */
    public double[] factors(int draws, long seed) {
        var random = new SplittableRandom(seed ^ name.hashCode());
        double[] factors = new double[draws];
        for (int d = 0; d < draws; d++) {
            double u = 1 - random.nextDouble();
            double gaussian = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
            factors[d] = Math.exp(spread * gaussian);
        }
        return factors;
    }

    /** CPU seconds each time at all stations. */
    public double totalCpuSeconds() {
        double total = 0;
        for (double seconds : cpuSeconds) {
            total += seconds;
        }
        return total;
    }

    /** The same with its interval. */
    public Interval totalCpuSeconds(int draws, long seed) {
        return scaled(totalCpuSeconds(), draws, seed);
    }

    /** One station's with its interval. */
    public Interval cpuSecondsAt(int station, int draws, long seed) {
        return scaled(cpuSeconds[station], draws, seed);
    }

    private Interval scaled(double seconds, int draws, long seed) {
        double[] drawn = factors(draws, seed);
        for (int d = 0; d < drawn.length; d++) {
            drawn[d] *= seconds;
        }
        return Interval.of(seconds, drawn);
    }

    /** Cores that it keeps busy on average at the data that it was measured at, by station. */
    public double[] cores() {
        return coresAt(users);
    }

    /**
     * The same with so many accounts in the data. One connection does it, so that it never takes more than one core: where it
     * would, the next is due before it has ended.
     */
    public double[] coresAt(double accounts) {
        double grown = users > 0 && accounts > 0 ? Math.pow(accounts / users, exponent) : 1;
        double whole = totalCpuSeconds() * grown / everySeconds;
        double kept = whole > 1 ? 1 / whole : 1;
        double[] cores = new double[cpuSeconds.length];
        for (int s = 0; s < cores.length; s++) {
            cores[s] = cpuSeconds[s] * grown / everySeconds * kept;
        }
        return cores;
    }
}
