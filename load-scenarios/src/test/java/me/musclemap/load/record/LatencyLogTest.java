package me.musclemap.load.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyLogTest {
    @TempDir
    private Path dir;

    @Test
    void whatWasAppendedIsReadBackWithoutClosing() throws IOException {
        var file = dir.resolve("latency.hlog");
        var log = new LatencyLog(file, 1_000_000);
        var histogram = new Histogram(3);
        histogram.recordValue(5_000_000);
        log.append(1_000_000, 1_001_000, Map.of(LatencyLog.tag("LogSet", true, true), histogram));
        log.append(1_001_000, 1_002_000, Map.of(LatencyLog.tag("LogSet", false, false), histogram));
        assertThat(read(file)).containsOnlyKeys("LogSet|corrected|ok", "LogSet|service|failed");
        log.close();
    }

    @Test
    void aLaterRestartGoesOnWithTheFileOnTheSameClock() throws IOException {
        var file = dir.resolve("latency.hlog");
        var histogram = new Histogram(3);
        histogram.recordValue(5_000_000);
        try (var log = new LatencyLog(file, 1_000_000)) {
            log.append(1_000_000, 1_001_000, Map.of(LatencyLog.tag("LogSet", true, true), histogram));
        }
        Files.writeString(file, "Tag=LogSet|corrected|ok,1.0", StandardOpenOption.APPEND);
        try (var log = new LatencyLog(file, 9_000_000)) {
            log.append(9_000_000, 9_001_000, Map.of(LatencyLog.tag("LogSet", true, true), histogram));
        }
        assertThat(read(file)).containsExactly(Map.entry("LogSet|corrected|ok", 2L));
        try (var reader = new HistogramLogReader(file.toFile())) {
            reader.nextIntervalHistogram();
            assertThat(reader.nextIntervalHistogram().getStartTimeStamp()).isEqualTo(9_000_000);
        }
    }

    @Test
    void aTagThatTheReaderWouldSplitIsRefused() throws IOException {
        try (var log = new LatencyLog(dir.resolve("latency.hlog"), 0)) {
            assertThatThrownBy(() -> log.append(0, 1000, Map.of("GET /|service|ok", new Histogram(3))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("GET /|service|ok");
        }
    }

    @Test
    void aFullDiskIsSaid() {
        assertThatThrownBy(() -> {
                    try (var log = new LatencyLog(Path.of("/dev/full"), 0)) {
                        log.append(0, 1000, Map.of("A|service|ok", new Histogram(3)));
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/dev/full");
    }

    private static Map<String, Long> read(Path file) throws IOException {
        var counts = new TreeMap<String, Long>();
        try (var reader = new HistogramLogReader(new File(file.toString()))) {
            for (var next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
                counts.merge(next.getTag(), ((Histogram) next).getTotalCount(), Long::sum);
            }
        }
        return counts;
    }
}
