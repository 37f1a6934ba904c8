package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import me.musclemap.alerts.capacity.CapacityAnswer.Quantiles;

/**
 * How much of the capacity is left: one less the largest share used of any limit. The request rate alone would flatter
 * at saturation, where completed requests flatten; the CPU and the pool do not.
 */
final class Headroom {
    private static final String HEADROOM = "service:headroom:ratio";
    private static final String CAPACITY = "service:capacity:requests_per_second";
    private static final String USED = "limit:used:ratio";
    private static final String EXPECTED_CPU = "service:cpu_expected:ratio";

    /** An alert that has fired clears this much above its limit, or noise on the limit would ring it all day. */
    private static final double HYSTERESIS = 0.05;

    /** Above this headroom a falling line is everyday traffic, not exhaustion. */
    private static final double FAR_FROM_FULL = 0.4;

    /** Share of the safe capacity below which the model is not judged. */
    private static final double LEAST_LOAD = 0.2;

    private Headroom() {}

    static List<Recording> recordings(Inputs inputs) {
        var all = new ArrayList<Recording>();
        var answer = inputs.capacity();
        bounds(all, "policy", answer.runId(), answer.capacity().policy().requestsPerSecond());
        bounds(all, "slo", answer.runId(), answer.capacity().slo().requestsPerSecond());
        all.add(used("requests", Load.EQUIVALENT + " / max(" + CAPACITY + "{rule=\"policy\",bound=\"low\"})"));
        answer.threshold("cpuUtilisation")
                .ifPresent(limit -> all.add(used("cpu", Stations.CPU + " / " + Inputs.number(limit.critical()))));
        // The pool is looked at once a scrape: a single look is luck, five minutes of them are a share.
        all.add(used(
                "dbPool", "avg_over_time(" + Stations.POOL + "[5m]) / " + Inputs.number(Stations.PLANS_POOL_LIMIT)));
        all.add(Recording.of(HEADROOM, "1 - max(" + USED + ")"));
        all.add(Recording.of(
                EXPECTED_CPU,
                "%s + %s * %s"
                        .formatted(
                                Inputs.number(inputs.expected().idleRatio()),
                                Inputs.number(inputs.expected().ratioPerRequestPerSecond()),
                                Load.EQUIVALENT)));
        all.add(Recording.of("service:model_error:ratio", "abs(" + Stations.CPU + " / " + EXPECTED_CPU + " - 1)"));
        return all;
    }

    private static void bounds(List<Recording> all, String rule, String run, Quantiles rate) {
        all.add(bound(rule, run, "low", rate.p10()));
        all.add(bound(rule, run, "mid", rate.p50()));
        all.add(bound(rule, run, "high", rate.p90()));
    }

    private static Recording bound(String rule, String run, String bound, double requestsPerSecond) {
        return new Recording(
                CAPACITY,
                "vector(" + Inputs.number(requestsPerSecond) + ")",
                Map.of("rule", rule, "bound", bound, "model", run));
    }

    private static Recording used(String limit, String expr) {
        return new Recording(USED, expr, Map.of("limit", limit));
    }

    static List<Alert> alerts(Inputs inputs, List<RuleBook.Omitted> omitted) {
        var alerts = new ArrayList<Alert>();
        double safe = inputs.capacity().safeRequestsPerSecond();
        inputs.capacity().threshold("requestRate").ifPresent(limit -> {
            if (!limit.reachable()) {
                omitted.add(new RuleBook.Omitted("CapacityHeadroomLow", limit.why()));
                return;
            }
            double low = round(1 - limit.warning() / safe);
            double exhausted = round(1 - limit.critical() / safe);
            alerts.add(low(low, limit.why(), limit.warning()));
            alerts.add(exhausted(exhausted, limit.why(), limit.critical()));
            alerts.add(soon(exhausted));
        });
        inputs.capacity()
                .threshold("modelError")
                .ifPresent(limit -> alerts.add(stale(limit.warning(), LEAST_LOAD * safe, limit.why())));
        return alerts;
    }

    private static Alert low(double limit, String why, double rate) {
        return new Alert(
                "CapacityHeadroomLow",
                Severity.WARNING,
                "%s < %s\nor (%s < %s and on () ALERTS{alertname=\"CapacityHeadroomLow\",alertstate=\"firing\"})"
                        .formatted(HEADROOM, Inputs.number(limit), HEADROOM, Inputs.number(round(limit + HYSTERESIS))),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                "capacity",
                "{{ $value | humanizePercentage }} of the safe capacity is left",
                "Less than %s of the lower bound of the capacity is left. It clears at %s."
                        .formatted(Inputs.percent(limit), Inputs.percent(limit + HYSTERESIS)),
                List.of(new Alert.Limit(
                        "headroom",
                        "< %s (%s requests/s of the mix), clears at %s"
                                .formatted(
                                        Inputs.percent(limit), Inputs.brief(rate), Inputs.percent(limit + HYSTERESIS)),
                        "capacity.json: " + why)),
                RUNBOOK);
    }

