package me.musclemap.telemetry.database;

import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.concurrent.TimeUnit;

/** One call to a database under way. May be stopped on another thread than it began on. */
public final class DatabaseCall implements AutoCloseable {
    private final Timer timer;
    private final Span span;
    private final long startNanos;
    private boolean stopped;

    DatabaseCall(Timer timer, Span span, long startNanos) {
        this.timer = timer;
        this.span = span;
        this.startNanos = startNanos;
    }

    /** The call failed; {@link #close} still ends it. */
    public void failed(Throwable failure) {
        if (span.isRecording()) {
            span.setAttribute("error.type", failure.getClass().getName());
            span.setStatus(StatusCode.ERROR);
        }
    }

    /** The call ended. A second call does nothing. */
    @Override
    public void close() {
        if (stopped) {
            return;
        }
        stopped = true;
        timer.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
        span.end();
    }
}
