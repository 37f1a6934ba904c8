package me.musclemap.alerts.backtest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import me.musclemap.alerts.InputException;
import me.musclemap.alerts.Json;

/** {@code stations.ndjson}: what every station used, window by window. */
final class StationLines {
    /** One line. */
    record Line(int window, double durationSeconds, Map<String, Use> stations, Host host) {}

    /** CPU of one station. */
    record Use(double cpuSeconds) {}

    /** The host. */
    record Host(@JsonProperty("stealSeconds") double stealSeconds) {}

    private StationLines() {}

    static Map<Integer, Line> read(Path file) {
        var lines = new HashMap<Integer, Line>();
        if (!Files.isRegularFile(file)) {
            return lines;
        }
        try {
            int number = 0;
            for (var text : Files.readAllLines(file)) {
                number++;
                if (!text.isBlank()) {
                    var line = Json.parse(
                            file + ": line " + number, text, Line.class, "name a run whose host agent was not cut off");
                    lines.put(line.window(), line);
                }
            }
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        return lines;
    }
}
