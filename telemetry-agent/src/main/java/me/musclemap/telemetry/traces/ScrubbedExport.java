package me.musclemap.telemetry.traces;

import io.micrometer.core.instrument.Counter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import me.musclemap.telemetry.meters.Meters;
import me.musclemap.telemetry.scrub.Scrubber;

/** Scrubs spans on their way out, and counts what became of them. */
final class ScrubbedExport implements SpanExporter {
    private final SpanExporter next;
    private final Scrubber scrubber;
    private final Counter exported;
    private final Counter failed;

    ScrubbedExport(SpanExporter next, Scrubber scrubber, Meters meters) {
        this.next = next;
        this.scrubber = scrubber;
        exported = meters.counter("telemetry_spans_total", "outcome", "exported");
        failed = meters.counter("telemetry_spans_total", "outcome", "failed");
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        var clean = new ArrayList<SpanData>(spans.size());
        for (SpanData span : spans) {
            clean.add(new ScrubbedSpan(span, scrubber));
        }
        CompletableResultCode result = next.export(clean);
        result.whenComplete(() -> (result.isSuccess() ? exported : failed).increment(clean.size()));
        return result;
    }

    @Override
    public CompletableResultCode flush() {
        return next.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return next.shutdown();
    }
}
