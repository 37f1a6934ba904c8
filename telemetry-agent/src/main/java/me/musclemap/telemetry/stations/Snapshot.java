package me.musclemap.telemetry.stations;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All stations and the host at one moment.
 *
 * @param at when, by the wall clock
 * @param nanos when, by a clock that does not jump
 */
public record Snapshot(Instant at, long nanos, Map<String, StationSample> stations, HostSample host) {
    /** Copies the map, in its order. */
    public Snapshot {
        stations = Collections.unmodifiableMap(new LinkedHashMap<>(stations));
    }

    /**
     * What this station has used.
     *
     * @throws IllegalArgumentException if it is not watched
     */
    public StationSample station(String name) {
        StationSample sample = stations.get(name);
        if (sample == null) {
            throw new IllegalArgumentException("station " + name + " is not watched, these are: " + stations.keySet());
        }
        return sample;
    }
}
