package me.musclemap.rum.http;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import me.musclemap.telemetry.meters.Meters;

/** Times of requests by method, route and status. Safe for use by many threads. */
final class RouteTimers {
    static final String UNMATCHED = "unmatched";

    private final Meters meters;
    private final ConcurrentHashMap<Key, Timer> timers = new ConcurrentHashMap<>();

    private record Key(String method, String route, int status) {}

    RouteTimers(Meters meters) {
        this.meters = meters;
    }

    void record(String method, String route, int status, long startNanos) {
        var key = new Key(method, route, status);
        Timer timer = timers.get(key);
        if (timer == null) {
            timer = timers.computeIfAbsent(key, this::register);
        }
        timer.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
    }

    private Timer register(Key key) {
        return meters.timer(
                "http_server_request_duration_seconds",
                "http_request_method",
                key.method,
                "http_route",
                key.route,
                "http_response_status_code",
                Integer.toString(key.status),
                "error_type",
                key.status >= 500 ? Integer.toString(key.status) : "");
    }
}
