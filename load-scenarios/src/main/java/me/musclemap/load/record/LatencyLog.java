package me.musclemap.load.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
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

    private static final double NANOS_PER_MILLI = 1e6;

    private final Path file;
    private final PrintStream out;
    private final HistogramLogWriter writer;
    private final long startEpochMillis;

    /**
     * Starts the file anew.
     *
     * @throws IOException when it cannot be written
     */
    public LatencyLog(Path file, long startEpochMillis) throws IOException {
        this.file = file;
        this.startEpochMillis = startEpochMillis;
        OutputStream stream = Files.newOutputStream(file);
        out = new PrintStream(stream, false, StandardCharsets.UTF_8);
        writer = new HistogramLogWriter(out);
        writer.outputComment("[Headroom: values in nanoseconds, the last column in milliseconds]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(startEpochMillis);
        writer.setBaseTime(startEpochMillis);
        writer.outputBaseTime(startEpochMillis);
        writer.outputLegend();
        flush();
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
