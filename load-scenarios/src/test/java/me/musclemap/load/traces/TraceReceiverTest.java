package me.musclemap.load.traces;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceReceiverTest {
    private static final long MILLI = 1_000_000;
    private static final long BEGAN = 1_800_000_000_000L * MILLI;

    @TempDir
    private Path directory;

    @Test
    void theSlowestAndTheFailedTracesOfTenSecondsAreKeptWhole() throws Exception {
        var spans = new ArrayList<Span>();
        for (int i = 1; i <= 100; i++) {
            spans.add(child(i));
            spans.add(request(i, i * MILLI, i == 3));
        }
        var traces = receive(spans);
        assertThat(traces).hasSize(TraceKeeper.SLOWEST + 1);
        assertThat(traces).allSatisfy(trace -> {
            var list = trace.at("/resourceSpans/0/scopeSpans/0/spans");
            assertThat(list).hasSize(2);
            assertThat(list.at("/0/traceId").asText())
                    .isEqualTo(list.at("/1/traceId").asText());
            assertThat(list.at("/0/parentSpanId").asText())
                    .isEqualTo(list.at("/1/spanId").asText());
        });
        assertThat(traces)
                .extracting(TraceReceiverTest::millis)
                .containsExactlyInAnyOrder(3L, 96L, 97L, 98L, 99L, 100L);
    }

    @Test
    void eachTenSecondsHaveTheirOwn() throws Exception {
        var spans = new ArrayList<Span>();
        for (int i = 1; i <= 30; i++) {
            spans.add(request(i, i * MILLI, false).toBuilder()
                    .setStartTimeUnixNano(BEGAN + (i <= 15 ? 0 : 20_000 * MILLI))
                    .setEndTimeUnixNano(BEGAN + (i <= 15 ? 0 : 20_000 * MILLI) + i * MILLI)
                    .build());
        }
        assertThat(receive(spans))
                .extracting(TraceReceiverTest::millis)
                .containsExactlyInAnyOrder(11L, 12L, 13L, 14L, 15L, 26L, 27L, 28L, 29L, 30L);
    }

    @Test
    void idsAreHexadecimalAndLongIntegersAreStrings() throws Exception {
        var line = receive(List.of(request(10, MILLI, true))).get(0);
        var span = line.at("/resourceSpans/0/scopeSpans/0/spans/0");
        assertThat(span.path("traceId").asText()).isEqualTo("0".repeat(31) + "a");
        assertThat(span.path("startTimeUnixNano").asText()).isEqualTo(Long.toString(BEGAN));
        assertThat(span.path("startTimeUnixNano").isTextual()).isTrue();
        assertThat(span.at("/attributes/0/value/intValue").asText()).isEqualTo("200");
        assertThat(span.at("/status/code").asInt()).isEqualTo(2);
        assertThat(span.path("kind").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsNoProtobufIsRefusedAndTheRestIsKept() throws Exception {
        var file = directory.resolve("traces.ndjson");
        try (var receiver = TraceReceiver.start(file)) {
            assertThat(post(receiver.url(), "no protobuf".getBytes(java.nio.charset.StandardCharsets.UTF_8), false))
                    .isEqualTo(400);
            assertThat(post(receiver.url(), bytes(List.of(request(1, MILLI, false))), false))
                    .isEqualTo(200);
        }
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    private List<JsonNode> receive(List<Span> spans) throws Exception {
        var file = directory.resolve("traces.ndjson");
        try (var receiver = TraceReceiver.start(file)) {
            assertThat(post(receiver.url(), bytes(spans), true)).isEqualTo(200);
        }
        var traces = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(file)) {
            traces.add(new ObjectMapper().readTree(line));
        }
        return traces;
    }

    private static int post(URI url, byte[] body, boolean gzip) throws Exception {
        var request = HttpRequest.newBuilder(url.resolve("/v1/traces"));
        if (gzip) {
            request.header("Content-Encoding", "gzip");
        }
        return HttpClient.newHttpClient()
                .send(
                        request.POST(HttpRequest.BodyPublishers.ofByteArray(gzip ? gzipped(body) : body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static byte[] gzipped(byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(List<Span> spans) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(spans)))
                .build()
                .toByteArray();
    }

    private static Span request(int trace, long nanos, boolean failed) {
        var span = Span.newBuilder()
                .setTraceId(id(16, trace))
                .setSpanId(id(8, 1))
                .setName("POST /api/graphql")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(BEGAN)
                .setEndTimeUnixNano(BEGAN + nanos)
                .addAttributes(KeyValue.newBuilder()
                        .setKey("http.response.status_code")
                        .setValue(AnyValue.newBuilder().setIntValue(200)));
        if (failed) {
            span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
        }
        return span.build();
    }

    private static Span child(int trace) {
        return Span.newBuilder()
                .setTraceId(id(16, trace))
                .setSpanId(id(8, 2))
                .setParentSpanId(id(8, 1))
                .setName("SELECT")
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .setStartTimeUnixNano(BEGAN)
                .setEndTimeUnixNano(BEGAN + 1)
                .build();
    }

    private static ByteString id(int length, int number) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(length).putInt(length - 4, number).array());
    }

    private static long millis(JsonNode trace) {
        for (var span : trace.at("/resourceSpans/0/scopeSpans/0/spans")) {
            if (span.path("kind").asInt() == Span.SpanKind.SPAN_KIND_SERVER_VALUE) {
                return (span.path("endTimeUnixNano").asLong()
                                - span.path("startTimeUnixNano").asLong())
                        / MILLI;
            }
        }
        throw new AssertionError("no span of a request");
    }
}
