package me.musclemap.reports.record;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/** Adds up latency.hlog by operation over the fitted, held-out and scenario windows. For one thread. */
final class LatencyLog {
    private static final double NANOS = 1e9;
    private static final Set<RunRecord.Role> ROLES =
            EnumSet.of(RunRecord.Role.FIT, RunRecord.Role.HELD_OUT, RunRecord.Role.SCENARIO);

    private final List<RunRecord.Window> measured;
    private final Map<String, Histogram> succeeded = new TreeMap<>();
    private final Map<String, Long> failed = new TreeMap<>();

    LatencyLog(RunRecord run) {
        measured = run.windows().stream()
                .filter(window -> ROLES.contains(window.role()))
                .toList();
    }

    List<OperationLatency> read(Path file) throws RecordException {
        try (HistogramLogReader log = new HistogramLogReader(file.toFile())) {
            while (log.hasNext()) {
                EncodableHistogram interval = log.nextIntervalHistogram();
                if (interval instanceof Histogram histogram && isMeasured(histogram)) {
                    add(histogram);
                }
            }
        } catch (FileNotFoundException e) {
            throw new RecordException(file + ": missing", e);
        } catch (RuntimeException e) {
            throw new RecordException("latency.hlog: not a histogram log (" + e.getMessage() + ")", e);
        }
        List<OperationLatency> operations = new ArrayList<>();
        succeeded.forEach((operation, histogram) -> operations.add(new OperationLatency(
                operation,
                histogram.getTotalCount(),
                failed.getOrDefault(operation, 0L),
                histogram.getValueAtPercentile(50) / NANOS,
                histogram.getValueAtPercentile(95) / NANOS,
                histogram.getValueAtPercentile(99) / NANOS,
                histogram.getMaxValue() / NANOS)));
        operations.sort(Comparator.comparingDouble(OperationLatency::p95Seconds).reversed());
        return List.copyOf(operations);
    }

    private boolean isMeasured(Histogram interval) {
        long middle = (interval.getStartTimeStamp() + interval.getEndTimeStamp()) / 2;
        return measured.stream()
                .anyMatch(window -> middle >= window.startEpochMillis()
                        && middle < window.startEpochMillis() + window.durationSeconds() * 1000);
    }

    private void add(Histogram interval) {
        String tag = interval.getTag() == null ? "" : interval.getTag();
        String[] parts = tag.split("\\|", -1);
        if (parts.length != 3 || !parts[1].equals("corrected")) {
            return;
        }
        if (parts[2].equals("ok")) {
            succeeded.computeIfAbsent(parts[0], name -> new Histogram(3)).add(interval);
        } else {
            failed.merge(parts[0], interval.getTotalCount(), Long::sum);
        }
    }
}
