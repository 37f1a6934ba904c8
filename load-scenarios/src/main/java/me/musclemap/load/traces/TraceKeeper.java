package me.musclemap.load.traces;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Keeps of each ten seconds the slowest of the traces it is given, and the failed ones. A trace is whole when the span of
 * its request arrives, because a service exports spans as they end and that one ends last. Not thread-safe; memory is
 * bounded.
 */
final class TraceKeeper {
    static final int SLOWEST = 5;
    static final int FAILED = 20;
    private static final long INTERVAL_NANOS = 10_000_000_000L;
    private static final int UNFINISHED = 5_000;

    private record Trace(Resource resource, List<Span> spans, long startNanos, long nanos) {}

    private final Consumer<String> lines;
    private final Map<ByteString, List<Span>> unfinished = new LinkedHashMap<>();
    private final PriorityQueue<Trace> slowest = new PriorityQueue<>(Comparator.comparingLong(Trace::nanos));
    private final List<Trace> failed = new ArrayList<>();
    private long interval = -1;

    TraceKeeper(Consumer<String> lines) {
        this.lines = lines;
    }

    void take(Resource resource, Span span) {
        var spans = unfinished.computeIfAbsent(span.getTraceId(), id -> new ArrayList<>());
        spans.add(span);
        if (span.getKind() == Span.SpanKind.SPAN_KIND_SERVER) {
            unfinished.remove(span.getTraceId());
            finished(new Trace(
                    resource,
                    spans,
                    span.getStartTimeUnixNano(),
                    span.getEndTimeUnixNano() - span.getStartTimeUnixNano()));
        } else if (unfinished.size() > UNFINISHED) {
            // Its request never ended, or its span was lost: nothing can be said about it.
            unfinished.remove(unfinished.keySet().iterator().next());
        }
    }

    private void finished(Trace trace) {
        long its = (trace.startNanos() + trace.nanos()) / INTERVAL_NANOS;
        if (its > interval) {
            flush();
            interval = its;
        }
        boolean isFailed = trace.spans().stream()
                .anyMatch(span -> span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR);
        if (isFailed) {
            if (failed.size() < FAILED) {
                failed.add(trace);
            }
            return;
        }
        slowest.add(trace);
        if (slowest.size() > SLOWEST) {
            slowest.remove();
        }
    }

    /** Gives out what was kept so far, in the order it began. */
    void flush() {
        var kept = new ArrayList<>(slowest);
        kept.addAll(failed);
        kept.sort(Comparator.comparingLong(Trace::startNanos));
        kept.forEach(trace -> lines.accept(OtlpJson.line(trace.resource(), trace.spans())));
        slowest.clear();
        failed.clear();
    }
}
