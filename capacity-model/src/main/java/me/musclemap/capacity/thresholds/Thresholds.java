package me.musclemap.capacity.thresholds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.queue.Erlang;

/** Derives thresholds: the warning leaves the lead time to act while load grows, the critical one is the lower end of the capacity itself. */
public final class Thresholds {
    private static final double FAILED_WARNING = 0.01;
    private static final double FAILED_CRITICAL = 0.05;
    private static final double MODEL_ERROR_MIN = 0.05;

    /** The plan's own limits, 6.1. */
    private static final double PLANS_P99_SECONDS = 1;

    private static final double PLANS_POOL_RATIO = 0.8;
    /** As full as cores get: beyond it response times are not known. */
    private static final double FULL = 0.995;

    private Thresholds() {}

    /**
     * What the thresholds are made from.
     *
     * @param policyP10 headline requests per second: the lower 10 % of the policy capacity
     * @param saturationPerSecond the rate that the cores cannot exceed
     * @param observables what the model says at the warning and the critical rate
     * @param poolSize connections; zero without a pool
     * @param residualRatio spread of measured over fitted CPU, one standard deviation
     */
    public record Basis(
            double policyP10,
            double saturationPerSecond,
            double growthPerDay,
            double leadDays,
            Observables observables,
            int poolSize,
            double holdSeconds,
            double memoryBytes,
            double residentBytes,
            double maxHeapBytes,
            double residualRatio) {}

    /** What the model says at a rate. */
    public interface Observables {
        /** Share of the cores that is busy. */
        double utilisation(double perSecond);

        /** 99th percentile of the response in seconds; empty where it was not measured. */
        OptionalDouble p99Seconds(double perSecond);

        /** Mean connections in use. */
        double connections(double perSecond);
    }

    /** All thresholds that the basis supports. */
    public static List<Threshold> of(Basis basis) {
        double critical = basis.policyP10();
        double warning = critical * Math.exp(-basis.growthPerDay() * basis.leadDays());
        String why = String.format(
                Locale.ROOT,
                "critical: lower 10 %% of the policy capacity, %.0f requests/s; warning: the same less %.0f days of growth at %.1f %% a day",
                critical,
                basis.leadDays(),
                basis.growthPerDay() * 100);
        var thresholds = new ArrayList<Threshold>();
        thresholds.add(new Threshold(
                "requestRate",
                Optional.empty(),
                "requestsPerSecond",
                warning,
                critical,
                critical < basis.saturationPerSecond(),
                why + String.format(Locale.ROOT, "; the cores give out at %.0f", basis.saturationPerSecond())));
        double busyWarning = basis.observables().utilisation(warning);
        double busyCritical = basis.observables().utilisation(critical);
        thresholds.add(new Threshold(
                "cpuUtilisation",
                Optional.of("cpu"),
                "ratio",
                busyWarning,
                busyCritical,
                busyCritical < 1,
                "what the model says of the shared cores at those rates"));
        p99(basis, warning, critical).ifPresent(thresholds::add);
        if (basis.poolSize() > 0) {
            thresholds.addAll(pool(basis, warning, critical));
        }
        thresholds.add(modelError(basis));
        memory(basis).ifPresent(thresholds::add);
        thresholds.add(new Threshold(
                "failedRatio",
                Optional.empty(),
                "ratio",
                FAILED_WARNING,
                FAILED_CRITICAL,
                true,
                "the plan's own limits, 6.1; GraphQL answers with errors count, though their status is 200"));
        return thresholds;
    }

    private static Optional<Threshold> p99(Basis basis, double warning, double critical) {
        OptionalDouble low = basis.observables().p99Seconds(warning);
        OptionalDouble high = basis.observables().p99Seconds(critical);
        if (low.isEmpty() || high.isEmpty()) {
            return Optional.empty();
        }
        double full = basis.observables()
                .p99Seconds(FULL * basis.saturationPerSecond())
                .orElse(Double.POSITIVE_INFINITY);
        return Optional.of(new Threshold(
                "p99",
                Optional.empty(),
                "seconds",
                low.getAsDouble(),
                high.getAsDouble(),
                full >= high.getAsDouble(),
                "what the model says at those rates; " + plansLatency(basis)));
    }

