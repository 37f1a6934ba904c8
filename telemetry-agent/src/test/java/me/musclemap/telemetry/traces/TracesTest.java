package me.musclemap.telemetry.traces;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What really leaves the process, received over HTTP. */
@SuppressWarnings("NullAway.Init") // set before each test
class TracesTest {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/v1/traces", exchange -> {
            try (var body = new GZIPInputStream(exchange.getRequestBody())) {
                body.transferTo(received);
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void close() {
        receiver.stop(0);
    }

    @Test
    void spansThatWaitAreSentAtTheEndWithoutWhatNamesAPerson() {
        URI endpoint = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort());
        String page;
        try (var telemetry =
                Telemetry.start(TelemetryConfig.of("reference-api", "1").tracesTo(endpoint, 1))) {
            var exchange = telemetry.http().start("GET", header -> null);
            var call = telemetry.database("postgresql").start("account.find");
            call.failed(new IllegalStateException("Key (email)=(canary@example.org) exists"));
            call.close();
            var own = telemetry.tracer().spanBuilder("own canary@example.org").startSpan();
            own.setAttribute("enduser.id", "canary");
            own.setAttribute("db.query.text", "select 1 where name = 'canary'");
            own.recordException(new IllegalStateException("no user:canary"));
            own.end();
            exchange.stop("/api/accounts", 500, new IllegalStateException("password=canary"));
            page = telemetry.scrape("application/openmetrics-text").body();
        }

        String sent = received.toString(StandardCharsets.ISO_8859_1);
        assertThat(sent).doesNotContain("canary");
        assertThat(sent).contains("GET /api/accounts", "account.find postgresql", "reference-api", "where name = ?");
        assertThat(page).contains("telemetry_spans_total{outcome=\"ended\"} 3");
    }

    @Test
    void aBucketPointsToTheTraceAndTheCountDoesNot() {
        URI endpoint = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort());
        try (var telemetry =
                Telemetry.start(TelemetryConfig.of("reference-api", "1").tracesTo(endpoint, 1))) {
            var exchange = telemetry.http().start("GET", header -> null);
            exchange.stop("/x", 200, null);
            String page = telemetry.scrape("application/openmetrics-text").body();

            assertThat(page.lines().filter(line -> line.startsWith("http_server_request_duration_seconds_bucket")))
                    .anyMatch(line -> line.contains("trace_id=\"" + exchange.traceId()));
            assertThat(page.lines().filter(line -> line.startsWith("http_server_request_duration_seconds_count")))
                    .noneMatch(line -> line.contains("#"));
        }
    }

    @Test
    void withoutAReceiverThereAreIdsAndNothingIsSent() {
        try (var telemetry = Telemetry.start(TelemetryConfig.of("reference-api", "1"))) {
            var exchange = telemetry.http().start("GET", Map.<String, String>of()::get);
            assertThat(exchange.traceId()).matches("[0-9a-f]{32}");
            exchange.stop("/x", 200, null);
        }

        assertThat(received.size()).isZero();
    }
}