    private static Alert exhausted(double limit, String why, double rate) {
        return new Alert(
                "CapacityHeadroomExhausted",
                Severity.CRITICAL,
                HEADROOM + " < " + Inputs.number(limit),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                "capacity",
                "The safe capacity is used up: {{ $value | humanizePercentage }} headroom",
                "The load has reached the lower bound of the policy capacity. Latency is about to rise quickly.",
                List.of(new Alert.Limit(
                        "headroom",
                        "< %s (%s requests/s of the mix)".formatted(Inputs.percent(limit), Inputs.brief(rate)),
                        "capacity.json: " + why)),
                RUNBOOK);
    }

    private static Alert soon(double exhausted) {
        return new Alert(
                "CapacityExhaustionSoon",
                Severity.WARNING,
                "predict_linear(%s[30m], 3600) < %s\nand %s < %s\nand deriv(%s[30m]) < 0"
                        .formatted(HEADROOM, Inputs.number(exhausted), HEADROOM, FAR_FROM_FULL, HEADROOM),
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                "capacity",
                "At this pace the safe capacity is used up within the hour",
                "The headroom of the last 30 minutes, drawn on as a line, is used up within an hour.",
                List.of(
                        new Alert.Limit(
                                "headroom in one hour, by a line through 30 min",
                                "< " + Inputs.percent(exhausted),
                                "capacity.json, critical rate"),
                        new Alert.Limit(
                                "headroom now",
                                "< " + Inputs.percent(FAR_FROM_FULL),
                                "fixed: above it a fall is everyday traffic")),
                RUNBOOK);
    }

    private static Alert stale(double limit, double leastRate, String why) {
        return new Alert(
                "CapacityModelStale",
                Severity.INFO,
                "service:model_error:ratio > %s\nand %s > %s"
                        .formatted(Inputs.number(limit), Load.EQUIVALENT, Inputs.number(Math.rint(leastRate))),
                Duration.ofMinutes(30),
                Duration.ofMinutes(15),
                "model",
                "The CPU is {{ $value | humanizePercentage }} away from what the model expects at this load",
                "The model no longer describes the system, so every capacity threshold here is in doubt.",
                List.of(
                        new Alert.Limit(
                                "CPU seen against CPU expected at this load",
                                "more than " + Inputs.percent(limit) + " apart",
                                "capacity.json: " + why),
                        new Alert.Limit(
                                "load",
                                "> %s requests/s of the mix".formatted(Inputs.number(Math.rint(leastRate))),
                                "fixed: 20 % of the safe capacity; below it the idle CPU decides")),
                new Alert.Runbook(
                        "Thresholds are only as good as the model behind them. This says that the model is wrong now.",
                        List.of(
                                "Is the CPU above or below what is expected? Above means that requests have become dearer.",
                                "What changed since the calibration: a deploy, the data's size, the mix, the host?",
                                "CPU steal on the host."),
                        List.of(
                                "Calibrate again ('headroom load run calibrate'), plan, and render these rules anew.",
                                "Until then read every headroom with suspicion, and watch CPU and p99 instead.")));
    }

    private static double round(double ratio) {
        return Math.round(ratio * 1e3) / 1e3;
    }

    private static final Alert.Runbook RUNBOOK = new Alert.Runbook(
            "Users notice nothing yet: this is the time to act. Headroom is one less the largest share used of three limits:"
                    + " requests (weighted by what each class costs), CPU and database connections.",
            List.of(
                    "Which limit binds: the series limit:used:ratio with the highest value.",
                    "Offered load against capacity on the dashboard: growth, a campaign, a bot, or a retry storm?",
                    "Requests by class: has the mix shifted to logins or to heavy reads?"),
            List.of(
                    "One sender or one route stands out: limit it at the proxy.",
                    "Lengthen cache times of the heavy reads (leaderboards, community statistics) and slow down polling.",
                    "Add cores or go to the next phase of the plan: the report says which and what it carries.",
                    "Was the load announced? A load test inhibits this alert; say so next time with a silence."));
}