    /** When the plan's own limit would speak up. */
    private static String plansLatency(Basis basis) {
        double low = 0;
        double high = FULL * basis.saturationPerSecond();
        if (basis.observables().p99Seconds(high).orElse(0) < PLANS_P99_SECONDS) {
            return "the plan's 1 s is not reached before the cores are full: it would fire when nothing is left to do";
        }
        for (int round = 0; round < 40; round++) {
            double middle = (low + high) / 2;
            if (basis.observables().p99Seconds(middle).orElse(0) < PLANS_P99_SECONDS) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return String.format(
                Locale.ROOT,
                "the plan's 1 s comes with %.0f %% of the cores busy, with %.0f %% of the load that they carry at all left",
                basis.observables().utilisation(high) * 100,
                (1 - high / basis.saturationPerSecond()) * 100);
    }

    private static List<Threshold> pool(Basis basis, double warning, double critical) {
        int size = basis.poolSize();
        double inUseWarning = basis.observables().connections(warning);
        double inUseCritical = basis.observables().connections(critical);
        // A connection is in use or it is not: a share below one connection, or above all of them, says nothing.
        double ratioWarning = Math.min(0.8, Math.max(2.0, inUseWarning * 2) / size);
        double ratioCritical = Math.min(0.95, Math.max(ratioWarning + 1.0 / size, inUseCritical * 3 / size));
        var pool = Optional.of("dbPool");
        return List.of(
                new Threshold(
                        "poolUtilisation",
                        pool,
                        "ratio",
                        ratioWarning,
                        ratioCritical,
                        Math.ceil(ratioCritical * size) <= size,
                        String.format(
                                        Locale.ROOT,
                                        "of %d connections: %.1f are in use at the warning rate, %.1f at the critical one; two and three times as many are no chance; ",
                                        size,
                                        inUseWarning,
                                        inUseCritical)
                                + plansPool(basis)),
                queue(size, ratioWarning, ratioCritical),
                new Threshold(
                        "poolWait",
                        pool,
                        "seconds",
                        wait(size, ratioWarning, basis.holdSeconds()),
                        Math.max(
                                2 * wait(size, ratioWarning, basis.holdSeconds()),
                                wait(size, ratioCritical, basis.holdSeconds())),
                        true,
                        String.format(
                                Locale.ROOT,
                                "95 %% of the waits for a connection at that use are shorter (Erlang C), held %.1f ms each",
                                basis.holdSeconds() * 1000)));
    }

    /** What the plan's own 80 % would tell, and whether load alone can take the pool there. */
    private static String plansPool(Basis basis) {
        int size = basis.poolSize();
        double full = basis.observables().connections(FULL * basis.saturationPerSecond());
        return String.format(
                Locale.ROOT,
                "1 %% of those who ask wait from %.0f %% in use on, %.0f %% of them at the plan's 80 %%; %s",
                100 * useAtWaiting(size, 0.01),
                100 * Erlang.waiting(size, PLANS_POOL_RATIO * size),
                full < PLANS_POOL_RATIO * size
                        ? String.format(
                                Locale.ROOT,
                                "load alone fills the cores first, with %.1f in use: only slow statements or a lock take it to 80 %%",
                                full)
                        : "load alone takes it there");
    }

    /** The share in use at which so many of those who ask wait. Source: Erlang C. */
    static double useAtWaiting(int size, double waiting) {
        double low = 0;
        double high = size;
        for (int round = 0; round < 50; round++) {
            double middle = (low + high) / 2;
            if (Erlang.waiting(size, middle) < waiting) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low / size;
    }

    /** Requests that wait for a connection: one is chance, so that a warning needs more than one. */
    private static Threshold queue(int size, double ratioWarning, double ratioCritical) {
        double warning = Math.max(1, waitingRequests(size, ratioWarning));
        double critical = Math.max(2 * warning, waitingRequests(size, ratioCritical));
        return new Threshold(
                "poolQueue",
                Optional.of("dbPool"),
                "count",
                warning,
                critical,
                true,
                String.format(
                        Locale.ROOT,
                        "mean number that waits with %.0f %% and %.0f %% of the pool in use (Erlang C), at least one and two",
                        ratioWarning * 100,
                        ratioCritical * 100));
    }

    private static double waitingRequests(int size, double ratio) {
        double use = Math.min(0.999, ratio);
        return Erlang.waiting(size, use * size) * use / (1 - use);
    }

    /** 95 % of those who ask wait less; at least a fifth of a hold, which is more than a hand-over takes. */
    private static double wait(int size, double ratio, double holdSeconds) {
        double offered = Math.min(size * 0.999, ratio * size);
        double waits = Erlang.waiting(size, offered);
        double quantile = waits <= 0.05 ? 0 : holdSeconds / (size - offered) * Math.log(waits / 0.05);
        return Math.max(0.2 * holdSeconds, quantile);
    }

    private static Threshold modelError(Basis basis) {
        double three = Math.max(MODEL_ERROR_MIN, 3 * basis.residualRatio());
        return new Threshold(
                "modelError",
                Optional.empty(),
                "ratio",
                three,
                2 * three,
                true,
                String.format(
                        Locale.ROOT,
                        "CPU measured against predicted: three standard deviations of the fit (%.1f %%) for 15 minutes mean that the model no longer describes the system",
                        basis.residualRatio() * 100));
    }

    private static Optional<Threshold> memory(Basis basis) {
        if (!(basis.residentBytes() > 0)) {
            return Optional.empty();
        }
        double critical = 0.9 * basis.memoryBytes();
        double warning =
                Math.min(0.8 * basis.memoryBytes(), critical * Math.exp(-basis.growthPerDay() * basis.leadDays()));
        boolean canFire = basis.maxHeapBytes() <= 0 || basis.residentBytes() + basis.maxHeapBytes() > critical;
        return Optional.of(new Threshold(
                "memory",
                Optional.empty(),
                "bytes",
                warning,
                critical,
                canFire,
                String.format(
                        Locale.ROOT,
                        "90 %% of %.1f GB, and that less %.0f days of growth, at most 80 %%; %.1f GB were resident under load%s",
                        basis.memoryBytes() / 1e9,
                        basis.leadDays(),
                        basis.residentBytes() / 1e9,
                        canFire
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "; heaps are capped at %.1f GB in all, so that it fires only if something else leaks",
                                        basis.maxHeapBytes() / 1e9))));
    }
}
