package me.musclemap.capacity.fit;

import java.util.List;
import java.util.Optional;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecord.RequestClass;
import me.musclemap.capacity.measure.StationUse;
import me.musclemap.capacity.measure.Window;

/**
 * One window as the fit sees it: requests per second of each class beside the cores that each station kept busy.
 *
 * <p>The arrays are in the order of the record's classes and stations, and are not to be changed.
 *
 * @param headlinePerSecond finished requests of the headline classes
 * @param jitCores cores that only compiled; they are no part of {@code busyCores}
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record Observation(
        Window window, double[] ratesPerSecond, double[] busyCores, double headlinePerSecond, double jitCores) {
    /**
     * From a watched window.
     *
     * @throws IllegalArgumentException if the window was not watched
     */
    static Observation of(RunRecord run, Window window) {
        StationUse use = window.use()
                .orElseThrow(() -> new IllegalArgumentException("window " + window.index() + " was not watched"));
        List<RequestClass> classes = run.classes();
        double[] rates = new double[classes.size()];
        double headline = 0;
        for (int c = 0; c < rates.length; c++) {
            double count = 0;
            for (String operation : classes.get(c).operations()) {
                count += window.finished().getOrDefault(operation, 0L);
            }
            rates[c] = count / window.durationSeconds();
            headline += classes.get(c).headline() ? rates[c] : 0;
        }
        List<String> stations = run.cpu().stations();
        double[] busy = new double[stations.size()];
        double jit = 0;
        for (int s = 0; s < busy.length; s++) {
            var usage = Optional.ofNullable(use.stations().get(stations.get(s)));
            busy[s] = usage.map(StationUse.Usage::steadyCpuSeconds).orElse(0.0) / use.durationSeconds();
            jit += usage.map(StationUse.Usage::jitSeconds).orElse(0.0) / use.durationSeconds();
        }
        return new Observation(window, rates, busy, headline, jit);
    }

    /** Share of the cores that the stations kept busy, compilation included: what a request had to wait behind. */
    public double utilisation() {
        double busy = jitCores;
        for (double cores : busyCores) {
            busy += cores;
        }
        return busy / window.cores();
    }

    /** The same without compilation: what a service that runs for long would use. */
    public double steadyUtilisation() {
        return utilisation() - jitCores / window.cores();
    }

    /** Requests per second of all classes. */
    public double totalPerSecond() {
        double total = 0;
        for (double rate : ratesPerSecond) {
            total += rate;
        }
        return total;
    }
}
