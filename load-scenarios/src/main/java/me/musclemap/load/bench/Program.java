package me.musclemap.load.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A program that a bench started: JSON lines in and out, its words in a log file. It ends when its stdin does. Not thread-safe.
 *
 * <p>What it says in lines that are no JSON is kept, for tools that answer in words.
 */
final class Program implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 180;

    private final String name;
    private final Process process;
    private final Path log;
    private final BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();
    private final List<String> words = new ArrayList<>();
    private final Thread reader;

    private Program(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        reader = new Thread(this::read, name + "-lines");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it.
     *
     * @param core the only core it may use
     * @param log where its stderr goes
     */
    static Program start(String name, int core, List<String> command, Path log) {
        var whole = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        whole.addAll(command);
        try {
            var process = new ProcessBuilder(whole)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new Program(name, process, log);
        } catch (IOException e) {
            throw BenchException.failed(name + ": cannot be started: " + e.getMessage());
        }
    }

    /** The command line of a program of this room. */
    static List<String> ours(Path java, String main, int heapMegabytes) {
        return List.of(
                java.toString(),
                "-XX:+UseG1GC",
                "-Xms" + heapMegabytes + "m",
                "-Xmx" + heapMegabytes + "m",
                "-XX:ActiveProcessorCount=1",
                "-XX:-UseDynamicNumberOfCompilerThreads",
                "-XX:+ExitOnOutOfMemoryError",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Duser.timezone=UTC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main);
    }

    /** What follows its start; where that fails it is ended. */
    <T> T begun(Supplier<T> first) {
        try {
            return first.get();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void read() {
        try (var in = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("{")) {
                    lines.add(JSON.readTree(line));
                } else {
                    synchronized (words) {
                        words.add(line);
                    }
                }
            }
        } catch (JsonProcessingException e) {
            lines.add(JSON.createObjectNode().put("error", "a line of its is not JSON: " + e.getOriginalMessage()));
        } catch (IOException e) {
            lines.add(JSON.createObjectNode().put("error", "cannot be read: " + e.getMessage()));
        } finally {
            lines.add(JSON.missingNode());
        }
    }

    long pid() {
        return process.pid();
    }

    void send(ObjectNode line) {
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(line.toString())
                    .append('\n')
                    .flush();
        } catch (IOException e) {
            throw died();
        }
    }

    /** The next line that has this key; others before it are skipped. */
    JsonNode next(String key) {
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < until) {
            var line = poll();
            if (line.isEmpty()) {
                continue;
            }
            if (line.get().isMissingNode()) {
                throw died();
            }
            if (line.get().has("error") || line.get().has("refused")) {
                throw BenchException.failed(name + ": "
                        + line.get().path("error").asText(line.get().path("why").asText()));
            }
            if (line.get().has(key)) {
                return line.get();
            }
        }
        throw BenchException.failed(name + ": no answer for " + PATIENCE_SECONDS + " s" + lastWords());
    }

    private Optional<JsonNode> poll() {
        try {
            return Optional.ofNullable(lines.poll(1, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted");
        }
    }

    /** Waits until it ends by itself, and gives what it said in words. */
    List<String> awaitWords() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw BenchException.failed(name + ": did not end within " + PATIENCE_SECONDS + " s");
            }
            reader.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted");
        }
        if (process.exitValue() != 0) {
            throw died();
        }
        synchronized (words) {
            return List.copyOf(words);
        }
    }

    private BenchException died() {
        return BenchException.failed(name + ": ended in the middle of the bench" + lastWords());
    }

    private String lastWords() {
        try {
            var said = Files.readAllLines(log);
            return said.isEmpty() ? "; it said nothing" : "; its last words: " + said.get(said.size() - 1);
        } catch (IOException e) {
            return "; what it said cannot be read: " + e.getMessage();
        }
    }

    /** Ends it: by the end of its stdin first, then by force. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroy();
        }
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroy();
            }
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
