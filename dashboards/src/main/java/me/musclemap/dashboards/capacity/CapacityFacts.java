package me.musclemap.dashboards.capacity;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import me.musclemap.alerts.capacity.CapacityFile;
import org.jspecify.annotations.Nullable;

/** What the dashboard needs of {@code capacity.json}: rates in headline requests per second, shares from 0 to 1. */
public record CapacityFacts(
        int schemaVersion, String runId, Quality quality, Stack stack, Capacity capacity, List<Threshold> thresholds) {
    /** How far the answer is to be trusted. */
    public record Quality(String label) {}

    /** Which stack was measured and what the scope leaves out. */
    public record Stack(String name, String scope) {}

    /** 10, 50 and 90 percentiles. */
    public record Quantiles(double p10, double p50, double p90) {}

    /** What gives out first. */
    public record Constraint(String name, String limit) {}

    /** The rate at which a rule is met. */
    public record Limit(String rule, Quantiles requestsPerSecond, Constraint binding) {}

    /** Users that a rate stands for. */
    public record Users(String kind, Quantiles users, String assumes) {}

    /** Policy and objective capacity. */
    public record Capacity(Limit policy, Limit slo, List<Users> users) {}

    /** A limit of the model for something that can be watched. */
    public record Threshold(
            String observable,
            String unit,
            double warning,
            double critical,
            @Nullable Boolean canFire,
            String why) {}

    /** Checks the version. */
    public CapacityFacts {
        if (schemaVersion != 1) {
            throw new IllegalArgumentException("schemaVersion=" + schemaVersion + ": this program reads version 1");
        }
        thresholds = List.copyOf(thresholds);
    }

    /** The answer of a run. */
    public static CapacityFacts ofRun(Path runDirectory) {
        return new CapacityFile(runDirectory).read(CapacityFacts.class, "no limits can be drawn from it");
    }

    /** The model's limit for what can be watched, where it has one. */
    public Optional<Threshold> threshold(String observable) {
        return thresholds.stream()
                .filter(threshold -> threshold.observable().equals(observable))
                .findFirst();
    }
}
