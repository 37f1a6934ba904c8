package me.musclemap.load.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A program that the lab started: JSON lines in and out, everything it says on stderr in a log file. It sees the end of
 * its stdin when the lab dies. Thread-safe.
 */
final class Child implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LAST_LINES = 5;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    /** A session of its own where that can be had: Ctrl-C then reaches the lab alone, which stops its children in order. */
    static final List<String> SESSION =
            Files.isExecutable(Path.of("/usr/bin/setsid")) ? List.of("/usr/bin/setsid") : List.of();

    private final String name;
    private final Process process;
    private final Path log;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private final Predicate<JsonNode> listener;
    private final Thread reader;
    private volatile boolean stopping;

    private Child(String name, Process process, Path log, Predicate<JsonNode> listener) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.listener = listener;
        reader = new Thread(this::readStdout, name + "-stdout");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a program whose answers are taken by {@link #next}. */
    static Child start(String name, List<String> pin, List<String> command, Path log) {
        return start(name, pin, command, log, line -> false, line -> {});
    }

    /**
     * Starts a program.
     *
     * @param listener sees each JSON line of stdout first; a line it answers true for is not an answer
     * @param words sees each line of stderr that is for people, not JSON
     */
    static Child start(
            String name,
            List<String> pin,
            List<String> command,
            Path log,
            Predicate<JsonNode> listener,
            Consumer<String> words) {
        var whole = new ArrayList<>(SESSION);
        whole.addAll(pin);
        whole.addAll(command);
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            var process = new ProcessBuilder(whole).start();
            var child = new Child(name, process, log, listener);
            child.copyStderr(Files.newOutputStream(log), words);
            return child;
        } catch (IOException e) {
            throw LabException.failed(name + ": cannot be started: " + e.getMessage());
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the line that says the program is ready. */
    JsonNode awaitReady(Duration patience) {
        var line = next(patience);
        if (!line.path("ready").asBoolean(false)) {
            throw LabException.failed(
                    name + ": did not start: " + line.path("error").asText(line.toString()));
        }
        return line;
    }

    /** The next JSON line of its stdout; it must come within this time. */
    JsonNode next(Duration patience) {
        return poll(patience)
                .orElseThrow(() ->
                        LabException.failed(name + ": no answer for " + patience.toSeconds() + " s" + lastWords()));
    }

    /** The next JSON line of its stdout, or empty when none comes within this time. */
    Optional<JsonNode> poll(Duration patience) {
        try {
            var line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                return Optional.empty();
            }
            if (line.isMissingNode()) {
                answers.add(line);
                throw died();
            }
            if (line.has("error")) {
                throw LabException.failed(name + ": " + line.path("error").asText());
            }
            return Optional.of(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed(name + ": interrupted while waiting for it");
        }
    }

    /** Writes a line to its stdin. */
    void send(String line) {
        try {
            synchronized (process) {
                var in = process.getOutputStream();
                in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                in.flush();
            }
        } catch (IOException e) {
            throw died();
        }
    }

    /** Fails with the last words of the program if it is no longer there. */
    void check() {
        if (!process.isAlive()) {
            throw died();
        }
    }

    /** What to say when it is gone although nobody stopped it. */
    LabException died() {
        try {
            process.waitFor(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var code = process.isAlive() ? "closed its output" : "ended with exit code " + process.exitValue();
        return LabException.failed(name + ": " + code + lastWords());
    }

    /** Ends it at once, without a word. */
    void kill() {
        stopping = true;
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks it to stop, then insists. Does nothing for one that has ended. */
    @Override
    public void close() {
        stopping = true;
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It closed its end already: it is stopping or has stopped.
            process.destroy();
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String lastWords() {
        var lines = ProcFiles.lines(log);
        if (lines.isEmpty()) {
            return " (it said nothing; log: " + log + ")";
        }
        var last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
        return "; its last lines (" + log + "):\n"
                + last.stream().map(line -> "    " + line).collect(Collectors.joining("\n"));
    }

    private void readStdout() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var json = parsed(line);
                if (!listener.test(json)) {
                    answers.add(json);
                }
            }
        } catch (IOException e) {
            if (!stopping) {
                throw new UncheckedIOException(name + ": cannot read its output", e);
            }
        } finally {
            answers.add(JSON.missingNode());
        }
    }

    private JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode().put("error", "not JSON: " + line);
        }
    }

    private void copyStderr(OutputStream to, Consumer<String> words) {
        var copier = new Thread(() -> copy(process.getErrorStream(), to, words), name + "-stderr");
        copier.setDaemon(true);
        copier.start();
    }

    /** Goes on reading when the log cannot be written: a program must never block on its own words. */
    private static void copy(InputStream from, OutputStream to, Consumer<String> words) {
        try (var lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8));
                to) {
            boolean writable = true;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("{")) {
                    words.accept(line);
                }
                writable = writable && write(to, line);
            }
        } catch (IOException e) {
            // The stream ends with its process; what it said until then is in the log.
            return;
        }
    }

    private static boolean write(OutputStream to, String line) {
        try {
            to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException e) {
            // The disk is full: the recorder, which writes to the same disk, ends the run for it.
            return false;
        }
    }
}
