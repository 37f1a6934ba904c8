package me.musclemap.alerts.promql;

import java.util.Optional;

/** What is known of each series name: from the catalogue, from Prometheus itself, from earlier recording rules. */
@FunctionalInterface
public interface Facts {
    /** The fact of the series, or empty when nobody gives such a series. */
    Optional<Fact> of(String seriesName);
}
