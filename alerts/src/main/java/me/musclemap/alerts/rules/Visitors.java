package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.List;

/** What visitors' browsers measured. */
final class Visitors {
    private Visitors() {}

    static List<Alert> alerts() {
        String all = "sum by (metric) (increase(rum_web_vital_rating_total[1h]))";
        String notGood = "sum by (metric) (increase(rum_web_vital_rating_total{rating!=\"good\"}[1h]))";
        return List.of(new Alert(
                "WebVitalsBudgetMissed",
                Severity.INFO,
                notGood + " / " + all + " > 0.25\nand " + all + " > 100",
                Duration.ofMinutes(30),
                Duration.ofMinutes(30),
                "visitors",
                "{{ $labels.metric }} is not good for {{ $value | humanizePercentage }} of visits",
                "More than a quarter of visits in the last hour was not good, so the 75th percentile misses its budget.",
                List.of(
                        new Alert.Limit(
                                "share of visits that are not good, 1 h",
                                "> 25 %",
                                "the plan, 6.2: p75 of LCP 2.5 s, INP 200 ms, CLS 0.1, as the browser rates them"),
                        new Alert.Limit("visits, 1 h", "> 100", "fixed: fewer say little about a p75")),
                new Alert.Runbook(
                        "Visitors have a slow or jumping page, whatever the server measures.",
                        List.of(
                                "Is the API's p99 up as well? Then start there.",
                                "Which page and which connection class: 'headroom rum query'.",
                                "Compare with the release before: 'headroom rum compare'."),
                        List.of(
                                "LCP: the largest image or the first request blocks; look at what the release added.",
                                "INP: a long task on the main thread; profile the page that stands out.",
                                "CLS: something without a reserved size."))));
    }
}
