package me.musclemap.telemetry.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import me.musclemap.telemetry.stations.Snapshot;

/**
 * What is seen between the two marks of a window. Marks and glances come on one thread, page readings on another; neither
 * touches what is the other's.
 */
final class OpenWindow {
    private final Snapshot begin;
    private long runningSum;
    private int runningCount;

    /** The stations whose pages answered at the first mark: of the others it is not known where their counters stood. */
    private final Map<String, Rise> rises = new LinkedHashMap<>();

    private final Map<String, double[]> gauges = new LinkedHashMap<>();
    private final Set<String> watched = new TreeSet<>();
    private Set<String> answeredLast = Set.of();
    private boolean hasReading;

    OpenWindow(Snapshot begin) {
        this.begin = begin;
    }

    Snapshot begin() {
        return begin;
    }

    void saw(int running) {
        runningSum += running;
        runningCount++;
    }

    double runQueueMean() {
        return runningCount == 0 ? begin.host().runningTasks() : (double) runningSum / runningCount;
    }

    /** A reading of the pages; the first is that of the first mark, the last that of the other. */
    void read(Pages.Reading reading) {
        watched.addAll(reading.stations());
        answeredLast = reading.counters().keySet();
        reading.counters().forEach((station, counters) -> {
            if (!hasReading) {
                rises.put(station, new Rise());
            }
            Rise rise = rises.get(station);
            if (rise != null) {
                rise.to(counters, !hasReading);
            }
        });
        hasReading = true;
        reading.gauges().forEach((series, value) -> {
            double[] sumAndCount = gauges.computeIfAbsent(series, key -> new double[2]);
            sumAndCount[0] += value;
            sumAndCount[1]++;
        });
    }

    /** The stations of which there are no counters, because their pages did not answer at both marks. */
    Set<String> silent() {
        var silent = new TreeSet<>(watched);
        silent.removeIf(station -> answeredLast.contains(station) && rises.containsKey(station));
        return silent;
    }

    /** Counters that moved, as the difference over the window; gauges as their mean. */
    ObjectNode counters() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        rises.forEach((station, rise) -> {
            if (answeredLast.contains(station)) {
                rise.bySeries.forEach((series, by) -> {
                    if (by != 0) {
                        node.put(station + ":" + series, by);
                    }
                });
            }
        });
        gauges.forEach((series, sumAndCount) -> node.put(series, sumAndCount[0] / sumAndCount[1]));
        return node;
    }

    /** How far the counters of one station rose. One that fell began anew, as Prometheus takes it too. */
    private static final class Rise {
        private final Map<String, Double> last = new LinkedHashMap<>();
        private final Map<String, Double> bySeries = new TreeMap<>();

        void to(Map<String, Double> counters, boolean first) {
            counters.forEach((series, value) -> {
                // A series that was not there is one that nobody had counted in yet.
                double before = first ? value : last.getOrDefault(series, 0.0);
                bySeries.merge(series, value < before ? value : value - before, Double::sum);
                last.put(series, value);
            });
        }
    }
}
