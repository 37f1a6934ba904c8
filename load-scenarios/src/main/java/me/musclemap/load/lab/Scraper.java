package me.musclemap.load.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.musclemap.load.record.Lines;
import org.jspecify.annotations.Nullable;

/**
 * Every second of the programs' own /metrics as OpenMetrics with timestamps: metrics.om. A value that stays the same is
 * written when it begins and when it ends, and once a minute between, which draws the same line at a tenth of the size. A
 * second that cannot be scraped is left out. Thread-safe.
 */
final class Scraper implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final Map<String, URI> jobs;
    private final BufferedWriter out;
    private final Path file;
    private final Set<String> typed = new HashSet<>();
    private final Map<String, Point> last = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "scraper");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable IOException failure;

    /** The last value of a series: when it was seen, and when it was written. */
    private record Point(String value, long seenEpochMillis, long writtenEpochMillis) {}

    private static final String END = "# EOF\n";
    private static final long WRITTEN_AT_LEAST_EVERY_MILLIS = 60_000;

    private Scraper(Path file, Map<String, URI> jobs) throws IOException {
        this.file = file;
        this.jobs = new TreeMap<>(jobs);
        if (Lines.cutHalfLine(file)) {
            cutEnd(file);
            noteTypes(file);
        }
        out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void cutEnd(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var end = ByteBuffer.allocate(END.length());
            long at = channel.size() - END.length();
            if (at >= 0 && channel.read(end, at) == END.length() && new String(end.array(), US_ASCII).equals(END)) {
                channel.truncate(at);
            }
        }
    }

    private void noteTypes(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            lines.filter(line -> line.startsWith("# TYPE "))
                    .map(line -> line.split(" "))
                    .forEach(words -> typed.addAll(List.of(words[2], words[2] + "_total")));
        }
    }

    /** Starts to scrape these addresses, by job; goes on with the file of an earlier restart of the same run. */
    static Scraper start(Path file, Map<String, URI> jobs) {
        try {
            var scraper = new Scraper(file, jobs);
            scraper.timer.scheduleAtFixedRate(scraper::tick, 0, 1, TimeUnit.SECONDS);
            return scraper;
        } catch (IOException e) {
            throw LabException.failed(file + ": cannot be written: " + e.getMessage());
        }
    }

    /** How many series have a sample. */
    int samples() {
        synchronized (out) {
            return last.size();
        }
    }

    /** Ends the file with the line that says it is whole. */
    @Override
    public void close() {
        timer.shutdown();
        try {
            timer.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (out) {
            try (out) {
                var before = failure;
                if (before != null) {
                    throw before;
                }
                out.write(END);
            } catch (IOException e) {
                throw LabException.failed(file + ": cannot be written (" + e.getMessage()
                        + "): the record so far is kept as partial; make room and run again");
            }
        }
    }

    /** The sum of the last values of a metric over its series that have this in their labels; empty when none was seen. */
    OptionalDouble sum(String metric, String label) {
        synchronized (out) {
            var values = last.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(metric + "{"))
                    .filter(entry -> entry.getKey().contains(label))
                    .mapToDouble(entry -> Double.parseDouble(entry.getValue().value()))
                    .summaryStatistics();
            return values.getCount() == 0 ? OptionalDouble.empty() : OptionalDouble.of(values.getSum());
        }
    }

    private void tick() {
        try {
            scrapeAll();
        } catch (RuntimeException e) {
            // The timer would end in silence.
            failure = new IOException("what a program gives at /metrics cannot be read: " + e, e);
        }
    }

    private void scrapeAll() {
        if (failure != null) {
            return;
        }
        jobs.forEach((job, uri) -> {
            long now = System.currentTimeMillis();
            var text = scrape(uri);
            try {
                synchronized (out) {
                    for (var line : text.split("\n")) {
                        write(line, job, now);
                    }
                }
            } catch (IOException e) {
                failure = e;
            }
        });
    }

    private String scrape(URI uri) {
        var request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(2))
                .header("Accept", "text/plain;version=0.0.4")
                .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return answer.statusCode() == 200 ? answer.body() : "";
        } catch (IOException e) {
            // An overloaded program misses a scrape, as it would in production: that second stays empty.
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private void write(String line, String job, long epochMillis) throws IOException {
        if (line.startsWith("# TYPE ")) {
            var words = line.split(" ");
            if (words.length == 4 && typed.add(words[2])) {
                boolean counter = words[3].equals("counter");
                var family = counter && words[2].endsWith("_total")
                        ? words[2].substring(0, words[2].length() - 6)
                        : words[2];
                out.write("# TYPE " + family + " " + (words[3].equals("untyped") ? "unknown" : words[3]) + "\n");
            }
        } else if (!line.isBlank() && !line.startsWith("#")) {
            write(Sample.of(line, job), epochMillis);
        }
    }

    private void write(Sample sample, long epochMillis) throws IOException {
        var before = last.get(sample.series());
        long written = epochMillis;
        if (before != null
                && before.value().equals(sample.value())
                && epochMillis - before.writtenEpochMillis() < WRITTEN_AT_LEAST_EVERY_MILLIS) {
            written = before.writtenEpochMillis();
        } else {
            if (before != null && before.seenEpochMillis() > before.writtenEpochMillis()) {
                out.write(sample.series() + " " + before.value() + " " + seconds(before.seenEpochMillis()) + "\n");
            }
            out.write(sample.series() + " " + sample.value() + " " + seconds(epochMillis) + "\n");
        }
        last.put(sample.series(), new Point(sample.value(), epochMillis, written));
    }

    private static String seconds(long epochMillis) {
        return String.format(Locale.ROOT, "%d.%03d", epochMillis / 1000, epochMillis % 1000);
    }

    /** A line of /metrics with its job added; a time that the program gave is dropped. */
    record Sample(String series, String value) {
        static Sample of(String line, String job) {
            int labelsEnd = line.lastIndexOf('}');
            int labels = line.indexOf('{');
            var label = "job=\"" + job + "\"";
            String series;
            String rest;
            if (labels >= 0 && labelsEnd > labels) {
                var inner = line.substring(labels + 1, labelsEnd).replaceFirst(",$", "");
                series = line.substring(0, labels) + "{" + label + (inner.isEmpty() ? "" : "," + inner) + "}";
                rest = line.substring(labelsEnd + 1).strip();
            } else {
                int space = line.indexOf(' ');
                series = line.substring(0, space) + "{" + label + "}";
                rest = line.substring(space + 1).strip();
            }
            return new Sample(series, rest.split(" ")[0]);
        }
    }
}
