package me.musclemap.capacity.condition;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.uncertainty.Interval;

/**
 * What the model says of a condition. Figures that are empty lie more than four times beyond what was measured, or the rate is
 * not carried; {@code reasons} says which. Immutable.
 *
 * @param windows that were fitted
 * @param drivenPerSecond the highest headline rate that a window of the run served
 * @param extrapolated whether the condition lies beyond what was measured
 * @param carried whether the cores and the pool carry the rate that is asked about
 */
public record ConditionAnswer(
        NamedCondition condition,
        RunRecord run,
        int windows,
        int draws,
        double drivenPerSecond,
        boolean extrapolated,
        List<String> reasons,
        boolean carried,
        Most policy,
        Most slo,
        Most collapse,
        List<Limit> limits,
        List<StationUse> cpu,
        Optional<Interval> utilisation,
        List<Response> response,
        Optional<Simulated> simulation,
        List<CacheUse> caches,
        Optional<Pool> pool) {
    public ConditionAnswer {
        reasons = List.copyOf(reasons);
        limits = List.copyOf(limits);
        cpu = List.copyOf(cpu);
        response = List.copyOf(response);
        caches = List.copyOf(caches);
    }

    /**
     * A highest headline rate.
     *
     * @param perSecond empty beyond four times the measured range
     * @param extrapolated whether it is above what was driven
     */
    public record Most(String rule, Optional<Interval> perSecond, boolean extrapolated, String binding) {}

    /** One constraint, those that bind first in front: where it is reached, and its share used at the rate asked about. */
    public record Limit(String name, String limit, Optional<Interval> perSecond, OptionalDouble usedAtRate) {}

    /** Cores that a station keeps busy. */
    public record StationUse(String station, Interval cores) {}

    /**
     * A figure of the response, by both methods.
     *
     * @param formulaSeconds empty where no response times were recorded, or the rate is not carried
     * @param simulatedSeconds beside its 95 % half width
     * @param disagreement of the formula from the simulation, relative
     */
    public record Response(
            String quantity,
            Optional<Interval> formulaSeconds,
            OptionalDouble simulatedSeconds,
            OptionalDouble halfWidth,
            OptionalDouble disagreement) {}

    /**
     * What the simulation was made of.
     *
     * @param recordedTimes whether service times are those of the latency log; otherwise they are assumed
     */
    public record Simulated(
            boolean recordedTimes, double pausesPerSecond, double pauseSeconds, double poolWaitSeconds) {}

    /**
     * One key class.
     *
     * @param hitRatio at the rate asked about
     * @param measuredHitRatio of the run, as it was
     */
    public record CacheUse(
            String keyClass,
            double ttlSeconds,
            double keys,
            double lookupsPerSecond,
            Interval hitRatio,
            double measuredHitRatio,
            double lookupsCounted) {}

    /** Connections in use at the rate asked about. */
    public record Pool(
            int size, Interval inUse, double holdSeconds, boolean holdMeasured, double statementsPerRequest) {}

    /** Rate to the classes, as it was taken. */
    Map<String, Double> mix() {
        return condition.mix();
    }
}
