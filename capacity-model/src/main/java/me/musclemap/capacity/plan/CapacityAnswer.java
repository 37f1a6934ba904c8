package me.musclemap.capacity.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.claims.Claim;
import me.musclemap.capacity.forecast.GrowthForecast;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.thresholds.Threshold;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;
import me.musclemap.capacity.validate.HeldOutComparison;

/**
 * Everything that the model says of one run. Immutable.
 *
 * @param policy empty where the model refuses to answer, as are slo, the largest consumer, users, curve and thresholds
 */
public record CapacityAnswer(
        FittedRun fitted,
        int draws,
        long seed,
        Quality quality,
        Optional<HeldOutComparison> heldOut,
        Optional<Limit> policy,
        Optional<Limit> slo,
        OptionalDouble collapsePerSecond,
        Optional<Consumer> largestConsumer,
        List<Users> users,
        List<CurvePoint> curve,
        List<PhaseAnswer> phases,
        SecondCoreAssumed secondCore,
        Optional<HeadroomNow> headroom,
        Optional<GrowthForecast> forecast,
        List<Threshold> thresholds,
        List<Claim> claims) {
    public CapacityAnswer {
        users = List.copyOf(users);
        curve = List.copyOf(curve);
        phases = List.copyOf(phases);
        thresholds = List.copyOf(thresholds);
        claims = List.copyOf(claims);
    }

    /**
     * Whether to believe it: valid, indicative or notValid, and why not more.
     *
     * @param refusal why the model gives no answer at all; it is then the first of the reasons
     */
    public record Quality(String label, int restarts, List<String> reasons, Optional<String> refusal) {
        public Quality {
            reasons = List.copyOf(reasons);
        }
    }

    /** The station that takes most of the shared cores, and its share of them. */
    public record Consumer(String station, double share) {}

    /** A highest rate under a rule. */
    public record Limit(String rule, Quantiles requestsPerSecond, NamedConstraint binding, boolean extrapolated) {}

    /** The policy rate as users of one kind. */
    public record Users(String kind, Quantiles users, String assumes) {}

    /**
     * One point of the curve of response times over the rate.
     *
     * @param utilisation share of the shared cores by station
     * @param disagreement formula against simulation at p95, relative
     */
    public record CurvePoint(
            double requestsPerSecond,
            Optional<Interval> mean,
            Optional<Interval> p95,
            Optional<Interval> p99,
            Map<String, Double> utilisation,
            boolean extrapolated,
            OptionalDouble disagreement) {}

    /** What is left at a present peak. */
    public record HeadroomNow(double atRequestsPerSecond, Quantiles ratio, NamedConstraint binding) {}
}
