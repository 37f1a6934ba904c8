package me.musclemap.load.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.RunRecords;
import me.musclemap.load.record.Window;
import me.musclemap.load.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ImportTest {
    private static final Path HOME =
            Path.of(System.getProperty("repo.root", "..")).toAbsolutePath();
    private static final long FROM = 1_790_000_000L;
    private static final int WINDOWS = 10;
    private static final int WINDOW_SECONDS = 60;
    private static final int SCRAPE_SECONDS = 5;

    /** What one request costs in this made-up production. */
    private static final double READ_SECONDS = 0.004;

    private static final double WRITE_SECONDS = 0.012;

    @TempDir
    private Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setExecutionExceptionHandler((problem, line, parsed) -> {
                    if (problem instanceof ReplayException replay) {
                        new PrintStream(err, true, StandardCharsets.UTF_8).println(replay.getMessage());
                        return replay.exitCode();
                    }
                    throw problem;
                })
                .execute(arguments);
    }

    private int read(URI prometheus, String... more) {
        var arguments = new java.util.ArrayList<>(List.of(
                "--prometheus=" + prometheus,
                "--from=" + FROM,
                "--to=" + (FROM + WINDOWS * WINDOW_SECONDS),
                "--users=1000"));
        arguments.addAll(List.of(more));
        return run(new ImportCommand(this::config, stream()), arguments.toArray(String[]::new));
    }

    private LabConfig config() {
        return new LabConfig(HOME, dir, dir.resolve("runs"), dir, dir, dir, List.of());
    }

    private PrintStream stream() {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    private RunRecord record() throws IOException {
        try (var runs = Files.list(dir.resolve("runs"))) {
            return RunRecords.read(runs.findFirst().orElseThrow());
        }
    }

    /** Ten minutes at rates from 1 to 10 a second, with a known cost of each request and 0.05 cores of background. */
    private static String openMetrics() {
        var reads = new StringBuilder();
        var writes = new StringBuilder();
        var cpu = new StringBuilder();
        var posts = new StringBuilder();
        double read = 0;
        double written = 0;
        double seconds = 0;
        for (int at = -SCRAPE_SECONDS; at <= WINDOWS * WINDOW_SECONDS; at += SCRAPE_SECONDS) {
            int window = Math.max(0, (at - 1) / WINDOW_SECONDS);
            read += SCRAPE_SECONDS * (1 + window);
            written += SCRAPE_SECONDS * (window % 3 == 0 ? 0.5 : 2);
            seconds +=
                    SCRAPE_SECONDS * (0.05 + READ_SECONDS * (1 + window) + WRITE_SECONDS * (window % 3 == 0 ? 0.5 : 2));
            long time = FROM + at;
            reads.append(line(
                    "graphql_server_operation_duration_seconds_count{graphql_operation_name=\"MyStats\",outcome=\"ok\"}",
                    read,
                    time));
            writes.append(line(
                    "graphql_server_operation_duration_seconds_count{graphql_operation_name=\"LogSet\",outcome=\"ok\"}",
                    written,
                    time));
            cpu.append(line("headroom_station_cpu_seconds_total{station=\"api\"}", seconds, time));
            posts.append(line(
                    "http_server_request_duration_seconds_bucket{http_route=\"/api/graphql\",le=\"0.1\"}", read, time));
        }
        var gauges = new StringBuilder();
        for (int at = -SCRAPE_SECONDS; at <= WINDOWS * WINDOW_SECONDS; at += SCRAPE_SECONDS) {
            gauges.append(line("headroom_host_cores", 2, FROM + at));
        }
        return "# TYPE graphql_server_operation_duration_seconds unknown\n" + reads + writes + cpu + posts
                + inf(posts.toString()) + gauges + "# EOF\n";
    }

    private static String inf(String buckets) {
        return buckets.replace("le=\"0.1\"", "le=\"+Inf\"");
    }

    private static String line(String series, double value, long time) {
        return String.format(Locale.ROOT, "%s %.6f %d%n", series, value, time);
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @Test
    void aRealPrometheusGivesARecordWithProductionsRatesAndCosts() throws Exception {
        assumeTrue(onPath("prometheus") && onPath("promtool"), "prometheus and promtool are not on PATH");
        Files.writeString(
                dir.resolve("series.om"), openMetrics().replaceFirst("# TYPE .*\n", ""), StandardCharsets.UTF_8);
        var made = new ProcessBuilder("promtool", "tsdb", "create-blocks-from", "openmetrics", "series.om", "data")
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .start();
        var words = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(made.waitFor()).as(words).isZero();
        Files.writeString(dir.resolve("prometheus.yml"), "global: {}\n");
        int port = freePort();
        var server = new ProcessBuilder(
                        "prometheus",
                        "--config.file=prometheus.yml",
                        "--storage.tsdb.path=data",
                        "--storage.tsdb.retention.time=10y",
                        "--web.listen-address=127.0.0.1:" + port)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("prometheus.log").toFile())
                .start();
        try {
            var url = URI.create("http://127.0.0.1:" + port);
            awaitReady(url, server);
            assertThat(read(url, "--memory-gib=8"))
                    .as(err.toString(StandardCharsets.UTF_8))
                    .isZero();
            assertKnownProduction();
            var mine = dir.resolve("mine.yaml");
            assertThat(run(
                            new ReplayCommand(this::config, stream()),
                            "--prometheus=" + url,
                            "--from=" + FROM,
                            "--to=" + (FROM + WINDOWS * WINDOW_SECONDS),
                            "--out=" + mine))
                    .isZero();
            assertThat(Workload.load(mine).journeys()).isNotEmpty();
        } finally {
            server.destroy();
            server.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private void assertKnownProduction() throws IOException {
        var record = record();
        assertThat(record.windows()).hasSize(WINDOWS).allMatch(window -> window.role() == Window.Role.FIT);
        var last = record.windows().get(WINDOWS - 1);
        assertThat(last.offeredPerSecond()).isCloseTo(10.5, within(0.6));
        assertThat(last.latencySeconds().corrected()).isNull();
        assertThat(last.latencySeconds().service()).isNotNull();
        assertThat(record.resources().get(0).stations()).containsExactly("api");
        assertThat(record.host().cores()).isEqualTo(2);
        assertThat(record.workload().mix().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(1, within(1e-9));
        var use = Files.readAllLines(dir.resolve("runs").resolve(record.id()).resolve("stations.ndjson"));
        assertThat(use).hasSize(WINDOWS).last().asString().contains("\"api\":{\"cpuSeconds\":5.76");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("10 windows of 60 s", "headroom capacity fit");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitReady(URI url, Process server) throws InterruptedException {
        var prometheus = new Prometheus(url);
        for (int i = 0; i < 200 && server.isAlive(); i++) {
            try {
                prometheus.range("vector(1)", FROM, FROM, 1);
                return;
            } catch (ReplayException e) {
                Thread.sleep(100);
            }
        }
        throw new AssertionError("prometheus did not come up");
    }

    /** The same production from answers as the API gives them, where no Prometheus is installed. */
    @Test
    void answersOfTheApiGiveTheSameRecord() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/query_range", exchange -> {
            var form = URLDecoder.decode(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8);
            var body = ("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[" + results(form)
                            + "]}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            assertThat(read(url, "--memory-gib=8")).isZero();
            assertKnownProduction();
            assertThat(read(url, "--memory-gib=0")).isEqualTo(4);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("headroom_host_memory_bytes is not there");
        } finally {
            server.stop(0);
        }
    }

    private static String results(String form) {
        var series = new TreeMap<String, java.util.function.IntToDoubleFunction>();
        if (form.contains("graphql_server")) {
            series.put("{\"graphql_operation_name\":\"MyStats\",\"outcome\":\"ok\"}", i -> 60 * (1 + i));
            series.put("{\"graphql_operation_name\":\"LogSet\",\"outcome\":\"ok\"}", i -> i % 3 == 0 ? 30 : 120);
        } else if (form.contains("station_cpu")) {
            series.put(
                    "{\"station\":\"api\"}",
                    i -> 60 * (0.05 + READ_SECONDS * (1 + i) + WRITE_SECONDS * (i % 3 == 0 ? 0.5 : 2)) + 0.001);
        } else if (form.contains("_bucket")) {
            series.put("{\"le\":\"0.1\"}", i -> 60 * (1 + i));
            series.put("{\"le\":\"+Inf\"}", i -> 60 * (1 + i));
        } else if (form.contains("headroom_host_cores")) {
            series.put("{}", i -> 2);
        }
        var text = new StringBuilder();
        series.forEach((labels, value) -> {
            text.append(text.isEmpty() ? "" : ",")
                    .append("{\"metric\":")
                    .append(labels)
                    .append(",\"values\":[");
            for (int i = 0; i < WINDOWS; i++) {
                text.append(i == 0 ? "" : ",")
                        .append("[%d,\"%s\"]".formatted(FROM + (i + 1) * WINDOW_SECONDS, value.applyAsDouble(i)));
            }
            text.append("]}");
        });
        return text.toString();
    }

    @Test
    void aServerThatIsNoneAndTimesThatAreNoneAreSaid() throws IOException {
        assertThat(read(URI.create("http://127.0.0.1:1"))).isEqualTo(1);
        assertThat(read(URI.create("ftp://x"))).isEqualTo(2);
        assertThat(run(
                        new ImportCommand(this::config, stream()),
                        "--prometheus=http://127.0.0.1:1",
                        "--from=yesterday",
                        "--to=" + FROM))
                .isEqualTo(2);
        assertThat(read(URI.create("http://127.0.0.1:1"), "--window=900")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no answer", "--prometheus=ftp://x", "--from=yesterday: write an instant", "--to=");
        assertThat(dir.resolve("runs")).doesNotExist();
    }
}
