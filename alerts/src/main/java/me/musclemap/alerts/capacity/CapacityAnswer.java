package me.musclemap.alerts.capacity;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.alerts.InputException;
import org.jspecify.annotations.Nullable;

/**
 * What the rules need of {@code capacity.json}. Rates are requests per second of the headline (telemetry posts left
 * out), utilisations are shares of the shared cores.
 *
 * @param runId the run that the answer is of
 * @param curve utilisation by rate, from low to high
 */
public record CapacityAnswer(
        int schemaVersion,
        String runId,
        String runSha256,
        Quality quality,
        Stack stack,
        Workload workload,
        List<Demand> demands,
        Capacity capacity,
        List<CurvePoint> curve,
        List<Threshold> thresholds) {
    /** How far the answer is to be trusted: valid, indicative or notValid. */
    public record Quality(String label, List<String> reasons) {}

    /** Which stack was measured and what the scope leaves out. */
    public record Stack(String name, String scope) {}

    /**
     * What the capacity holds for.
     *
     * @param mix share of each class in the headline rate; telemetry posts as a ratio to it
     */
    public record Workload(String name, double requestsPerSecondPerUser, Map<String, Double> mix) {}

    /** CPU that one request of a class takes at a station; not identifiable where only the mix's total is known. */
    public record Demand(
            @JsonProperty("class") String requestClass,
            String station,
            Interval cpuSecondsPerRequest,
            boolean identifiable) {}

    /** 10, 50 and 90 percentiles. */
    public record Quantiles(double p10, double p50, double p90) {}

    /** What gives out first. */
    public record Constraint(
            String name, String limit, @Nullable String largestConsumer) {}

    /** The rate at which a rule is met. */
    public record Limit(String rule, Quantiles requestsPerSecond, Constraint binding, boolean extrapolated) {}

    /** The station that takes the largest share. */
    public record Consumer(String station, double share) {}

    /** Users that a rate stands for. */
    public record Users(String kind, Quantiles users, String assumes) {}

    /** Policy and objective capacity of the measured stack. */
    public record Capacity(
            Limit policy, Limit slo, @Nullable Double collapsePerSecond, List<Users> users, Consumer largestConsumer) {}

    /** An interval with its middle. */
    public record Interval(double low, double mid, double high) {}

    /** The model's answer at one rate. */
    public record CurvePoint(
            double requestsPerSecond,
            @Nullable Interval p99Seconds,
            Map<String, Double> utilisation,
            boolean extrapolated) {
        /** Utilisation of the shared cores by all stations together. */
        public double totalUtilisation() {
            return utilisation.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
        }
    }

    /** A limit that the model gives for something that can be watched. */
    public record Threshold(
            String observable,
            @Nullable String station,
            String unit,
            double warning,
            double critical,
            @Nullable Boolean canFire,
            String why) {
        /** Whether the system can get there at all; the model says so where it knows. */
        public boolean reachable() {
            return canFire == null || canFire;
        }
    }

    /** Checks what the rules divide by. */
    public CapacityAnswer {
        if (schemaVersion != 1) {
            throw new IllegalArgumentException("schemaVersion=" + schemaVersion + ": this program reads version 1");
        }
        double low = capacity.policy().requestsPerSecond().p10();
        if (!(low > 0)) {
            throw new IllegalArgumentException(
                    "capacity.policy.requestsPerSecond.p10=" + low + ": must be above zero, or there is no headroom");
        }
        demands = List.copyOf(demands);
        curve = List.copyOf(curve);
        thresholds = List.copyOf(thresholds);
    }

    /**
     * The answer of a run.
     *
     * @throws InputException when the run has none, or a broken one
     */
    public static CapacityAnswer ofRun(Path runDirectory) {
        return new CapacityFile(runDirectory).read(CapacityAnswer.class, "no rules can be made of it");
    }

    /** The model's limit for what can be watched, where it has one. */
    public Optional<Threshold> threshold(String observable) {
        return thresholds.stream()
                .filter(threshold -> threshold.observable().equals(observable))
                .findFirst();
    }

    /** The lower bound of the policy capacity: what alerts may count on. */
    public double safeRequestsPerSecond() {
        return capacity.policy().requestsPerSecond().p10();
    }
}
