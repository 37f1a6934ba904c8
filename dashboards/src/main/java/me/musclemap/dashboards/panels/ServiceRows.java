package me.musclemap.dashboards.panels;

import static me.musclemap.dashboards.panels.Facts.WINDOW;
import static me.musclemap.dashboards.panels.Panel.Kind.HEATMAP;
import static me.musclemap.dashboards.panels.Panel.Kind.LINES;
import static me.musclemap.dashboards.panels.Panel.Kind.TABLE;

import java.util.List;

/** What the service does, for whom, and how well. */
final class ServiceRows {
    private ServiceRows() {}

    static Row requests(Facts facts) {
        return Row.of(
                "Requests: which operation?",
                Panel.of(
                        TABLE,
                        "Operations by time consumed",
                        Unit.NONE,
                        12,
                        9,
                        "GraphQL operations, those first that keep the API busiest (rate times mean). The first line is where a"
                                + " cache or an index pays most.",
                        Query.column(
                                "busy",
                                Unit.SHARE,
                                "sum by (graphql_operation_name) (rate(graphql_server_operation_duration_seconds_sum"
                                        + WINDOW + "))"),
                        Query.column(
                                "requests/s",
                                Unit.REQUESTS_PER_SECOND,
                                "sum by (graphql_operation_name) (rate(graphql_server_operation_duration_seconds_count"
                                        + WINDOW + "))"),
                        Query.column(
                                "p99",
                                Unit.SECONDS,
                                "histogram_quantile(0.99, sum by (le, graphql_operation_name)"
                                        + " (rate(graphql_server_operation_duration_seconds_bucket" + WINDOW + ")))"),
                        Query.column(
                                        "failed/s",
                                        Unit.REQUESTS_PER_SECOND,
                                        "sum by (graphql_operation_name) (rate(graphql_server_operation_duration_seconds_count"
                                                + "{outcome=\"failed\"}" + WINDOW + "))")
                                .sometimes()),
                Panel.of(
                        TABLE,
                        "Routes by time consumed",
                        Unit.NONE,
                        12,
                        9,
                        "The same by route, with telemetry posts and REST. A route that nobody planned for is a bot or a bug.",
                        Query.column(
                                "busy",
                                Unit.SHARE,
                                "sum by (job, http_route) (rate(http_server_request_duration_seconds_sum" + WINDOW
                                        + "))"),
                        Query.column(
                                "requests/s",
                                Unit.REQUESTS_PER_SECOND,
                                "sum by (job, http_route) (rate(http_server_request_duration_seconds_count" + WINDOW
                                        + "))"),
                        Query.column(
                                "p99",
                                Unit.SECONDS,
                                "histogram_quantile(0.99, sum by (le, job, http_route)"
                                        + " (rate(http_server_request_duration_seconds_bucket" + WINDOW + ")))")),
                Panel.of(
                        HEATMAP,
                        "Latency of all requests",
                        Unit.SECONDS,
                        8,
                        8,
                        "How many requests took how long. A second band is a second kind of request or a dependency that is"
                                + " slow now and then; a percentile hides that.",
                        Query.line("{{le}}", "sum by (le) (increase(" + facts.buckets() + "))")),
                Panel.of(
                                LINES,
                                "Latency",
                                Unit.SECONDS,
                                8,
                                8,
                                "Percentiles of the API. Below a thousand requests in the window the p99 is noise.",
                                Query.line("p50", facts.quantile(0.5)),
                                Query.line("p95", facts.quantile(0.95)),
                                Query.line("p99", facts.quantile(0.99)))
                        .above(
                                Math.min(facts.limit("p99", true, 0.5), Facts.PLANS_P99_SECONDS / 2),
                                Facts.PLANS_P99_SECONDS),
                Panel.of(
                        LINES,
                        "Answers that are not 2xx",
                        Unit.REQUESTS_PER_SECOND,
                        8,
                        8,
                        "By status. 5xx are failures. 401: tokens expired or somebody tries; 404: an old client; 429: limits at"
                                + " work.",
                        Query.line(
                                        "{{http_response_status_code}}",
                                        "sum by (http_response_status_code) (rate("
                                                + facts.requests(",http_response_status_code!~\"2..\"") + "))")
                                .sometimes(),
                        Query.line(
                                        "failed GraphQL operations",
                                        "sum(rate(graphql_server_operation_duration_seconds_count{outcome=\"failed\"}"
                                                + WINDOW + "))")
                                .sometimes()));
    }

    static Row cache() {
        return Row.of(
                "Cache: does it still help?",
                Panel.of(
                                LINES,
                                "Hit ratio by kind of key",
                                Unit.SHARE,
                                12,
                                7,
                                "Share of look-ups that were answered from the cache; the line is the plan's 80 %. A kind that"
                                        + " falls was invalidated too often or its time is too short; PostgreSQL pays for it.",
                                Query.line(
                                        "{{cache_key_class}}",
                                        "sum by (cache_key_class) (rate(cache_requests_total{result=\"hit\"}" + WINDOW
                                                + ")) / sum by (cache_key_class) (rate(cache_requests_total" + WINDOW
                                                + "))"))
                        .below(0.5, 0.8),
                Panel.of(
                        LINES,
                        "Look-ups",
                        Unit.PER_SECOND,
                        12,
                        7,
                        "Look-ups by kind of key. A ratio without look-ups says nothing.",
                        Query.line(
                                "{{cache_key_class}}",
                                "sum by (cache_key_class) (rate(cache_requests_total" + WINDOW + "))")));
    }

