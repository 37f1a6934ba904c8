package me.musclemap.load.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The generator of one shard, in a Java process of its own that ends when this one does. Not thread-safe. */
final class GeneratorChild implements AutoCloseable {
    private static final String MAIN = "me.musclemap.load.drive.GeneratorMain";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Writer in;
    private final BufferedReader out;
    private final Path log;

    private GeneratorChild(Process process, Path log) {
        this.process = process;
        this.log = log;
        in = process.outputWriter(StandardCharsets.UTF_8);
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param log where its stderr goes */
    static GeneratorChild start(Path java, int heapMegabytes, Path log) {
        var command = List.of(
                java.toString(),
                "-Xmx" + heapMegabytes + "m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-XX:+ExitOnOutOfMemoryError",
                "-Duser.timezone=UTC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                MAIN);
        try {
            return new GeneratorChild(
                    new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
        } catch (IOException e) {
            throw ShardException.failed("generator: cannot be started: " + e.getMessage());
        }
    }

    void send(ObjectNode line) {
        try {
            in.append(line.toString()).append('\n').flush();
        } catch (IOException e) {
            throw died();
        }
    }

    /** The next line that has this key; what comes before it is given to {@code others}. */
    JsonNode next(String key, Consumer<JsonNode> others) {
        try {
            for (var text = out.readLine(); text != null; text = out.readLine()) {
                var line = JSON.readTree(text);
                if (line.has("error")) {
                    throw ShardException.failed(
                            "generator: " + line.path("error").asText());
                }
                if (line.has("refused")) {
                    throw ShardException.wrong("generator: " + line.path("why").asText());
                }
                if (line.has(key)) {
                    return line;
                }
                others.accept(line);
            }
        } catch (JsonProcessingException e) {
            throw ShardException.failed("generator: a line of its is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw died();
        }
        throw died();
    }

    private ShardException died() {
        return ShardException.failed("generator: ended in the middle of the run (log: " + log + ")");
    }

    @Override
    public void close() {
        try {
            in.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
