package me.musclemap.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** capacity.json: what the model says of a run. Names carry units; shares and ratios are 0 to 1. */
public record CapacityAnswer(
        int schemaVersion,
        String runId,
        String runSha256,
        Model model,
        QualityOfAnswer quality,
        Stack stack,
        Workload workload,
        Verdict verdict,
        List<Demand> demands,
        List<Background> background,
        Fit fit,
        @Nullable HeldOut heldOut,
        Capacity capacity,
        List<CurvePoint> curve,
        List<Phase> phases,
        @Nullable Headroom headroom,
        @Nullable Forecast forecast,
        @Nullable WhatIf whatIf,
        List<Threshold> thresholds,
        List<Claim> claims) {

    public CapacityAnswer {
        if (schemaVersion != 1) {
            throw new IllegalArgumentException(
                    "schemaVersion=%d: this report reads version 1".formatted(schemaVersion));
        }
        demands = List.copyOf(demands);
        background = List.copyOf(background);
        curve = List.copyOf(curve);
        phases = List.copyOf(phases);
        thresholds = List.copyOf(thresholds);
        claims = List.copyOf(claims);
    }

    /** The model that answered. */
    public record Model(String version, long seed, int draws) {}

    /** How far the answer may be trusted, and why not further. */
    public record QualityOfAnswer(Quality label, int restarts, List<String> reasons) {}

    /** The stack the answer is of. */
    public record Stack(String name, String scope) {}

    /** What one user in session asks. */
    public record Workload(
            String name,
            double requestsPerSecondPerUser,
            double telemetryPerSecondPerUser,
            double sessionSeconds,
            Map<String, Double> mix) {}

    /** The answer in words. */
    public record Verdict(String title, List<String> sentences) {}

    /** CPU that a request of a class costs at a station. */
    public record Demand(
            @JsonProperty("class") String requestClass,
            String station,
            Interval cpuSecondsPerRequest,
            boolean identifiable) {}

    /** CPU that a station uses without a request, in cores. */
    public record Background(
            String station,
            Interval cores,
            @Nullable Double idleMeasuredCores,
            @Nullable Boolean meetsIdle) {}

    /** How the demands were fitted. */
    public record Fit(
            int windows,
            List<Excluded> excluded,
            @Nullable Double conditionNumber,
            String method,
            @Nullable Boolean loadDependent,
            List<StationFit> stations) {}

    /** A window that the fit left out. */
    public record Excluded(int window, String reason) {}

    /** What the fit leaves unexplained at a station. */
    public record StationFit(
            String station,
            double residualCores,
            @Nullable Double lag1,
            @Nullable Double loadExponent) {}

    /** Windows the model had not seen. */
    public record HeldOut(String sealedSha256, List<HeldOutWindow> windows, List<ErrorOf> errors, Coverage coverage) {}

    /** One held-out window; an older answer does not say where it was driven. */
    public record HeldOutWindow(
            int window,
            double offeredPerSecond,
            String mixName,
            @Nullable Rows dataset,
            @Nullable Double cores,
            @Nullable Boolean withGenerator,
            @Nullable Boolean own,
            List<Figure> figures) {}

    /** How large the data were. */
    public record Rows(long users, long workouts) {}

    /** A quantity as predicted and as measured. */
    public record Figure(
            String quantity,
            @Nullable String station,
            Interval predicted,
            double measured,
            @Nullable Double straightLine,
            @Nullable Double usl) {}

    /** How far predictions of a quantity were off, for the model and two baselines. */
    public record ErrorOf(
            String quantity,
            String unit,
            int count,
            @Nullable Rows dataset,
            @Nullable Double cores,
            @Nullable Boolean withGenerator,
            @Nullable Boolean own,
            @Nullable ErrorFigures model,
            @Nullable ErrorFigures straightLine,
            @Nullable ErrorFigures usl) {}

    /** Absolute error: its median and 90th percentile. */
    public record ErrorFigures(double median, double p90) {}

    /** How many measured figures lay inside their predicted interval. */
    public record Coverage(double confidence, int inside, int of) {}

    /** What the measured stack carries. */
    public record Capacity(
            @JsonProperty("policy") @Nullable Limit policyIfAnswered,
            @JsonProperty("slo") @Nullable Limit sloIfAnswered,
            @Nullable Double objectiveSeconds,
            @Nullable Double collapsePerSecond,
            List<Users> users,
            @JsonProperty("largestConsumer") @Nullable Consumer consumerIfAnswered) {
        /** The rate within policy, of an answer that the model did not refuse. */
        public Limit policy() {
            return answered(policyIfAnswered);
        }

        /** The rate at the latency objective, of an answer that the model did not refuse. */
        public Limit slo() {
            return answered(sloIfAnswered);
        }

        /** The largest consumer, of an answer that the model did not refuse. */
        public Consumer largestConsumer() {
            return answered(consumerIfAnswered);
        }

        private static <T> T answered(@Nullable T figure) {
            if (figure == null) {
                throw new IllegalStateException("the model refused to answer, and yet its figures are asked for");
            }
            return figure;
        }
    }

    /** A rate up to which a rule holds. */
    public record Limit(String rule, Quantiles requestsPerSecond, Constraint binding, boolean extrapolated) {}

    /** What gives out. */
    public record Constraint(
            String name,
            String limit,
            @Nullable String largestConsumer,
            @Nullable Double ratio) {}

    /** The policy rate as users of one kind. */
    public record Users(String kind, Quantiles users, String assumes) {}

    /** The station that uses most of what binds. */
    public record Consumer(String station, double share) {}

    /** The model at one rate. */
    public record CurvePoint(
            double requestsPerSecond,
            @Nullable Interval meanSeconds,
            @Nullable Interval p95Seconds,
            @Nullable Interval p99Seconds,
            Map<String, Double> utilisation,
            boolean extrapolated,
            @Nullable Double disagreement) {}

    /** A phase of the plan. */
    public record Phase(
            String id,
            String name,
            double targetUsers,
            List<Double> claimedUsers,
            List<PhaseOfStack> stacks,
            Cost costDollarsPerMonth) {}

    /** What a phase costs, as the plan says and as computed; null where it cannot be. */
    public record Cost(
            List<Double> claimed,
            @Nullable Interval computed,
            @Nullable String why) {}

    /** A phase on one stack. */
    public record PhaseOfStack(
            String stack,
            String label,
            @Nullable Quantiles requestsPerSecond,
            @Nullable Quantiles users,
            @Nullable String whyNull,
            @Nullable Constraint binding,
            List<Constraint> next,
            @Nullable Double headroom,
            @Nullable Double coresForTarget) {}

    /** What is left at the stated peak. */
    public record Headroom(double atRequestsPerSecond, Quantiles ratio, Constraint binding) {}

    /** What daily peaks grow to; errors are differences of logarithms, growth is of the logarithm, a day. */
    public record Forecast(
            int days,
            String from,
            String to,
            double presentPeakPerSecond,
            List<FormError> errors,
            @Nullable Double lastWeekError,
            @Nullable String chosen,
            @Nullable Interval growthPerDay,
            @Nullable Double pValue,
            List<ExpectedPeak> expected,
            @Nullable String whyNoDate,
            List<Exhaustion> exhaustion) {}

    /** How far a form of growth was off on days it had not seen. */
    public record FormError(
            String form, @Nullable Double error, @Nullable String whyNot) {}

    /** The highest peak of the week to a date. */
    public record ExpectedPeak(String date, Quantiles requestsPerSecond) {}

    /** When peaks pass a capacity; without a date, why. */
    public record Exhaustion(
            String capacity,
            String stack,
            String label,
            Quantiles requestsPerSecond,
            double probabilityWithin24Months,
            @Nullable String p10,
            @Nullable String p50,
            @Nullable String p90,
            @Nullable String whyNone) {}

    /** What moves the answer of one phase on one stack, what gains users, and what storms do. */
    public record WhatIf(
            String phase,
            String stack,
            String scope,
            boolean estimated,
            double requestsPerSecondPerUser,
            Tornado tornado,
            Levers levers,
            List<Storm> storms) {}

    /** Each input at both ends of its uncertainty. */
    public record Tornado(double users, List<Turned> rows, List<String> withoutEffect) {}

    /** One input, turned. */
    public record Turned(String input, String stated, String low, String high, double usersAtLow, double usersAtHigh) {}

    /** What may be done. */
    public record Levers(Quantiles users, String binding, List<Lever> rows) {}

    /** One thing that may be done. */
    public record Lever(String name, String effort, Quantiles gainedUsers, double gainedRatio, String binding) {}

    /** A load that comes at once. */
    public record Storm(
            String name,
            String what,
            double users,
            List<StormResource> resources,
            @Nullable String givesOut) {}

    /** What it does to cores or event loops; lastsSeconds are null where the backlog never ends. */
    public record StormResource(
            String name, Quantiles highestUse, OpenQuantiles waitSeconds, OpenQuantiles lastsSeconds) {}

    /** Percentiles of something that may have no end: null is without end. */
    public record OpenQuantiles(
            @Nullable Double p10,
            @Nullable Double p50,
            @Nullable Double p90) {}

    /** A value to warn at. */
    public record Threshold(
            String observable,
            @Nullable String station,
            String unit,
            double warning,
            double critical,
            @Nullable Boolean canFire,
            String why) {}

    /** A sentence of the plan, judged. */
    public record Claim(
            String id,
            String statement,
            String place,
            @Nullable String formula,
            ClaimVerdict verdict,
            @Nullable Quantiles measured,
            @Nullable String unit,
            String why,
            @Nullable String wouldHoldIf) {}

    /** What measurement says of a claim. */
    public enum ClaimVerdict {
        @JsonProperty("holds")
        HOLDS,
        @JsonProperty("doesNotHold")
        DOES_NOT_HOLD,
        @JsonProperty("selfContradicted")
        SELF_CONTRADICTED,
        @JsonProperty("undecided")
        UNDECIDED,
        @JsonProperty("untestable")
        UNTESTABLE
    }
}
