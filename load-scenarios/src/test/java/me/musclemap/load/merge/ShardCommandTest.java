package me.musclemap.load.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import me.musclemap.load.lab.LabConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ShardCommandTest {
    @Test
    void aSeedThatHasUsedTheDataBeforeIsNamed(@TempDir Path directory) throws IOException {
        var threads = Executors.newFixedThreadPool(4);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            var asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var answer = (asked.contains("LogSet")
                            ? "{\"errors\":[{\"message\":\"gone\",\"extensions\":{\"code\":\"NOT_FOUND\"}}]}"
                            : "{\"data\":{\"login\":{\"token\":\"t\"},\"startWorkoutSession\":{\"session\":{\"id\":\"w\"}}}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        var out = new ByteArrayOutputStream();
        try {
            var command = new ShardCommand(
                    () -> LabConfig.from(Map.of(
                            "HEADROOM_HOME",
                            System.getProperty("repo.root"),
                            "HOME",
                            directory.toString(),
                            "JAVA_HOME",
                            System.getProperty("java.home"))),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(PrintStream.nullOutputStream()));
            int code = new CommandLine(command)
                    .execute(
                            "--shard=0/1",
                            "--target=http://127.0.0.1:" + server.getAddress().getPort(),
                            "--start-at=" + (System.currentTimeMillis() + 12_000),
                            "--rate=60",
                            "--duration=3",
                            "--warm-up=0",
                            "--users=3000",
                            "--out=" + directory.resolve("shard"));
            assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(4);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "a run with --seed 7 has used this data before",
                        "use another --seed",
                        "LogSet: graphql NOT_FOUND");
    }
}
