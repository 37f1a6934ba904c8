package me.musclemap.capacity.predict;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecord.RequestClass;

/**
 * Requests of each class per headline request, in the order of the record's classes: headline shares add up to 1, a telemetry
 * class is a ratio to them. Immutable by agreement: the array is not to be changed.
 *
 * @param headline which classes count in the headline rate
 * @param operations headline requests of each operation for one headline request; empty where only the classes are known
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record TrafficMix(double[] perRequest, boolean[] headline, Map<String, Double> operations) {
    public TrafficMix {
        // In one order always: sums over them are the same to the last digit in every process, and so is what is
        // sealed.
        operations = Collections.unmodifiableMap(new TreeMap<>(operations));
    }

    /** A mix of which only the classes are known. */
    public TrafficMix(double[] perRequest, boolean[] headline) {
        this(perRequest, headline, Map.of());
    }

    /** The mix of the run's own workload. */
    public static TrafficMix of(RunRecord run) {
        double telemetry =
                run.workload().telemetryPerSecondPerUser() / run.workload().requestsPerSecondPerUser();
        return of(run.classes(), run.workload().mix(), telemetry);
    }

    /**
     * A mix of headline shares and a telemetry ratio; shares are scaled to add up to 1, and several telemetry classes share
     * the ratio as the mix says, or evenly.
     */
    public static TrafficMix of(List<RequestClass> classes, Map<String, Double> mix, double telemetryRatio) {
        double[] perRequest = new double[classes.size()];
        boolean[] headline = new boolean[classes.size()];
        double shares = 0;
        double posts = 0;
        int postClasses = 0;
        for (int c = 0; c < perRequest.length; c++) {
            headline[c] = classes.get(c).headline();
            perRequest[c] = mix.getOrDefault(classes.get(c).name(), 0.0);
            if (headline[c]) {
                shares += perRequest[c];
            } else {
                posts += perRequest[c];
                postClasses++;
            }
        }
        if (!(shares > 0)) {
            throw new IllegalArgumentException("the mix has no headline share: " + mix);
        }
        for (int c = 0; c < perRequest.length; c++) {
            if (headline[c]) {
                perRequest[c] /= shares;
            } else {
                perRequest[c] = telemetryRatio * (posts > 0 ? perRequest[c] / posts : 1.0 / postClasses);
            }
        }
        return new TrafficMix(perRequest, headline);
    }

    /** The same mix, made up of these operations; those that are no headline requests are left out. */
    public TrafficMix madeUpOf(List<RequestClass> classes, Map<String, Double> counts) {
        var known = new java.util.HashMap<String, Double>();
        for (RequestClass requestClass : classes) {
            if (requestClass.headline()) {
                for (String operation : requestClass.operations()) {
                    Double count = counts.get(operation);
                    if (count != null && count > 0) {
                        known.put(operation, count);
                    }
                }
            }
        }
        return new TrafficMix(perRequest, headline, known);
    }

    /** Rates by class at this headline rate. */
    public double[] rates(double headlinePerSecond) {
        double[] rates = perRequest.clone();
        for (int c = 0; c < rates.length; c++) {
            rates[c] *= headlinePerSecond;
        }
        return rates;
    }

    /** Requests of all classes per headline request. */
    public double total() {
        double total = 0;
        for (double share : perRequest) {
            total += share;
        }
        return total;
    }
}
