package me.musclemap.capacity.thresholds;

import java.util.Optional;

/**
 * When to warn and when to wake somebody.
 *
 * @param observable requestRate, cpuUtilisation, p99, poolUtilisation, poolQueue, poolWait, modelError, memory or failedRatio
 * @param station what it is of; empty for the whole
 * @param canFire whether the observable can get there at all, given the configuration
 */
public record Threshold(
        String observable,
        Optional<String> station,
        String unit,
        double warning,
        double critical,
        boolean canFire,
        String why) {}
