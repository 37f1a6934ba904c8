package me.musclemap.load.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * {@code latency.hlog}: one interval histogram a second and tag, in nanoseconds, flushed as it is written, so that a killed run leaves
 * a readable file. Not safe for use by several threads.
 *
 * <p>Tags are {@code operation|service|ok}, {@code operation|corrected|ok} and the same with {@code failed}. Service time runs from the
 * send, corrected time from the moment the request was due.
 */
public final class LatencyLog implements AutoCloseable {
    /** The reader of the format splits at spaces and commas, so a tag has none. */
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9.-]+\\|(service|corrected)\\|(ok|failed)");

    private static final Pattern BASE_TIME = Pattern.compile("^#\\[BaseTime: ([0-9.]+)");

    private static final double NANOS_PER_MILLI = 1e6;

    private final Path file;
    private final PrintStream out;
    private final HistogramLogWriter writer;
    private final long startEpochMillis;

    /**
     * Starts the file, or goes on with the one that an earlier restart of the same run left; half a last line is cut off.
     *
     * @throws IOException when it cannot be written, or is no such log
     */
    public LatencyLog(Path file, long startEpochMillis) throws IOException {
        this.file = file;
        boolean goesOn = Lines.cutHalfLine(file);
        this.startEpochMillis = goesOn ? baseEpochMillis(file) : startEpochMillis;
        OutputStream stream = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        out = new PrintStream(stream, false, StandardCharsets.UTF_8);
        writer = new HistogramLogWriter(out);
        writer.setBaseTime(this.startEpochMillis);
        if (!goesOn) {
            writer.outputComment("[Headroom: values in nanoseconds, the last column in milliseconds]");
            writer.outputLogFormatVersion();
            writer.outputStartTime(startEpochMillis);
            writer.outputBaseTime(startEpochMillis);
            writer.outputLegend();
        }
        flush();
    }

    private static long baseEpochMillis(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.limit(10)
                    .map(BASE_TIME::matcher)
                    .filter(Matcher::find)
                    .map(found -> Math.round(Double.parseDouble(found.group(1)) * 1000))
                    .findFirst()
                    .orElseThrow(() -> new IOException(file + ": has no base time: remove it and run again"));
        }
    }

    /** The tag of a histogram. */
    public static String tag(String operation, boolean corrected, boolean ok) {
        return operation + (corrected ? "|corrected|" : "|service|") + (ok ? "ok" : "failed");
    }

    /**
     * Appends what was recorded between two moments, in milliseconds since 1970, and flushes it.
     *
     * @throws IOException when the disk does not take it
     * @throws IllegalArgumentException when a tag is malformed
     */
    public void append(long fromEpochMillis, long toEpochMillis, Map<String, ? extends EncodableHistogram> byTag)
            throws IOException {
        for (var entry : new TreeMap<>(byTag).entrySet()) {
            if (!TAG.matcher(entry.getKey()).matches()) {
                throw new IllegalArgumentException("malformed tag '" + entry.getKey() + "'");
            }
            entry.getValue().setTag(entry.getKey());
            writer.outputIntervalHistogram(
                    (fromEpochMillis - startEpochMillis) / 1000.0,
                    (toEpochMillis - startEpochMillis) / 1000.0,
                    entry.getValue(),
                    NANOS_PER_MILLI);
        }
        flush();
    }

    private void flush() throws IOException {
        if (out.checkError()) {
            throw new IOException(file + ": cannot be written: check the space left on the disk");
        }
    }

    @Override
    public void close() {
        out.close();
    }
}
