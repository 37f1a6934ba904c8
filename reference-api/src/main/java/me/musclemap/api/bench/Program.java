package me.musclemap.api.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import me.musclemap.api.Problem;

/** A program that we started and that said it is ready; it ends when its standard input does. */
final class Program implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Process process;
    private final JsonNode ready;

    private Program(String name, Process process, JsonNode ready) {
        this.name = name;
        this.process = process;
        this.ready = ready;
    }

    /** Starts {@code command} and waits for its line. {@code log} gets what it says on standard error. */
    static Program start(String name, List<String> command, Path directory, Path log) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = out.readLine();
            while (line != null && !line.startsWith("{")) {
                line = out.readLine(); // a JVM may say something first
            }
            if (line == null) {
                throw Problem.failed(name + " did not start: " + lastLine(log));
            }
            return new Program(name, process, JSON.readTree(line));
        } catch (IOException e) {
            throw Problem.failed("cannot start " + name, e);
        }
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }

    /** The command that runs this same program with other arguments. */
    static List<String> ours(List<String> options, List<String> arguments) {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path").replace(File.pathSeparator + "lib/", File.pathSeparator));
        command.add("me.musclemap.api.Main");
        command.addAll(arguments);
        return command;
    }

    long pid() {
        return process.pid();
    }

    URI url() {
        return URI.create(ready.path("url").asText());
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Ends it as if the power was cut. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
