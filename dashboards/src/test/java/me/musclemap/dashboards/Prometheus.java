package me.musclemap.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import me.musclemap.alerts.tools.Tool;

/** A real Prometheus on loopback that holds the samples of an OpenMetrics file, and nothing else. */
final class Prometheus implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    private Prometheus(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static Prometheus with(Path openMetrics, Path directory) throws IOException, InterruptedException {
        var data = Files.createDirectory(directory.resolve("data"));
        var loaded = Examples.tool("promtool")
                .run(
                        directory,
                        Duration.ofMinutes(2),
                        List.of("tsdb", "create-blocks-from", "openmetrics", openMetrics.toString(), data.toString()));
        if (!loaded.ok()) {
            throw new IllegalStateException("promtool could not load " + openMetrics + ": " + loaded.output());
        }
        Tool program = Examples.tool("prometheus");
        var config = Files.writeString(directory.resolve("prometheus.yml"), "global: {scrape_interval: 15s}\n");
        int port = freePort();
        var process = new ProcessBuilder(
                        program.program().toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + data,
                        "--storage.tsdb.retention.time=100y",
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
        var prometheus = new Prometheus(process, port);
        prometheus.awaitReady(directory.resolve("prometheus.log"));
        return prometheus;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady(Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                var answer = http.send(request("/-/ready"), BodyHandlers.discarding());
                if (answer.statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet; the time limit is what ends the waiting.
            }
            Thread.sleep(100);
        }
        close();
        throw new IllegalStateException("Prometheus did not become ready:\n" + Files.readString(log));
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    /** The samples that the expression gives at a time, in epoch seconds. */
    JsonNode query(String expr, long atEpochSeconds) throws IOException, InterruptedException {
        String path =
                "/api/v1/query?time=" + atEpochSeconds + "&query=" + URLEncoder.encode(expr, StandardCharsets.UTF_8);
        var body = http.send(request(path), BodyHandlers.ofString()).body();
        var answer = JsonMapper.builder().build().readTree(body);
        if (!answer.path("status").asText().equals("success")) {
            throw new IllegalStateException(expr + ": " + answer.path("error").asText());
        }
        return answer.path("data").path("result");
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
}
