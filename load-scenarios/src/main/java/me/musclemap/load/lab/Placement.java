package me.musclemap.load.lab;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the ladder of a calibration stands. Immutable.
 *
 * @param kneePerSecond what the probe found
 * @param reached whether a step of the probe was over the knee; {@code rule} says how it was judged
 * @param dearness how much dearer a request of a mix is than one of the workload's own
 */
record Placement(double kneePerSecond, boolean reached, String rule, Map<String, Double> dearness) {
    Placement {
        dearness = Collections.unmodifiableMap(new LinkedHashMap<>(dearness));
    }

    /** The rate of a mix that loads the core as this share of the knee does in the workload's own mix. */
    double perSecond(String mixName, double shareOfKnee) {
        return shareOfKnee * kneePerSecond / dearness.getOrDefault(mixName, 1.0);
    }
}
