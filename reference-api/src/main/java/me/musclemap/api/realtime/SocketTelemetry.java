package me.musclemap.api.realtime;

import io.micrometer.core.instrument.Counter;
import me.musclemap.telemetry.meters.Meters;

/** Counts what could not be delivered. Safe for use by many threads. */
public final class SocketTelemetry {
    private static final String NAME = "websocket_undelivered_total";

    private final Counter leftOut;
    private final Counter disconnected;
    private final Counter lost;

    /** Counts into {@code meters}. */
    public SocketTelemetry(Meters meters) {
        leftOut = meters.counter(NAME, "reason", "left_out");
        disconnected = meters.counter(NAME, "reason", "too_slow");
        lost = meters.counter(NAME, "reason", "queue_full");
    }

    void frameLeftOut() {
        leftOut.increment();
    }

    void disconnectedAsTooSlow() {
        disconnected.increment();
    }

    void eventLost() {
        lost.increment();
    }
}
