package me.musclemap.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import java.util.Map;
import java.util.Set;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpTelemetryTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Telemetry telemetry = Telemetry.start(TelemetryConfig.of("test", "1"));

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void aRequestIsCountedOnceUnderItsRouteMethodStatusAndError() {
        request("GET", "/api/exercises", 200, null);
        request("GET", "/api/exercises", 200, null);
        request("GET", "/api/exercises", 503, null);
        request("POST", "/graphql", 500, new IllegalStateException("broken"));

        assertThat(page())
                .contains(count("GET", "/api/exercises", "200", "") + " 2")
                .contains(count("GET", "/api/exercises", "503", "503") + " 1")
                .contains(count("POST", "/graphql", "500", "java.lang.IllegalStateException") + " 1");
    }

    @Test
    void aSecondStopDoesNotCountAgain() {
        var exchange = telemetry.http().start("GET", header -> null);
        exchange.stop("/once", 200, null);
        exchange.stop("/once", 200, null);

        assertThat(page()).contains(count("GET", "/once", "200", "") + " 1");
    }

    @Test
    void unknownMethodsUnmatchedRoutesAndTooManyRoutesAreBounded() {
        request("BREW", null, 404, null);
        for (int i = 0; i < 1000; i++) {
            request("GET", "/made-up/" + i, 200, null);
        }

        assertThat(page()).contains(count("_OTHER", "unmatched", "404", "") + " 1");
        assertThat(page().lines().filter(line -> line.startsWith("http_server_request_duration_seconds_count")))
                .hasSizeLessThanOrEqualTo(202);
        assertThat(page()).contains(count("GET", "_OTHER", "200", "") + " 801");
    }

    @Test
    void aCallersTraceGoesOnAndIsCurrentUntilTheEnd() {
        var exchange = telemetry.http().start("GET", Map.of("traceparent", PARENT)::get);

        assertThat(exchange.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(exchange.traceparent())
                .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
                .endsWith("-01");
        assertThat(Span.current().getSpanContext().getTraceId()).isEqualTo(exchange.traceId());
        exchange.stop("/x", 200, null);
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void aMalformedCallersTraceStartsANewOne() {
        var exchange = telemetry.http().start("GET", Map.of("traceparent", "00-zz")::get);

        assertThat(exchange.traceId()).matches("[0-9a-f]{32}").isNotEqualTo("0".repeat(32));
        exchange.stop("/x", 200, null);
    }

    @Test
    void operationsOutsideTheAllowListAreCountedAsOther() {
        var graphql = telemetry.graphql(Set.of("Me"));
        graphql.start("Me", GraphqlTelemetry.Type.QUERY).stop(GraphqlTelemetry.Outcome.OK);
        graphql.start("Mine" + System.nanoTime(), GraphqlTelemetry.Type.MUTATION)
                .stop(GraphqlTelemetry.Outcome.REJECTED);

        String name = "graphql_server_operation_duration_seconds_count";
        assertThat(page())
                .contains(name + "{graphql_operation_name=\"Me\",graphql_operation_type=\"query\",outcome=\"ok\"} 1")
                .contains(
                        name
                                + "{graphql_operation_name=\"other\",graphql_operation_type=\"mutation\",outcome=\"rejected\"} 1");
    }

    @Test
    void theBucketsHoldEveryThresholdOfTheAlerts() {
        request("GET", "/b", 200, null);

        assertThat(page().lines()
                        .filter(line -> line.startsWith("http_server_request_duration_seconds_bucket"))
                        .map(line -> line.replaceFirst(".*le=\"([^\"]*)\".*", "$1")))
                .containsExactly(
                        "0.001", "0.002", "0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75",
                        "1.0", "2.5", "5.0", "7.5", "10.0", "+Inf");
    }

    private void request(
            String method,
            @org.jspecify.annotations.Nullable String route,
            int status,
            @org.jspecify.annotations.Nullable Throwable failure) {
        telemetry.http().start(method, header -> null).stop(route, status, failure);
    }

    private String page() {
        return telemetry.scrape(null).body();
    }

    private static String count(String method, String route, String status, String error) {
        return "http_server_request_duration_seconds_count{error_type=\"" + error + "\",http_request_method=\"" + method
                + "\",http_response_status_code=\"" + status + "\",http_route=\"" + route + "\"}";
    }
}
