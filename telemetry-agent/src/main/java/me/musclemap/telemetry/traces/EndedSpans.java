package me.musclemap.telemetry.traces;

import io.micrometer.core.instrument.Counter;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import me.musclemap.telemetry.meters.Meters;

/** Counts recorded spans that ended: those neither exported nor failed are waiting, or were dropped by a full queue. */
final class EndedSpans implements SpanProcessor {
    private final Counter ended;

    EndedSpans(Meters meters) {
        ended = meters.counter("telemetry_spans_total", "outcome", "ended");
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (span.getSpanContext().isSampled()) {
            ended.increment();
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}
