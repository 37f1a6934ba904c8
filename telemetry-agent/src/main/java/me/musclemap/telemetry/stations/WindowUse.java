package me.musclemap.telemetry.stations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/**
 * What stations and host used between two moments: one line of {@code stations.ndjson}.
 *
 * @param runQueueMean tasks running or waiting, mean of the samples in the window
 */
public record WindowUse(int window, Snapshot begin, Snapshot end, CoreSet watched, double runQueueMean) {
    /** The window's length in seconds. */
    public double durationSeconds() {
        return (end.nanos() - begin.nanos()) / 1e9;
    }

    /** CPU seconds a station used in the window; one that was added meanwhile counts from its own start. */
    public double cpuSeconds(String station) {
        return difference(station, StationSample::cpuSeconds);
    }

    private double difference(String station, java.util.function.ToDoubleFunction<StationSample> value) {
        StationSample last = end.station(station);
        StationSample first = begin.stations().get(station);
        return value.applyAsDouble(last) - (first == null ? 0 : value.applyAsDouble(first));
    }

    /**
     * CPU seconds of the watched cores that no station accounts for: the kernel, and any other process. Empty when a
     * station runs on watched and on other cores, for then it cannot be told.
     */
    public OptionalDouble otherCpuSeconds() {
        double rest = 0;
        for (int i = 0; i < end.host().cores().size(); i++) {
            if (watched.contains(end.host().cores().get(i).core())) {
                rest += busySeconds(i);
            }
        }
        for (var station : end.stations().entrySet()) {
            if (station.getValue().place() == StationSample.Place.ACROSS) {
                return OptionalDouble.empty();
            }
            if (station.getValue().place() == StationSample.Place.INSIDE) {
                rest -= cpuSeconds(station.getKey());
            }
        }
        // The kernel counts cores and processes by different clocks, so the rest of an idle core may be just below
        // zero.
        return OptionalDouble.of(Math.max(0, rest));
    }

    private double busySeconds(int index) {
        return end.host().cores().get(index).busySeconds()
                - begin.host().cores().get(index).busySeconds();
    }

    /** The line, without its counters. */
    public ObjectNode json() {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("schemaVersion", 1);
        line.put("window", window);
        line.put("startEpochMillis", begin.at().toEpochMilli());
        line.put("durationSeconds", micros(durationSeconds()));
        line.put("source", "proc");
        ObjectNode stations = line.putObject("stations");
        end.stations().forEach((name, sample) -> station(stations.putObject(name), name, sample));
        otherCpuSeconds().ifPresent(rest -> stations.putObject("other").put("cpuSeconds", micros(rest)));
        host(line.putObject("host"));
        return line;
    }

    private void station(ObjectNode node, String name, StationSample sample) {
        node.put("cpuSeconds", micros(cpuSeconds(name)));
        node.put("jitSeconds", micros(difference(name, StationSample::jitSeconds)));
        node.put("gcSeconds", micros(difference(name, StationSample::gcSeconds)));
        node.put("residentBytes", sample.residentBytes());
        node.put("processes", sample.processes());
        node.put("openFiles", sample.openFiles());
        if (sample.ended()) {
            node.put("ended", true);
        }
    }

    private void host(ObjectNode node) {
        HostSample first = begin.host();
        HostSample last = end.host();
        double busy = 0;
        double steal = 0;
        double iowait = 0;
        var byCore = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < last.cores().size(); i++) {
            CoreSample then = first.cores().get(i);
            CoreSample now = last.cores().get(i);
            busy += busySeconds(i);
            steal += now.stealSeconds() - then.stealSeconds();
            iowait += now.iowaitSeconds() - then.iowaitSeconds();
            byCore.addObject()
                    .put("core", now.core())
                    .put("busySeconds", micros(busySeconds(i)))
                    .put("stealSeconds", micros(now.stealSeconds() - then.stealSeconds()));
        }
        node.put("cores", last.cores().size());
        node.put("busySeconds", micros(busy));
        node.put("stealSeconds", micros(steal));
        node.put("iowaitSeconds", micros(iowait));
        node.set("byCore", byCore);
        node.put("runQueueMean", micros(runQueueMean));
        if (first.cpuPressureSeconds().isPresent() && last.cpuPressureSeconds().isPresent()) {
            node.put(
                    "cpuPressureSeconds",
                    micros(last.cpuPressureSeconds().getAsDouble()
                            - first.cpuPressureSeconds().getAsDouble()));
        } else {
            node.putNull("cpuPressureSeconds");
        }
        node.put("diskReadBytes", last.diskReadBytes() - first.diskReadBytes());
        node.put("diskWriteBytes", last.diskWriteBytes() - first.diskWriteBytes());
        node.put(
                "networkBytes",
                last.networkReceivedBytes()
                        + last.networkSentBytes()
                        - first.networkReceivedBytes()
                        - first.networkSentBytes());
    }

    private static double micros(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
