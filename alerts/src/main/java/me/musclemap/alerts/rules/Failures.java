package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The share of requests that failed: server errors, and GraphQL answers whose operation failed (HTTP 200). */
final class Failures {
    private static final List<String> LONGER_WINDOWS = List.of("30m", "1h", "6h");

    /** With a few requests a minute one failure is many percent: so many failures must have been seen as well. */
    private static final int FEWEST_FAILURES = 5;

    /** Share of requests that may fail over a month; ours, because the plan names none. */
    private static final double BUDGET = 0.001;

    private Failures() {}

    static List<Recording> recordings() {
        var all = new ArrayList<Recording>();
        // "or 0 * requests": without a failure there is no series, and no series is not a share of zero.
        all.add(Recording.of(
                "service:failures:rate5m",
                "(sum(rate(%s)) or 0 * %s)\n+ (sum(rate(%s[5m])) or 0 * %s)"
                        .formatted(
                                Door.serverErrors("5m"),
                                Load.REQUESTS,
                                "graphql_server_operation_duration_seconds_count{job=\"api\",outcome=\"failed\"}",
                                Load.REQUESTS)));
        all.add(Recording.of(
                "service:failures:ratio_rate5m", "clamp_max(service:failures:rate5m / " + Load.REQUESTS + ", 1)"));
        for (String window : LONGER_WINDOWS) {
            all.add(Recording.of(
                    "service:failures:ratio_rate" + window,
                    "clamp_max(avg_over_time(service:failures:rate5m[%s]) / avg_over_time(%s[%s]), 1)"
                            .formatted(window, Load.REQUESTS, window)));
        }
        return all;
    }

    static List<Alert> alerts() {
        return List.of(
                share("FailuresHigh", Severity.WARNING, 0.01, Duration.ofMinutes(2)),
                share("FailuresCritical", Severity.CRITICAL, 0.05, Duration.ofMinutes(1)),
                burn("ErrorBudgetBurnFast", Severity.CRITICAL, 14.4, "1h", "5m", Duration.ofMinutes(2)),
                burn("ErrorBudgetBurnSlow", Severity.WARNING, 6, "6h", "30m", Duration.ofMinutes(15)));
    }

    private static Alert share(String name, Severity severity, double limit, Duration hold) {
        return new Alert(
                name,
                severity,
                "service:failures:ratio_rate5m > %s\nand service:failures:rate5m * 300 >= %d"
                        .formatted(Inputs.number(limit), FEWEST_FAILURES),
                hold,
                Duration.ofMinutes(5),
                "availability",
                "{{ $value | humanizePercentage }} of requests fail",
                "More than %s of requests failed over five minutes. 401, 404 and 429 are not counted."
                        .formatted(Inputs.percent(limit)),
                List.of(
                        new Alert.Limit(
                                "share of failed requests, 5 min", "> " + Inputs.percent(limit), "the plan, 6.1"),
                        new Alert.Limit(
                                "failed requests, 5 min",
                                ">= " + FEWEST_FAILURES,
                                "fixed: no alarm from one failure at night")),
                FAILING);
    }

    private static Alert burn(String name, Severity severity, double times, String slow, String quick, Duration hold) {
        String limit = Inputs.number(times * BUDGET);
        return new Alert(
                name,
                severity,
                "service:failures:ratio_rate%s > %s\nand service:failures:ratio_rate%s > %s\nand service:failures:rate5m * 300 >= %d"
                        .formatted(slow, limit, quick, limit, FEWEST_FAILURES),
                hold,
                Duration.ofMinutes(5),
                "availability",
                "The month's error budget burns %s times too fast".formatted(Inputs.number(times)),
                "Over the last %s %s of requests failed. At this pace the month's budget of %s is gone in %s days."
                        .formatted(
                                slow,
                                "{{ $value | humanizePercentage }}",
                                Inputs.percent(BUDGET),
                                Inputs.number(Math.round(30 / times * 10) / 10.0)),
                List.of(new Alert.Limit(
                        "share of failed requests, " + slow + " and " + quick,
                        "> " + Inputs.percent(times * BUDGET),
                        "budget of %s a month, %s times (SRE Workbook, multi-window burn rate)"
                                .formatted(Inputs.percent(BUDGET), Inputs.number(times)))),
                FAILING);
    }

    private static final Alert.Runbook FAILING = new Alert.Runbook(
            "Users see errors. This fires after the damage has begun: the capacity alerts are the ones meant to come before it.",
            List.of(
                    "The dashboard's table by operation, sorted by failures: is it one operation or all?",
                    "Is CapacityHeadroomLow, CpuSaturated or DbPoolWaiting firing too? Then it is load: go to that runbook.",
                    "What changed: the last deploy, a migration, a certificate?",
                    "The API's log of the same minutes; a failed request carries its trace id."),
            List.of(
                    "After a deploy within the hour: roll back first, look for the cause later.",
                    "One operation only: switch the feature off, or serve it from the cache.",
                    "The database refuses: see its log; PostgreSQL that is down or full explains every operation at once.",
                    "All operations, no load, no deploy: restart one instance, and keep its log and a thread dump first."));
}
