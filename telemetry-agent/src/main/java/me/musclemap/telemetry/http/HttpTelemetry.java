package me.musclemap.telemetry.http;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.function.Function;
import me.musclemap.telemetry.meters.Meters;
import org.jspecify.annotations.Nullable;

/**
 * What a server calls around each request, whatever its framework. Safe for use by many threads.
 *
 * <p>Names are those of the OpenTelemetry semantic conventions for HTTP; labels are bounded: a method that HTTP does not
 * know becomes {@code _OTHER}, a request that no route took {@code unmatched}.
 */
public final class HttpTelemetry {
    private static final TextMapGetter<Function<String, @Nullable String>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Function<String, @Nullable String> carrier) {
            return List.of();
        }

        @Override
        public @Nullable String get(@Nullable Function<String, @Nullable String> carrier, String key) {
            return carrier == null ? null : carrier.apply(key);
        }
    };

    private final RequestTimers timers;
    private final Tracer tracer;
    private final TextMapPropagator propagator;

    /** Records into {@code meters} and the tracer of {@code openTelemetry}. */
    public HttpTelemetry(Meters meters, OpenTelemetry openTelemetry) {
        timers = new RequestTimers(meters);
        tracer = openTelemetry.getTracer("me.musclemap.telemetry.http");
        propagator = openTelemetry.getPropagators().getTextMapPropagator();
    }

    /**
     * A request begins on this thread. Its span is current until {@link HttpExchange#stop} or
     * {@link HttpExchange#leaveThread} is called; its parent is the caller's trace, if the headers carry one.
     *
     * @param header answers a request header's value by its name, or null
     */
    public HttpExchange start(String method, Function<String, @Nullable String> header) {
        long startNanos = System.nanoTime();
        Context parent = propagator.extract(Context.current(), header, HEADERS);
        Method known = Method.of(method);
        var span = tracer.spanBuilder(known.label())
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        return new HttpExchange(timers, known, span, parent.with(span), startNanos);
    }
}
