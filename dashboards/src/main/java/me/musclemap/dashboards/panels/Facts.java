package me.musclemap.dashboards.panels;

import java.math.BigDecimal;
import java.math.MathContext;
import me.musclemap.dashboards.capacity.CapacityFacts;
import me.musclemap.dashboards.capacity.RunFacts;

/** Numbers of the run and the expressions that several panels share. */
record Facts(CapacityFacts capacity, RunFacts run) {
    /** The API's headline: no telemetry posts, and no sockets, whose request lasts as long as the socket. */
    private static final String HEADLINE =
            "job=\"api\",http_route=~\"/api/.+\",http_route!~\"/api/(vitals|client-error|trace/frontend-log|community/ws.*)\"";

    /** What Grafana puts in for a window that fits the scrape and the zoom. */
    static final String WINDOW = "[$__rate_interval]";

    /** The plan's own limit for the slowest hundredth. */
    static final double PLANS_P99_SECONDS = 1;

    /** The plan's own limit for connections, and that of the policy capacity. */
    static final double PLANS_POOL_LIMIT = 0.8;

    double limit(String observable, boolean critical, double otherwise) {
        return capacity.threshold(observable)
                .map(threshold -> critical ? threshold.critical() : threshold.warning())
                .orElse(otherwise);
    }

    double cpuWarning() {
        return limit("cpuUtilisation", false, 0.6);
    }

    double cpuCritical() {
        return limit("cpuUtilisation", true, 0.7);
    }

    double poolWarning() {
        return Math.min(limit("poolUtilisation", true, 0.5), PLANS_POOL_LIMIT / 2);
    }

    double safeRate() {
        return capacity.capacity().policy().requestsPerSecond().p10();
    }

    double warningRate() {
        return limit("requestRate", false, 0.8 * safeRate());
    }

    String requests(String more) {
        return "http_server_request_duration_seconds_count{" + HEADLINE + more + "}" + WINDOW;
    }

    String buckets() {
        return "http_server_request_duration_seconds_bucket{" + HEADLINE + "}" + WINDOW;
    }

    String rate() {
        return "sum(rate(" + requests("") + "))";
    }

    /** Server errors and failed GraphQL operations as a share; zero, not nothing, without any. */
    String failedShare() {
        return ("clamp_max(((sum(rate(%s)) or 0 * %s) + (sum(rate(graphql_server_operation_duration_seconds_count"
                        + "{job=\"api\",outcome=\"failed\"}%s)) or 0 * %s)) / %s, 1)")
                .formatted(requests(",http_response_status_code=~\"5..\""), rate(), WINDOW, rate(), rate());
    }

    String quantile(double q) {
        return "histogram_quantile(" + number(q) + ", sum by (le) (rate(" + buckets() + ")))";
    }

    String stations() {
        return String.join("|", run.cpu().stations());
    }

    String cpuByStation() {
        return "sum by (station) (rate(headroom_station_cpu_seconds_total{station=~\"%s\"}%s)) / %s"
                .formatted(stations(), WINDOW, number(run.cpu().cores()));
    }

    String cpu() {
        return "sum(rate(headroom_station_cpu_seconds_total{station=~\"%s\"}%s)) / %s"
                .formatted(stations(), WINDOW, number(run.cpu().cores()));
    }

    String pool() {
        return "clamp_max(sum by (pool) (hikaricp_connections_active) / sum by (pool) (hikaricp_connections_max), 1)";
    }

    /** The share used of the limit that is used most. */
    String used() {
        return ("max(label_replace(%s / %s, \"limit\", \"requests\", \"\", \"\")"
                        + " or label_replace(%s / %s, \"limit\", \"cpu\", \"\", \"\")"
                        + " or label_replace(max(%s) / %s, \"limit\", \"dbPool\", \"\", \"\"))")
                .formatted(rate(), number(safeRate()), cpu(), number(cpuCritical()), pool(), number(PLANS_POOL_LIMIT));
    }

    static String number(double value) {
        return value == 0
                ? "0"
                : BigDecimal.valueOf(value)
                        .round(new MathContext(6))
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
