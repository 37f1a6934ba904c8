package me.musclemap.telemetry.http;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import java.util.concurrent.TimeUnit;

/** One GraphQL operation under way. Starts and stops on one thread. */
public final class GraphqlOperation {
    private final GraphqlTelemetry telemetry;
    private final String name;
    private final GraphqlTelemetry.Type type;
    private final Span span;
    private final long startNanos;
    private final Scope scope;
    private boolean stopped;

    @SuppressWarnings("MustBeClosedChecker") // closed when the operation ends, in another call
    GraphqlOperation(GraphqlTelemetry telemetry, String name, GraphqlTelemetry.Type type, Span span, long startNanos) {
        this.telemetry = telemetry;
        this.name = name;
        this.type = type;
        this.span = span;
        this.startNanos = startNanos;
        scope = span.makeCurrent();
    }

    /** The operation ended. A second call does nothing. */
    public void stop(GraphqlTelemetry.Outcome outcome) {
        if (stopped) {
            return;
        }
        stopped = true;
        if (span.isRecording()) {
            span.setAttribute("graphql.outcome", outcome.label());
            if (outcome == GraphqlTelemetry.Outcome.FAILED) {
                span.setStatus(StatusCode.ERROR);
            }
        }
        telemetry.timer(name, type, outcome).record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
        scope.close();
        span.end();
    }
}
