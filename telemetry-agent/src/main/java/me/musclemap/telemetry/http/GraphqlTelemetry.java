package me.musclemap.telemetry.http;

import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Tracer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import me.musclemap.telemetry.meters.Meters;

/**
 * What a GraphQL server calls around each operation. Safe for use by many threads.
 *
 * <p>A name outside the allow list is counted as {@value #OTHER}: clients choose names, so they are not bounded by
 * themselves.
 */
public final class GraphqlTelemetry {
    /** The name of every operation that is not on the allow list. */
    public static final String OTHER = "other";

    /** The kind of an operation. */
    public enum Type {
        /** Reads. */
        QUERY,
        /** Writes. */
        MUTATION,
        /** Listens. */
        SUBSCRIPTION;

        String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** How an operation ended. */
    public enum Outcome {
        /** Answered without errors. */
        OK,
        /** Refused, and the caller can mend it: malformed, not allowed, not found, too many. */
        REJECTED,
        /** The server's fault. */
        FAILED;

        String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Meters meters;
    private final Tracer tracer;
    private final Set<String> operations;
    private final ConcurrentHashMap<Key, Timer> timers = new ConcurrentHashMap<>();

    /** Keeps the names in {@code operations} apart. */
    public GraphqlTelemetry(Meters meters, Tracer tracer, Set<String> operations) {
        this.meters = meters;
        this.tracer = tracer;
        this.operations = Set.copyOf(operations);
    }

    /**
     * An operation begins on this thread. Its span is current until {@link GraphqlOperation#stop} is called on the same
     * thread.
     */
    public GraphqlOperation start(String operationName, Type type) {
        String name = operations.contains(operationName) ? operationName : OTHER;
        var span = tracer.spanBuilder(type.label()).startSpan();
        if (span.isRecording()) {
            span.updateName(type.label() + " " + name);
            span.setAttribute("graphql.operation.name", name);
            span.setAttribute("graphql.operation.type", type.label());
        }
        return new GraphqlOperation(this, name, type, span, System.nanoTime());
    }

    Timer timer(String name, Type type, Outcome outcome) {
        var key = new Key(name, type, outcome);
        Timer timer = timers.get(key);
        return timer != null ? timer : timers.computeIfAbsent(key, this::register);
    }

    private Timer register(Key key) {
        return meters.timer(
                "graphql_server_operation_duration_seconds",
                "graphql_operation_name",
                key.name,
                "graphql_operation_type",
                key.type.label(),
                "outcome",
                key.outcome.label());
    }

    private record Key(String name, Type type, Outcome outcome) {}
}
