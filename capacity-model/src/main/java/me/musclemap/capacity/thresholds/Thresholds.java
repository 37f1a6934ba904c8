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
     * @param configured what the service's settings allow at most
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
            double residualRatio,
            Configured configured) {}

    /**
     * Settings that keep a figure from rising further, whatever the load: an alert above them is never heard.
     *
     * @param requestSecondsMax after which a request is given up; infinite where nothing ends it
     * @param poolWaitSecondsMax after which a request no longer waits for a connection
     * @param requestsInFlightMax requests that the service works on at one time; infinite where nothing limits them
     * @param serverConnectionsMax connections that the database accepts
     */
    public record Configured(
            double requestSecondsMax,
            double poolWaitSecondsMax,
            double requestsInFlightMax,
            double serverConnectionsMax) {
        /** Nothing but the machine limits anything. */
        public static final Configured NOTHING = new Configured(
                Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

        /** Connections of a pool that can be open at once. */
        double connections(int poolSize) {
            return Math.min(poolSize, serverConnectionsMax);
        }
    }

    /** Whether an alert can fire, and the setting that keeps it from it. */
    private record Reach(boolean canFire, String why) {
        static Reach of(boolean canFire, String why) {
            return new Reach(canFire, canFire ? "" : "; it can never fire: " + why);
        }

        Reach and(Reach other) {
            return canFire ? other : this;
        }
    }

    /** Whether a rate can be served at all: by the cores, and by the connections that its requests hold meanwhile. */
    private static Reach served(Basis basis, double perSecond) {
        double connections = basis.configured().connections(basis.poolSize());
        return Reach.of(
                        perSecond < basis.saturationPerSecond(),
                        String.format(
                                Locale.ROOT, "the cores give out at %.0f requests/s", basis.saturationPerSecond()))
                .and(Reach.of(
                        basis.poolSize() == 0 || basis.observables().connections(perSecond) <= connections,
                        String.format(
                                Locale.ROOT,
                                "the %.0f connections give out first, %.1f would be in use at %.0f requests/s",
                                connections,
                                basis.observables().connections(perSecond),
                                perSecond)));
    }

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
        Reach served = served(basis, critical);
        thresholds.add(new Threshold(
                "requestRate",
                Optional.empty(),
                "requestsPerSecond",
                warning,
                critical,
                served.canFire(),
                why
                        + String.format(Locale.ROOT, "; the cores give out at %.0f", basis.saturationPerSecond())
                        + served.why()));
        double busyWarning = basis.observables().utilisation(warning);
        double busyCritical = basis.observables().utilisation(critical);
        thresholds.add(new Threshold(
                "cpuUtilisation",
                Optional.of("cpu"),
                "ratio",
                busyWarning,
                busyCritical,
                served.canFire() && busyCritical < 1,
                "what the model says of the shared cores at those rates" + served.why()));
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
                FAILED_CRITICAL < 1,
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
        Reach reach = Reach.of(
                        high.getAsDouble() < basis.configured().requestSecondsMax(),
                        String.format(
                                Locale.ROOT,
                                "a request is given up after %.3g s",
                                basis.configured().requestSecondsMax()))
                .and(Reach.of(
                        full >= high.getAsDouble(), String.format(Locale.ROOT, "with full cores it is %.3g s", full)));
        return Optional.of(new Threshold(
                "p99",
                Optional.empty(),
                "seconds",
                low.getAsDouble(),
                high.getAsDouble(),
                reach.canFire(),
                "what the model says at those rates; " + plansLatency(basis) + reach.why()));
    }

    /** When the plan's own limit would speak up. */
    private static String plansLatency(Basis basis) {
        if (basis.configured().requestSecondsMax() <= PLANS_P99_SECONDS) {
            return String.format(
                    Locale.ROOT,
                    "the plan's 1 s is never reached: a request is given up after %.3g s",
                    basis.configured().requestSecondsMax());
        }
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
        double open = basis.configured().connections(size);
        Reach use = Reach.of(
                        ratioCritical * size <= open,
                        String.format(
                                Locale.ROOT,
                                "the database accepts %.0f connections, %.0f would have to be in use",
                                open,
                                Math.ceil(ratioCritical * size)))
                .and(Reach.of(
                        ratioCritical * size <= basis.configured().requestsInFlightMax(),
                        String.format(
                                Locale.ROOT,
                                "no more than %.0f requests are worked on at one time",
                                basis.configured().requestsInFlightMax())));
        double waitWarning = wait(size, ratioWarning, basis.holdSeconds());
        double waitCritical = Math.max(2 * waitWarning, wait(size, ratioCritical, basis.holdSeconds()));
        // Who may wait no longer fails: longer waits are never seen.
        Reach waits = Reach.of(
                waitCritical < basis.configured().poolWaitSecondsMax(),
                String.format(
                        Locale.ROOT,
                        "nobody waits longer than %.3g s, then the request fails",
                        basis.configured().poolWaitSecondsMax()));
        Reach anyWaits = Reach.of(
                basis.configured().requestsInFlightMax() > size,
                String.format(
                        Locale.ROOT,
                        "no more than %.0f requests are worked on at one time, and each finds one of %d connections",
                        basis.configured().requestsInFlightMax(),
                        size));
        return List.of(
                new Threshold(
                        "poolUtilisation",
                        pool,
                        "ratio",
                        ratioWarning,
                        ratioCritical,
                        use.canFire(),
                        String.format(
                                        Locale.ROOT,
                                        "of %d connections: %.1f are in use at the warning rate, %.1f at the critical one; two and three times as many are no chance; ",
                                        size,
                                        inUseWarning,
                                        inUseCritical)
                                + plansPool(basis)
                                + use.why()),
                queue(basis, ratioWarning, ratioCritical),
                new Threshold(
                        "poolWait",
                        pool,
                        "seconds",
                        waitWarning,
                        waitCritical,
                        anyWaits.and(waits).canFire(),
                        String.format(
                                        Locale.ROOT,
                                        "95 %% of the waits for a connection at that use are shorter (Erlang C), held %.1f ms each",
                                        basis.holdSeconds() * 1000)
                                + anyWaits.and(waits).why()));
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
    private static Threshold queue(Basis basis, double ratioWarning, double ratioCritical) {
        int size = basis.poolSize();
        double warning = Math.max(1, waitingRequests(size, ratioWarning));
        double critical = Math.max(2 * warning, waitingRequests(size, ratioCritical));
        Reach reach = Reach.of(
                basis.configured().connections(size) + critical
                        <= basis.configured().requestsInFlightMax(),
                String.format(
                        Locale.ROOT,
                        "no more than %.0f requests are worked on at one time, %.0f of them with a connection",
                        basis.configured().requestsInFlightMax(),
                        basis.configured().connections(size)));
        return new Threshold(
                "poolQueue",
                Optional.of("dbPool"),
                "count",
                warning,
                critical,
                reach.canFire(),
                String.format(
                                Locale.ROOT,
                                "mean number that waits with %.0f %% and %.0f %% of the pool in use (Erlang C), at least one and two",
                                ratioWarning * 100,
                                ratioCritical * 100)
                        + reach.why());
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
        // Less than nothing cannot be measured, nor more than all cores: the larger of both is as far off as it gets.
        double busy = basis.observables().utilisation(basis.policyP10());
        double most = Math.max(1, busy > 0 ? 1 / busy - 1 : Double.POSITIVE_INFINITY);
        Reach reach = Reach.of(
                2 * three < most,
                String.format(
                        Locale.ROOT,
                        "with %.0f %% of the cores predicted, measured CPU can be off by %.0f %% at most",
                        busy * 100,
                        most * 100));
        return new Threshold(
                "modelError",
                Optional.empty(),
                "ratio",
                three,
                2 * three,
                reach.canFire(),
                String.format(
                                Locale.ROOT,
                                "CPU measured against predicted: three standard deviations of the fit (%.1f %%) for 15 minutes mean that the model no longer describes the system",
                                basis.residualRatio() * 100)
                        + reach.why());
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
