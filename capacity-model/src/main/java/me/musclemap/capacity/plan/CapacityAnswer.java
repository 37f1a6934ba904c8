package me.musclemap.capacity.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.claims.Claim;
import me.musclemap.capacity.forecast.GrowthForecast;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.predict.FormulaCheck;
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
        List<Claim> claims,
        List<StackRatio> stackRatios) {
    public CapacityAnswer {
        users = List.copyOf(users);
        curve = List.copyOf(curve);
        phases = List.copyOf(phases);
        thresholds = List.copyOf(thresholds);
        claims = List.copyOf(claims);
        stackRatios = List.copyOf(stackRatios);
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

    /** Sessions that begin in a minute at the policy rate, by Little's law; empty where the model refuses. */
    public Optional<Quantiles> sessionsPerMinute() {
        var workload = fitted.run().workload();
        return policy.map(p -> p.requestsPerSecond()
                .map(rate -> rate / workload.requestsPerSecondPerUser() / workload.sessionSeconds() * 60));
    }

    /**
     * CPU of one request of an operation on the production stack over that of its class on the measured one, at the policy
     * limit; where classes could not be told apart, over that of the mean request of the mix.
     */
    public record StackRatio(
            String requestClass, String operation, double measuredSeconds, double productionSeconds, boolean ofTheMix) {
        /** Times as dear. */
        public double ratio() {
            return productionSeconds / measuredSeconds;
        }
    }

    /** The policy rate as users of one kind. */
    public record Users(String kind, Quantiles users, String assumes) {}

    /**
     * One point of the curve of response times over the rate.
     *
     * @param utilisation share of the shared cores by station
     * @param check the formula of shared cores beside a simulation of them; empty where the cores are idle or full
     */
    public record CurvePoint(
            double requestsPerSecond,
            Optional<Interval> mean,
            Optional<Interval> p95,
            Optional<Interval> p99,
            Map<String, Double> utilisation,
            boolean extrapolated,
            Optional<FormulaCheck.Both> check) {}

    /** What is left at a present peak. */
    public record HeadroomNow(double atRequestsPerSecond, Quantiles ratio, NamedConstraint binding) {}
}
