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
        return Optional.of(
                new Threshold(
                        "p99",
                        Optional.empty(),
                        "seconds",
                        low.getAsDouble(),
                        high.getAsDouble(),
                        true,
                        "what the model says at those rates: the plan's 1 s would fire only when the cores are full, with nothing left to do"));
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
                                "of %d connections: %.1f are in use at the warning rate, %.1f at the critical one; two and three times as many are no chance",
                                size,
                                inUseWarning,
                                inUseCritical)),
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
        boolean canFire = basis.maxHeapBytes() <= 0 || basis.residentBytes() + basis.maxHeapBytes() > critical;
        return Optional.of(new Threshold(
                "memory",
                Optional.empty(),
                "bytes",
                0.8 * basis.memoryBytes(),
                critical,
                canFire,
                String.format(
                        Locale.ROOT,
                        "80 %% and 90 %% of %.1f GB; %.1f GB were resident under load%s",
                        basis.memoryBytes() / 1e9,
                        basis.residentBytes() / 1e9,
                        canFire
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "; heaps are capped at %.1f GB in all, so that it fires only if something else leaks",
                                        basis.maxHeapBytes() / 1e9))));
    }
}
