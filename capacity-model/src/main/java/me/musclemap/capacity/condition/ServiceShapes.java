package me.musclemap.capacity.condition;

import java.util.List;
import java.util.Optional;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.queue.ServiceTime;

/**
 * How unevenly the requests of one class take their time, from the latency log of the quietest windows, where hardly anybody
 * waited; and what they take beyond their CPU time. Where the log has too few requests the shape is lognormal.
 *
 * @param recorded by class of the run; empty where too few were recorded
 * @param utilisation of the quiet windows
 */
record ServiceShapes(List<Optional<Recorded>> recorded, double utilisation) {
    /** Squared variation within a class where nothing was recorded. */
    private static final double ASSUMED = 0.5;

    ServiceShapes {
        recorded = List.copyOf(recorded);
    }

    /** Times of one class: equally likely values in seconds, and their mean. */
    @SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
    record Recorded(double[] seconds, double mean) {}

    /** Where no latency log is read. */
    static ServiceShapes assumed(RunRecord run) {
        return new ServiceShapes(
                run.classes().stream().map(c -> Optional.<Recorded>empty()).toList(), 0);
    }

    boolean isRecorded() {
        return recorded.stream().anyMatch(Optional::isPresent);
    }

    /** Times of this mean with the shape of the class. */
    ServiceTime scaled(int requestClass, double mean) {
        if (!(mean > 0)) {
            return ServiceTime.nothing();
        }
        if (recorded.get(requestClass).isEmpty()) {
            return ServiceTime.lognormal(mean, ASSUMED);
        }
        Recorded times = recorded.get(requestClass).get();
        double[] values = times.seconds().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= mean / times.mean();
        }
        return ServiceTime.empirical(values);
    }

    /** Seconds beyond the CPU time and the waiting of that time; 0 where nothing was recorded. */
    double delaySeconds(int requestClass, double cpuSeconds) {
        return recorded.get(requestClass)
                .map(times -> Math.max(0, times.mean() - cpuSeconds / Math.max(0.05, 1 - utilisation)))
                .orElse(0.0);
    }
}
