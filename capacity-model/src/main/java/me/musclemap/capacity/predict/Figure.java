package me.musclemap.capacity.predict;

import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.uncertainty.Interval;

/**
 * One predicted quantity beside what simpler methods say of it.
 *
 * @param quantity utilisation, throughputPerSecond, meanSeconds, p95Seconds, p99Seconds or maxSustainablePerSecond
 * @param station empty for the whole
 */
public record Figure(
        String quantity,
        Optional<String> station,
        Interval predicted,
        OptionalDouble straightLine,
        OptionalDouble usl) {
    /** Share of the shared cores. */
    public static final String UTILISATION = "utilisation";

    /** Headline requests served per second. */
    public static final String THROUGHPUT = "throughputPerSecond";

    /** The highest headline rate that is carried. */
    public static final String MAX_SUSTAINABLE = "maxSustainablePerSecond";
}
