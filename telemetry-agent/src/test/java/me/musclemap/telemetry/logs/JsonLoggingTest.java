package me.musclemap.telemetry.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import me.musclemap.telemetry.scrub.Scrubber;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@SuppressWarnings("try") // scopes are opened for what they do, not to be read
class JsonLoggingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aLineCarriesTheCurrentTrace() throws IOException {
        var span = Span.wrap(SpanContext.create(TRACE, SPAN, TraceFlags.getDefault(), TraceState.getDefault()));
        try (var logging = start();
                var scope = span.makeCurrent()) {
            LoggerFactory.getLogger("test").info("started port={}", 8080);
        }

        JsonNode line = onlyLine();
        assertThat(line.path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(line.path("span_id").asText()).isEqualTo(SPAN);
        assertThat(line.path("message").asText()).isEqualTo("started port=8080");
        assertThat(line.path("severity_text").asText()).isEqualTo("INFO");
        assertThat(line.path("service_name").asText()).isEqualTo("test");
        assertThat(line.path("timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    }

    @Test
    void whatWasPlantedInMessageArgumentMdcAndExceptionIsNowhereInTheLine() throws IOException {
        try (var logging = start();
                var planted = MDC.putCloseable("who", "canary@example.org")) {
            LoggerFactory.getLogger("test")
                    .warn(
                            "login canary@example.org token={}",
                            "eyJhbGciOi.eyJzdWIi.sig",
                            new IllegalStateException("Key (email)=(canary@example.org) exists"));
        }

        String line = out.toString(StandardCharsets.UTF_8);
        assertThat(line).doesNotContain("canary@", "eyJ").contains("IllegalStateException");
    }

    private JsonLogging start() {
        return JsonLogging.start(out, "test", "1", "INFO", new Scrubber());
    }

    private JsonNode onlyLine() throws IOException {
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text.lines()).hasSize(1);
        return new ObjectMapper().readTree(text);
    }
}
