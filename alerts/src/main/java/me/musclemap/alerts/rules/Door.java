package me.musclemap.alerts.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import me.musclemap.alerts.capacity.RunFacts.RequestClass;

/**
 * Selectors for what comes in at the API. The scrape jobs are named {@code api}, {@code rum} and {@code agent}. The
 * headline leaves out telemetry posts and sockets: a socket's request lasts as long as the socket and would be its p99.
 */
final class Door {
    private static final String HEADLINE =
            "{job=\"api\",http_route=~\"/api/.+\",http_route!~\"/api/(vitals|client-error|trace/frontend-log|community/ws.*)\"%s}";

    /** Operations of the workload that are not GraphQL, by their route. Source: MuscleMap's public interface. */
    private static final Map<String, String> ROUTES = Map.of(
            "LeaderboardSimple", "/api/leaderboards/simple",
            "LeaderboardUserRank", "/api/leaderboards/user-rank",
            "Refresh", "/api/auth/refresh",
            "ClientError", "/api/client-error",
            "FrontendLog", "/api/trace/frontend-log");

    /** Vitals go to the collector; where the API passes them on, counting them there too would count them twice. */
    private static final String VITALS = "Vitals";

    private Door() {}

    /** Requests of the headline, as a range over {@code window}. */
    static String requests(String window) {
        return "http_server_request_duration_seconds_count" + HEADLINE.formatted("") + "[" + window + "]";
    }

    /** Those that ended in a server error: 401, 404 and 429 are answers, not failures. */
    static String serverErrors(String window) {
        return "http_server_request_duration_seconds_count" + HEADLINE.formatted(",http_response_status_code=~\"5..\"")
                + "[" + window + "]";
    }

    static String buckets(String window) {
        return "http_server_request_duration_seconds_bucket" + HEADLINE.formatted("") + "[" + window + "]";
    }

    /** The rate of a class over five minutes; zero, not nothing, when none came. */
    static String classRate(RequestClass requestClass) {
        List<String> routes = requestClass.operations().stream()
                .filter(ROUTES::containsKey)
                .map(ROUTES::get)
                .sorted()
                .toList();
        List<String> operations = requestClass.operations().stream()
                .filter(operation -> !ROUTES.containsKey(operation) && !operation.equals(VITALS))
                .sorted()
                .toList();
        var parts = new ArrayList<String>();
        if (!operations.isEmpty()) {
            parts.add("graphql_server_operation_duration_seconds_count{job=\"api\",graphql_operation_name=~\""
                    + Inputs.anyOf(operations) + "\"}");
        }
        if (!routes.isEmpty()) {
            parts.add("http_server_request_duration_seconds_count{job=\"api\",http_route=~\"" + Inputs.anyOf(routes)
                    + "\"}");
        }
        if (requestClass.operations().contains(VITALS)) {
            parts.add("http_server_request_duration_seconds_count{job=\"rum\",http_route=\"/api/vitals\"}");
        }
        return parts.stream()
                .map(part -> "(sum(rate(" + part + "[5m])) or vector(0))")
                .collect(Collectors.joining("\n+ "));
    }
}
