package me.musclemap.capacity.forecast;

import java.time.LocalDate;
import java.util.Optional;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * When daily peaks pass a capacity, as a distribution over capacity draws and paths.
 *
 * @param probability that they pass it within 24 months
 * @param p10 the early end; empty where there is no date
 * @param p50 the middle; empty where there is no date
 * @param p90 the late end; empty where there is no date, or it is later than 24 months
 * @param whyNone why there is no date; empty where there is one
 */
public record Exhaustion(
        CarriedRate capacity,
        Quantiles requestsPerSecond,
        double probability,
        Optional<LocalDate> p10,
        Optional<LocalDate> p50,
        Optional<LocalDate> p90,
        Optional<String> whyNone) {}
