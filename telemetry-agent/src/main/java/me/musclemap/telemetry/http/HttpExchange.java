package me.musclemap.telemetry.http;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request under way. Not safe for use by many threads at once; it may move from one to the next. */
public final class HttpExchange {
    private final RequestTimers timers;
    private final Method method;
    private final Span span;
    private final Context context;
    private final long startNanos;
    private @Nullable Scope scope;
    private boolean stopped;

    @SuppressWarnings("MustBeClosedChecker") // closed when the request ends, in another call
    HttpExchange(RequestTimers timers, Method method, Span span, Context context, long startNanos) {
        this.timers = timers;
        this.method = method;
        this.span = span;
        this.context = context;
        this.startNanos = startNanos;
        scope = context.makeCurrent();
    }

    /** The trace's id: 32 hexadecimal digits, also when the trace is not recorded. */
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    /** The span of this request as a W3C {@code traceparent}, for a Server-Timing header or an outgoing call. */
    public String traceparent() {
        SpanContext own = span.getSpanContext();
        return "00-" + own.getTraceId() + "-" + own.getSpanId() + "-"
                + own.getTraceFlags().asHex();
    }

    /** For work on other threads that belongs to this request. */
    public Context context() {
        return context;
    }

    /** The request goes on elsewhere: its span is no longer current on this thread, which must be the one it began on. */
    public void leaveThread() {
        if (scope != null) {
            scope.close();
            scope = null;
        }
    }

    /**
     * The request ended. A second call does nothing.
     *
     * @param route the template that took the request, for example {@code /api/workouts/{id}}; null if none did
     * @param status the answer's status code
     * @param failure what the handler threw, if it threw
     */
    public void stop(@Nullable String route, int status, @Nullable Throwable failure) {
        if (stopped) {
            return;
        }
        stopped = true;
        String template = route == null || route.isEmpty() ? RequestTimers.UNMATCHED : route;
        String errorType = errorType(status, failure);
        if (span.isRecording()) {
            describe(template, status, errorType, failure);
        }
        // While the span is current, so that a bucket can point to the trace.
        timers.timer(template, method, status, errorType).record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
        leaveThread();
        span.end();
    }

    /** A 4xx is the caller's doing and has no error type, as the semantic conventions have it for servers. */
    private static String errorType(int status, @Nullable Throwable failure) {
        if (failure != null && status >= 500) {
            return failure.getClass().getName();
        }
        return status >= 500 ? Integer.toString(status) : "";
    }

    private void describe(String route, int status, String errorType, @Nullable Throwable failure) {
        span.updateName(method.label() + " " + route);
        span.setAttribute("http.request.method", method.label());
        span.setAttribute("http.route", route);
        span.setAttribute("http.response.status_code", status);
        if (!errorType.isEmpty()) {
            span.setAttribute("error.type", errorType);
            span.setStatus(StatusCode.ERROR);
        }
        if (failure != null) {
            span.recordException(failure);
        }
    }
}
