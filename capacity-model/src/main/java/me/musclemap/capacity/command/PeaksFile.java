package me.musclemap.capacity.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.musclemap.capacity.forecast.PeakSeries;
import me.musclemap.capacity.measure.MalformedInputException;

/** Reads a file of daily peaks. */
final class PeaksFile {
    private PeaksFile() {}

    static PeakSeries read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new MalformedInputException(
                    file + ": no such file: name a file with lines of date,requestsPerSecond");
        }
        return PeakSeries.read(file.toString(), RunFiles.text(file));
    }
}
