package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long users wait. */
final class Latency {
    static final String P99 = "service:latency_p99:seconds5m";

    /** A 99th percentile rests on one request in a hundred: below this count it is noise. */
    private static final int FEWEST_REQUESTS = 1000;

    private Latency() {}

    static List<Recording> recordings() {
        return List.of(
                Recording.of(P99, "histogram_quantile(0.99, sum by (le) (rate(" + Door.buckets("5m") + ")))"),
                Recording.of(
                        "service:latency_p50:seconds5m",
                        "histogram_quantile(0.5, sum by (le) (rate(" + Door.buckets("5m") + ")))"));
    }

    static List<Alert> alerts(Inputs inputs, List<RuleBook.Omitted> omitted) {
        var alerts = new ArrayList<Alert>();
        alerts.add(alert(
                "LatencyP99High",
                Severity.WARNING,
                1,
                Duration.ofMinutes(2),
                "The slowest hundredth of the API's requests takes longer than a second",
                "the plan, 6.1; by the model it comes only near collapse, so it is the last warning, not the first"));
        inputs.capacity().threshold("p99").ifPresent(limit -> {
            if (!limit.reachable()) {
                omitted.add(new RuleBook.Omitted("LatencyP99AboveModel", limit.why()));
                return;
            }
            alerts.add(alert(
                    "LatencyP99AboveModel",
                    Severity.INFO,
                    limit.critical(),
                    Duration.ofMinutes(10),
                    "The slowest hundredth of the API's requests takes longer than the model gives at the critical rate: there is a queue",
                    "capacity.json: " + limit.why()));
        });
        return alerts;
    }

    private static Alert alert(
            String name, Severity severity, double seconds, Duration hold, String summary, String source) {
        return new Alert(
                name,
                severity,
                P99 + " > " + Inputs.number(seconds) + "\nand " + Load.REQUESTS + " * 300 >= " + FEWEST_REQUESTS,
                hold,
                Duration.ofMinutes(5),
                "latency",
                "p99 is {{ $value | humanizeDuration }}",
                summary + ". Sockets and telemetry posts are not counted.",
                List.of(
                        new Alert.Limit("p99 of the API, 5 min", "> " + Inputs.brief(seconds) + " s", source),
                        new Alert.Limit(
                                "requests, 5 min",
                                ">= " + FEWEST_REQUESTS,
                                "fixed: a p99 needs ten requests above it")),
                new Alert.Runbook(
                        "Users wait. A rising p99 with little load means a slow dependency or one slow operation; with"
                                + " high load it means a queue.",
                        List.of(
                                "The dashboard's heatmap of latency: has everything moved, or did a second band appear?",
                                "Utilisation by station and the pool's waiting threads: which queue is it?",
                                "The table by operation, sorted by time consumed.",
                                "CPU steal: a noisy neighbour on the host looks just like this."),
                        List.of(
                                "A queue at the CPU: see CpuSaturated.",
                                "A queue at the pool: see DbPoolWaiting.",
                                "One slow operation: find its statement in pg_stat_statements; a missing index or a stale"
                                        + " plan is the usual cause.",
                                "Neither: look at garbage collection pauses and at the checkpoints of PostgreSQL.")));
    }
}
