package me.musclemap.dashboards.capacity;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import me.musclemap.dashboards.InputException;
import me.musclemap.dashboards.Json;
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
        refuseWithoutAnswer(runDirectory.resolve("capacity.json"));
        return Json.read(
                runDirectory.resolve("capacity.json"),
                CapacityFacts.class,
                "make it anew with 'headroom capacity plan RUN'");
    }

    /** Of a model that does not fit there is a file, but no rate in it. */
    private static void refuseWithoutAnswer(Path file) {
        var answer = Json.read(file, MaybeRefused.class, "make it anew with 'headroom capacity plan RUN'");
        JsonNode policy = answer.capacity().policy();
        if (policy != null && policy.isNull()) {
            throw new InputException(file + ": holds no capacity ("
                    + answer.verdict().title() + "), so that no limits can be drawn from it: record the run again");
        }
    }

    private record MaybeRefused(MaybeCapacity capacity, Title verdict) {}

    private record MaybeCapacity(@Nullable JsonNode policy) {}

    private record Title(String title) {}

    /** The model's limit for what can be watched, where it has one. */
    public Optional<Threshold> threshold(String observable) {
        return thresholds.stream()
                .filter(threshold -> threshold.observable().equals(observable))
                .findFirst();
    }
}
