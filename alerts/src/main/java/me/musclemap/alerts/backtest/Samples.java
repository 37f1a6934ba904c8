package me.musclemap.alerts.backtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import me.musclemap.alerts.InputException;

/** The samples of {@code metrics.om} that rules ask for, by series. A value stands until another is written. */
final class Samples {
    private static final long STALE_MILLIS = 90_000;

    private final Map<String, TreeMap<Long, Double>> bySeries = new HashMap<>();

    private Samples() {}

    /** @param names metrics that the rules ask for; all others are left out */
    static Samples read(Path file, Set<String> names) {
        var samples = new Samples();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int number = 0;
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                if (!line.isEmpty() && line.charAt(0) != '#') {
                    samples.take(file + ": line " + number, line, names);
                }
            }
        } catch (NoSuchFileException e) {
            throw new InputException(
                    file + ": no such file; a backtest replays it: name a run that scraped its target", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        if (samples.bySeries.isEmpty()) {
            throw new InputException(
                    file + ": holds no series that the rules ask for; name a run of the embedded stack");
        }
        return samples;
    }

    private void take(String place, String line, Set<String> names) {
        int time = line.lastIndexOf(' ');
        int value = line.lastIndexOf(' ', time - 1);
        if (value < 0) {
            // The last line of a killed run is cut off in the middle.
            return;
        }
        var series = line.substring(0, value);
        int brace = series.indexOf('{');
        if (!names.contains(brace < 0 ? series : series.substring(0, brace))) {
            return;
        }
        try {
            bySeries.computeIfAbsent(series, name -> new TreeMap<>())
                    .put(
                            Math.round(Double.parseDouble(line.substring(time + 1)) * 1000),
                            Double.parseDouble(line.substring(value + 1, time)));
        } catch (NumberFormatException e) {
            throw new InputException(place + ": not a sample of OpenMetrics: " + series, e);
        }
    }

    Set<String> series() {
        return bySeries.keySet();
    }

    /** How much a counter rose in this time; what was never seen before began at zero. */
    double increase(String series, long fromEpochMillis, long toEpochMillis) {
        var own = bySeries.getOrDefault(series, new TreeMap<>());
        var before = own.floorEntry(fromEpochMillis);
        var after = own.floorEntry(toEpochMillis);
        double start = before == null ? 0 : before.getValue();
        double end = after == null ? 0 : after.getValue();
        return end >= start ? end - start : end;
    }

    /** The mean of a gauge in this time; NaN when it was not there. */
    double mean(String series, long fromEpochMillis, long toEpochMillis) {
        var own = bySeries.getOrDefault(series, new TreeMap<>());
        var within = own.subMap(fromEpochMillis, true, toEpochMillis, true).values().stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .average();
        if (within.isPresent()) {
            return within.getAsDouble();
        }
        var before = own.floorEntry(fromEpochMillis);
        return before == null || fromEpochMillis - before.getKey() > STALE_MILLIS ? Double.NaN : before.getValue();
    }

    /** Whether a series only rises, by the last word of its name. */
    static boolean isCounter(String series) {
        int brace = series.indexOf('{');
        var name = brace < 0 ? series : series.substring(0, brace);
        return name.endsWith("_total") || name.endsWith("_count") || name.endsWith("_sum") || name.endsWith("_bucket");
    }
}
