package me.musclemap.telemetry.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.io.IOException;
import net.logstash.logback.composite.AbstractJsonProvider;

/** Puts the current trace's ids on a log line. */
final class TraceIds extends AbstractJsonProvider<ILoggingEvent> {
    @Override
    public void writeTo(JsonGenerator generator, ILoggingEvent event) throws IOException {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            generator.writeStringField("trace_id", span.getTraceId());
            generator.writeStringField("span_id", span.getSpanId());
        }
    }
}