    static Row sockets() {
        return Row.of(
                "Sockets and people",
                Panel.of(
                        LINES,
                        "Open sockets",
                        Unit.COUNT,
                        8,
                        7,
                        "WebSockets that are open. A cliff is a restart or a proxy that cut them all; they come back at once,"
                                + " so expect a peak of requests.",
                        Query.line("sockets", "sum(websocket_connections)")),
                Panel.of(
                        LINES,
                        "Messages on sockets",
                        Unit.PER_SECOND,
                        8,
                        7,
                        "Messages by direction. Each message to all costs as much as there are sockets.",
                        Query.line(
                                "{{direction}}", "sum by (direction) (rate(websocket_messages_total" + WINDOW + "))")),
                Panel.of(
                        LINES,
                        "What people do",
                        Unit.PER_SECOND,
                        8,
                        7,
                        "Sets, workouts, logins and registrations. Requests up and these flat: it is not people.",
                        Query.line("sets logged", "sum(rate(musclemap_sets_logged_total" + WINDOW + "))"),
                        Query.line(
                                "workouts begun", "sum(rate(musclemap_workout_sessions_started_total" + WINDOW + "))"),
                        Query.line(
                                "workouts completed",
                                "sum(rate(musclemap_workout_sessions_completed_total" + WINDOW + "))"),
                        Query.line(
                                "logins {{outcome}}", "sum by (outcome) (rate(musclemap_logins_total" + WINDOW + "))"),
                        Query.line("registrations", "sum(rate(musclemap_registrations_total" + WINDOW + "))"),
                        Query.line("rate limited", "sum(rate(musclemap_rate_limited_total" + WINDOW + "))")));
    }

    static Row visitors() {
        String vitals = "rum_web_vital_rating_total";
        return Row.of(
                "Visitors: what their browsers measured",
                Panel.of(
                                LINES,
                                "Visits that are not good",
                                Unit.SHARE,
                                8,
                                7,
                                "Share of visits rated worse than good, by vital, over an hour. Above 25 % the 75th percentile"
                                        + " misses its budget (LCP 2.5 s, INP 200 ms, CLS 0.1). Server fine and this up: it is"
                                        + " the page.",
                                Query.line(
                                                "{{metric}}",
                                                "sum by (metric) (rate(" + vitals
                                                        + "{rating!=\"good\"}[1h])) / sum by (metric) (rate(" + vitals
                                                        + "[1h]))")
                                        .sometimes())
                        .above(0.25, 0.5),
                Panel.of(
                        LINES,
                        "Ratings",
                        Unit.PER_SECOND,
                        8,
                        7,
                        "Measurements by rating. Few measurements make a loud share: read both panels.",
                        Query.line("{{rating}}", "sum by (rating) (rate(" + vitals + WINDOW + "))")
                                .sometimes()),
                Panel.of(
                        LINES,
                        "Beacons",
                        Unit.PER_SECOND,
                        8,
                        7,
                        "What became of the beacons. Rejected ones after a release: its script sends another form.",
                        Query.line("{{outcome}}", "sum by (outcome) (rate(rum_beacons_total" + WINDOW + "))")));
    }

    static Row unseen() {
        return new Row(
                "What these pages do not see",
                true,
                List.of(
                        Panel.of(
                                LINES,
                                "Spans lost",
                                Unit.PER_SECOND,
                                8,
                                7,
                                "Spans that ended but were neither exported nor refused: waiting or dropped. Lasting means that"
                                        + " traces are missing.",
                                Query.line(
                                                "{{job}}: not exported",
                                                "sum by (job) (rate(telemetry_spans_total{outcome=\"ended\"}" + WINDOW
                                                        + ")) - sum by (job) (rate(telemetry_spans_total{outcome=\"exported\"}"
                                                        + WINDOW
                                                        + "))")
                                        .sometimes()),
                        Panel.of(
                                LINES,
                                "Beacons put under the overflow route",
                                Unit.PER_SECOND,
                                8,
                                7,
                                "Values whose route or cell was one too many. They count in the totals, not by route.",
                                Query.line("{{cause}}", "sum by (cause) (rate(rum_overflowed_total" + WINDOW + "))")
                                        .sometimes()),
                        Panel.of(
                                LINES,
                                "Values scrubbed",
                                Unit.PER_SECOND,
                                8,
                                7,
                                "Personal data that the scrubber replaced, by rule. A jump after a release: something new logs"
                                        + " what it should not.",
                                Query.line("{{rule}}", "sum by (rule) (rate(telemetry_scrubbed_total" + WINDOW + "))")
                                        .sometimes())));
    }
}
