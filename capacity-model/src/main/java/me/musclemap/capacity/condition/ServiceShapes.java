package me.musclemap.capacity.condition;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.ServiceTimes;
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

    private static final long REQUESTS_MIN = 100;
    private static final int VALUES = 1000;

    ServiceShapes {
        recorded = List.copyOf(recorded);
    }

    /** Times of one class: equally likely values in seconds, and their mean. */
    @SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
    record Recorded(double[] seconds, double mean) {}

    /** From the quieter third of the fitted windows. */
    static ServiceShapes of(RunRecord run, List<Observation> loaded) {
        List<Observation> quiet = loaded.stream()
                .sorted(Comparator.comparingDouble(Observation::utilisation))
                .limit(Math.max(1, loaded.size() / 3))
                .toList();
        return new ServiceShapes(
                run.classes().stream().map(c -> recorded(run, c, quiet)).toList(),
                quiet.stream().mapToDouble(Observation::utilisation).average().orElse(0));
    }

    private static Optional<Recorded> recorded(
            RunRecord run, RunRecord.RequestClass requestClass, List<Observation> quiet) {
        List<ServiceTimes> parts = quiet.stream()
                .map(o -> run.operationTimes().getOrDefault(o.window().index(), Map.of()))
                .flatMap(times -> requestClass.operations().stream()
                        .flatMap(operation -> Optional.ofNullable(times.get(operation)).stream()))
                .toList();
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        ServiceTimes all = ServiceTimes.of(parts);
        if (all.count() < REQUESTS_MIN) {
            return Optional.empty();
        }
        double[] seconds = new double[VALUES];
        double sum = 0;
        for (int i = 0; i < VALUES; i++) {
            seconds[i] = all.quantile((i + 0.5) / VALUES);
            sum += seconds[i];
        }
        return Optional.of(new Recorded(seconds, sum / VALUES));
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

    /**
     * The part of a request's CPU time that its user waits for: no more than the whole response took where hardly anybody was in
     * the way. The rest is paid beside it: by collector threads, by writers of the database.
     */
    double waitedForSeconds(int requestClass, double cpuSeconds) {
        return recorded.get(requestClass)
                .map(times -> Math.min(cpuSeconds, times.mean() * (1 - utilisation)))
                .orElse(cpuSeconds);
    }

    /** Seconds beyond the CPU time that is waited for, as it was stretched in the quiet windows; 0 where nothing was recorded. */
    double delaySeconds(int requestClass, double cpuSeconds) {
        return recorded.get(requestClass)
                .map(times -> Math.max(
                        0, times.mean() - waitedForSeconds(requestClass, cpuSeconds) / Math.max(0.05, 1 - utilisation)))
                .orElse(0.0);
    }
}
