package me.musclemap.telemetry.database;

import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.util.concurrent.ConcurrentHashMap;
import me.musclemap.telemetry.meters.BoundedNames;
import me.musclemap.telemetry.meters.Meters;

/**
 * What a client calls around each call to one database system. Safe for use by many threads.
 *
 * <p>An operation is a short name the code gives its statement ({@code workout.insert}) or a command ({@code GET}); never
 * the statement itself.
 */
public final class DatabaseTelemetry {
    private static final int OPERATIONS_MAX = 150;

    private final Meters meters;
    private final Tracer tracer;
    private final String system;
    private final BoundedNames operations = new BoundedNames(OPERATIONS_MAX);
    private final ConcurrentHashMap<String, Timer> timers = new ConcurrentHashMap<>();

    /** Records calls to {@code system}, for example {@code postgresql}. */
    public DatabaseTelemetry(Meters meters, Tracer tracer, String system) {
        this.meters = meters;
        this.tracer = tracer;
        this.system = system;
    }

    /** A call begins on this thread; its span's parent is the current one. */
    public DatabaseCall start(String operation) {
        String name = operations.bound(operation);
        var span = tracer.spanBuilder(system).setSpanKind(SpanKind.CLIENT).startSpan();
        if (span.isRecording()) {
            span.updateName(name + " " + system);
            span.setAttribute("db.system.name", system);
            span.setAttribute("db.operation.name", name);
        }
        return new DatabaseCall(timer(name), span, System.nanoTime());
    }

    private Timer timer(String operation) {
        Timer timer = timers.get(operation);
        return timer != null
                ? timer
                : timers.computeIfAbsent(
                        operation,
                        name -> meters.timer(
                                "db_client_operation_duration_seconds",
                                "db_system_name",
                                system,
                                "db_operation_name",
                                name));
    }
}
