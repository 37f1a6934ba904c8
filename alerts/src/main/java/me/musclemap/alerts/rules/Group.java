package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.List;

/** Rules that Prometheus evaluates one after the other, recordings first. */
public record Group(String name, Duration interval, List<Recording> recordings, List<Alert> alerts) {
    /** Copies the lists. */
    public Group {
        recordings = List.copyOf(recordings);
        alerts = List.copyOf(alerts);
    }
}
