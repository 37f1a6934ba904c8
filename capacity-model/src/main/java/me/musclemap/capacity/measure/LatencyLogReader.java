package me.musclemap.capacity.measure;

import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * Reads how long each operation took in each window from {@code latency.hlog}: intervals of a second with one histogram a
 * tag, {@code operation|service|ok}, in nanoseconds. An interval belongs to the window that its middle lies in.
 */
final class LatencyLogReader {
    private static final double NANOS = 1e9;
    private static final String SERVICE = "|service|ok";

    private LatencyLogReader() {}

    /**
     * A window's place in time.
     *
     * @param startSeconds since 1970
     */
    record Stretch(int window, double startSeconds, double endSeconds) {}

    /** Window to operation to its times; a window that the log does not reach is left out. */
    static Map<Integer, Map<String, ServiceTimes>> read(Path file, List<Stretch> windows) {
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        var parts = new HashMap<Integer, Map<String, List<ServiceTimes>>>();
        try (var reader = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                String tag = next.getTag();
                if (tag == null || !tag.endsWith(SERVICE) || !(next instanceof AbstractHistogram histogram)) {
                    continue;
                }
                double middle = (histogram.getStartTimeStamp() + histogram.getEndTimeStamp()) / 2000.0;
                String operation = tag.substring(0, tag.length() - SERVICE.length());
                windows.stream()
                        .filter(w -> w.startSeconds() <= middle && middle < w.endSeconds())
                        .findFirst()
                        .filter(w -> histogram.getTotalCount() > 0)
                        .ifPresent(w -> parts.computeIfAbsent(w.window(), k -> new HashMap<>())
                                .computeIfAbsent(operation, k -> new ArrayList<>())
                                .add(times(histogram)));
            }
        } catch (FileNotFoundException e) {
            return Map.of();
        } catch (RuntimeException e) {
            // The format's reader has no exception of its own: what it throws means that a line is damaged.
            throw new MalformedInputException(file.getFileName() + ": cannot be read as a histogram log ("
                    + e.getMessage() + "): restore the file or record the run again");
        }
        var times = new HashMap<Integer, Map<String, ServiceTimes>>();
        parts.forEach((window, byOperation) -> {
            var merged = new HashMap<String, ServiceTimes>();
            byOperation.forEach((operation, each) -> merged.put(operation, ServiceTimes.of(each)));
            times.put(window, Map.copyOf(merged));
        });
        return Map.copyOf(times);
    }

    private static ServiceTimes times(AbstractHistogram histogram) {
        var seconds = new ArrayList<Double>();
        var counts = new ArrayList<Long>();
        for (var value : histogram.recordedValues()) {
            seconds.add(histogram.medianEquivalentValue(value.getValueIteratedTo()) / NANOS);
            counts.add(value.getCountAtValueIteratedTo());
        }
        return new ServiceTimes(
                seconds.stream().mapToDouble(Double::doubleValue).toArray(),
                counts.stream().mapToLong(Long::longValue).toArray());
    }
}
