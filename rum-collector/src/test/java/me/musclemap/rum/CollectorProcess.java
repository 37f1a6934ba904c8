package me.musclemap.rum;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A collector in a process of its own, as the lab starts it. Ends with the test. */
final class CollectorProcess implements AutoCloseable {
    private final Process process;
    private final String url;

    private CollectorProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** Starts it and waits for its ready line. */
    static CollectorProcess start(Path data, String... options) throws IOException {
        var arguments =
                new ArrayList<String>(List.of("serve", "--port", "0", "--data", data.toString(), "--exit-with-parent"));
        arguments.addAll(List.of(options));
        return ready(process(arguments.toArray(String[]::new)));
    }

    /** The same, where no file may grow beyond this size, as on a disk that is full. */
    static CollectorProcess startOnFullDisk(Path data, int kibibytes) throws IOException {
        var command = new ArrayList<String>(List.of("sh", "-c", "ulimit -f " + kibibytes * 2 + "; exec \"$@\"", "sh"));
        command.addAll(command("serve", "--port", "0", "--data", data.toString(), "--exit-with-parent"));
        return ready(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    private static CollectorProcess ready(Process process) throws IOException {
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the collector ended before it was ready");
        }
        return new CollectorProcess(
                process, new ObjectMapper().readTree(line).path("url").asText());
    }

    /** The program with these arguments. */
    static Process process(String... arguments) throws IOException {
        return new ProcessBuilder(command(arguments))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<String> command(String... arguments) {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String url() {
        return url;
    }

    /** As kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As its parent's end does: standard input ends. */
    int endInput() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
