package me.musclemap.dashboards.panels;

import static me.musclemap.dashboards.panels.Panel.Kind.STAT;
import static me.musclemap.dashboards.panels.Panel.Kind.TABLE;

import java.util.Locale;
import java.util.Map;

/** What is read first: is it well, and can these numbers be trusted? */
final class FirstScreen {
    private FirstScreen() {}

    static Row status(Facts facts) {
        String firing = "count(ALERTS{alertstate=\"firing\",severity=~\"critical|warning\"})";
        return Row.of(
                "",
                Panel.of(
                                STAT,
                                "Status",
                                Unit.NONE,
                                4,
                                4,
                                "DOWN: the API cannot be scraped. DEGRADED: a warning or critical alert fires. Go to the list of"
                                        + " alerts and open the runbook of the first.",
                                Query.now(
                                        "",
                                        "clamp_max(2 * ((min(up{job=\"api\"}) or vector(0)) == bool 0) + ((" + firing
                                                + " or vector(0)) > bool 0), 2)"))
                        .above(1, 2)
                        .naming(Map.of(0, "OK", 1, "DEGRADED", 2, "DOWN")),
                Panel.of(
                                STAT,
                                "Newest metrics",
                                Unit.SECONDS,
                                4,
                                4,
                                "Age of the API's newest sample. Above a minute everything on this page is old: look at the"
                                        + " service itself before you believe a line.",
                                Query.now("", "time() - max(timestamp(process_start_time_seconds{job=\"api\"}))"))
                        .above(60, 120),
                Panel.of(
                        STAT,
                        "API runs since",
                        Unit.SECONDS,
                        4,
                        4,
                        "Time since the API's youngest process started: the last deploy or crash. A value that falls again and"
                                + " again is a crash loop.",
                        Query.now("", "time() - max(process_start_time_seconds{job=\"api\"})")),
                Panel.of(
                        TABLE,
                        "Firing alerts",
                        Unit.NONE,
                        8,
                        4,
                        "Every alert that fires now; each has a runbook of its name. Empty is good.",
                        Query.now("", "sum by (alertname, severity) (ALERTS{alertstate=\"firing\",severity!=\"none\"})")
                                .sometimes()),
                Panel.words("What this system carries", 4, 4, carries(facts)));
    }

    private static String carries(Facts facts) {
        var policy = facts.capacity().capacity().policy();
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "**%,.0f requests/s** (%,.0f to %,.0f) by policy: %s.%n%n",
                policy.requestsPerSecond().p50(),
                policy.requestsPerSecond().p10(),
                policy.requestsPerSecond().p90(),
                policy.rule()));
        facts.capacity().capacity().users().stream()
                .filter(users -> users.kind().equals("inSession"))
                .forEach(users -> text.append(String.format(
                        Locale.ROOT,
                        "%,.0f users in session, %s.%n%n",
                        users.users().p50(),
                        users.assumes())));
        return text.append(String.format(
                        Locale.ROOT,
                        "Run %s, %s: %s. %s.",
                        facts.capacity().runId(),
                        facts.capacity().stack().name(),
                        facts.capacity().stack().scope(),
                        facts.capacity().quality().label()))
                .toString();
    }

    static Row golden(Facts facts) {
        return Row.of(
                "",
                Panel.of(
                                STAT,
                                "Requests",
                                Unit.REQUESTS_PER_SECOND,
                                6,
                                6,
                                "GraphQL and REST requests that the API answered; telemetry posts and sockets are left out."
                                        + " Yellow and red are the warning and critical rates of the model. A sudden zero with"
                                        + " status OK means that nobody reaches the door: look at the proxy.",
                                Query.line("requests/s", facts.rate()))
                        .above(facts.warningRate(), facts.safeRate()),
                Panel.of(
                                STAT,
                                "Failed requests",
                                Unit.SHARE,
                                6,
                                6,
                                "Server errors and failed GraphQL operations (which answer 200). 401, 404 and 429 are not"
                                        + " failures; see the row Requests. Limits: the plan's 1 % and 5 %.",
                                Query.line("failed", facts.failedShare()))
                        .above(0.01, 0.05),
                Panel.of(
                                STAT,
                                "Latency p50, p95, p99",
                                Unit.SECONDS,
                                6,
                                6,
                                "How long the API takes. Yellow is what the model gives at the critical rate, red the plan's"
                                        + " limit of one second. High without load: a slow dependency. High with load: a queue.",
                                Query.line("p50", facts.quantile(0.5)).sometimes(),
                                Query.line("p95", facts.quantile(0.95)).sometimes(),
                                Query.line("p99", facts.quantile(0.99)).sometimes())
                        .above(
                                Math.min(facts.limit("p99", true, 0.5), Facts.PLANS_P99_SECONDS / 2),
                                Facts.PLANS_P99_SECONDS),
                Panel.of(
                                STAT,
                                "Saturation",
                                Unit.SHARE,
                                6,
                                6,
                                "The share used of the limit that is used most: safe request rate, CPU or database pool. At"
                                        + " 100 % the safe capacity is used up. The row Capacity says which limit it is.",
                                Query.line("used", facts.used()))
                        .above(facts.warningRate() / facts.safeRate(), 1));
    }
}
