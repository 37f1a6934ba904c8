package me.musclemap.telemetry.http;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import me.musclemap.telemetry.meters.BoundedNames;
import me.musclemap.telemetry.meters.Meters;

/** The timer of each (route, method, status, error type), kept so that a request does not ask the registry. */
final class RequestTimers {
    static final String UNMATCHED = "unmatched";

    private static final String NAME = "http_server_request_duration_seconds";
    private static final int ROUTES_MAX = 200;
    private static final int ERROR_TYPES_MAX = 20;

    private final Meters meters;
    private final BoundedNames routes = new BoundedNames(ROUTES_MAX);
    private final BoundedNames errorTypes = new BoundedNames(ERROR_TYPES_MAX);
    private final ConcurrentHashMap<Key, Timer> timers = new ConcurrentHashMap<>();

    RequestTimers(Meters meters) {
        this.meters = meters;
    }

    /** The timer of requests that ended with {@code errorType}, which is empty when they did not fail. */
    Timer timer(String route, Method method, int status, String errorType) {
        String error = errorType.isEmpty() ? "" : errorTypes.bound(errorType);
        var key = new Key(routes.bound(route), method, status, error);
        Timer timer = timers.get(key);
        return timer != null ? timer : timers.computeIfAbsent(key, this::register);
    }

    private Timer register(Key key) {
        return meters.timer(
                NAME,
                "http_request_method",
                key.method.label(),
                "http_route",
                key.route,
                "http_response_status_code",
                key.status >= 100 && key.status < 600 ? Integer.toString(key.status) : BoundedNames.OTHER,
                "error_type",
                key.errorType);
    }

    private record Key(String route, Method method, int status, String errorType) {}
}
