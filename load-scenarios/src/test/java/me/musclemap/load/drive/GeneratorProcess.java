package me.musclemap.load.drive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The generator as a child JVM, as the lab starts it. For tests. */
final class GeneratorProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    final Process process;
    private final ObjectMapper json = new ObjectMapper();
    private final BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();

    GeneratorProcess(String settings) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        GeneratorMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var reader = new Thread(this::read, "generator-lines");
        reader.setDaemon(true);
        reader.start();
        write(settings);
    }

    static Path musclemapDay() {
        return Path.of(System.getProperty("repo.root", ".."), "load-scenarios", "workloads", "musclemap-day.yaml");
    }

    static String settings(String api, Path outDir, int users, int maxInFlight) {
        return settings(api, musclemapDay(), outDir, users, maxInFlight);
    }

    static String settings(String api, Path workload, Path outDir, int users, int maxInFlight) {
        return ("{\"target\":{\"api\":\"%s\",\"rum\":null},\"workload\":\"%s\",\"seed\":3,\"dataset\":{\"seed\":1,\"users\":%d},"
                        + "\"signingKey\":\"%s\",\"outDir\":\"%s\",\"maxInFlight\":%d,\"sockets\":8,\"mintedTokenSeconds\":3600}")
                .formatted(api, workload, users, outDir.resolve("key.json"), outDir, maxInFlight);
    }

    static String window(int index, double seconds, String mix, double rate) {
        return "{\"window\":{\"index\":%d,\"role\":\"fit\",\"startEpochMillis\":0,\"durationSeconds\":%s,\"mixName\":\"%s\",\"headlinePerSecond\":%s}}"
                .formatted(index, seconds, mix, rate);
    }

    private void read() {
        try (var in = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(json.readTree(line));
            }
        } catch (IOException e) {
            lines.add(json.createObjectNode().put("unreadable", e.toString()));
        }
    }

    void write(String line) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    }

    /** The next line of this kind; others before it are skipped. */
    JsonNode next(String key) throws InterruptedException {
        return next(line -> line.has(key));
    }

    JsonNode next(Predicate<JsonNode> wanted) throws InterruptedException {
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < until) {
            var line = lines.poll(1, TimeUnit.SECONDS);
            if (line != null && wanted.test(line)) {
                return line;
            }
            if (line != null && line.has("error")) {
                throw new AssertionError("the generator says " + line);
            }
        }
        throw new AssertionError("no such line within " + PATIENCE_SECONDS + " s");
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
