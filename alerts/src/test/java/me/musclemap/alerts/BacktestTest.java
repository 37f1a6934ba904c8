package me.musclemap.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made-up run whose safe rate is 287 requests/s, replayed through the real rule engine. */
class BacktestTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final double[] RATES = {100, 200, 260, 285, 400};
    private static final int WINDOW_SECONDS = 6;
    private static final long START = 1_790_000_000_000L;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aRun() throws IOException {
        Examples.runDirectory(directory);
        run("render", directory.toString());
        out.getBuffer().setLength(0);
        recorded(400, 0);
    }

    private int run(String... arguments) {
        return Main.commandLine(Map.of("PATH", System.getenv().getOrDefault("PATH", "")))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    /** Windows of six seconds in another order than that of their rates; users are hurt from one of them on. */
    private void recorded(double hurtFrom, double otherCores) throws IOException {
        var file = directory.resolve("run.json");
        var record = (ObjectNode) JSON.readTree(Files.readString(file));
        var windows = record.putArray("windows");
        var metrics = new StringBuilder("# TYPE http_server_request_duration_seconds histogram\n");
        var stations = new StringBuilder();
        double counted = 0;
        int[] order = {3, 0, 4, 2, 1};
        for (int index = 0; index < order.length; index++) {
            double rate = RATES[order[index]];
            long start = START + index * 10_000L;
            var window = windows.addObject();
            window.put("index", index).put("role", "fit").put("mixName", "workload").put("cores", 1);
            window.put("startEpochMillis", start).put("durationSeconds", (double) WINDOW_SECONDS);
            window.put("offeredPerSecond", rate).put("servedPerSecond", rate);
            window.putObject("completed").put("LogSet", Math.round(rate * WINDOW_SECONDS));
            window.putObject("failed");
            window.putObject("latencySeconds").putObject("corrected").put("p99", rate >= hurtFrom ? 2.5 : 0.02);
            window.putNull("excluded");
            for (int second = 0; second <= WINDOW_SECONDS; second++) {
                metrics.append(sample(
                        "http_server_request_duration_seconds_count{job=\"api\",http_request_method=\"POST\",http_route=\"/api/graphql\",http_response_status_code=\"200\"}",
                        counted + rate * second,
                        start + second * 1000L));
                metrics.append(
                        sample("hikaricp_connections_active{job=\"api\",pool=\"primary\"}", 2, start + second * 1000L));
                metrics.append(
                        sample("hikaricp_connections_max{job=\"api\",pool=\"primary\"}", 16, start + second * 1000L));
            }
            counted += rate * (WINDOW_SECONDS + 4);
            stations.append(
                    "{\"window\":%d,\"durationSeconds\":%d,\"stations\":{\"api\":{\"cpuSeconds\":%s},\"generator\":{\"cpuSeconds\":3}},\"host\":{\"stealSeconds\":0.0}}%n"
                            .formatted(index, WINDOW_SECONDS, WINDOW_SECONDS * (rate * 0.0015 + otherCores)));
        }
        record.put("windowCount", windows.size());
        Files.writeString(file, record.toString());
        Files.writeString(directory.resolve("metrics.om"), metrics + "http_server_request_dura");
        Files.writeString(directory.resolve("stations.ndjson"), stations.toString());
    }

    private static String sample(String series, double value, long epochMillis) {
        return "%s %s %s%n".formatted(series, value, epochMillis / 1000.0);
    }

    @Test
    void anAlertThatComesBeforeUsersAreHurtIsInTime() throws IOException {
        Examples.tool("promtool");
        assertThat(run("backtest", directory.toString(), "--json"))
                .as(err + " " + out)
                .isZero();
        var answer = JSON.readTree(out.toString());
        assertThat(answer.path("hurtPerSecond").asDouble()).isEqualTo(400);
        assertThat(answer.path("levels")).hasSize(5);
        var low = alert(answer, "CapacityHeadroomLow");
        // It warns below 8.3 % of 287 requests/s, which is at 263: at 285 and not at 260.
        assertThat(low.path("requestsPerSecond").asDouble()).isEqualTo(285);
        assertThat(low.path("leadMinutes").asInt()).isBetween(1, 20);
        var exhausted = alert(answer, "CapacityHeadroomExhausted");
        assertThat(exhausted.path("requestsPerSecond").asDouble()).isEqualTo(400);
        assertThat(exhausted.path("leadMinutes").asInt()).isNotPositive();
        assertThat(alert(answer, "FailuresHigh").path("fires").asBoolean()).isFalse();
        assertThat(alert(answer, "LoadTestRunning").path("fires").asBoolean()).isFalse();
        assertThat(alert(answer, "MetricsMissing").path("fires").asBoolean()).isFalse();
        // The line into the future is steep because the ramp is: it warns early, and decides nothing.
        assertThat(alert(answer, "CapacityExhaustionSoon").path("trend").asBoolean())
                .isTrue();
        assertThat(answer.path("verdict").asText())
                .startsWith("in time: Capacity")
                .doesNotContain("ExhaustionSoon");
    }

    @Test
    void anAlertThatComesAfterUsersAreHurtIsTooLate() throws IOException {
        Examples.tool("promtool");
        recorded(200, 0);
        assertThat(run("backtest", directory.toString())).as(err.toString()).isEqualTo(3);
        assertThat(out.toString())
                .contains("users are hurt from 200 requests/s on (p99 2.5 s)")
                .contains("too late: no alert")
                .containsPattern("CapacityHeadroomLow +warning +285/s +143 % +\\d+ min too late");
    }

    private static com.fasterxml.jackson.databind.JsonNode alert(
            com.fasterxml.jackson.databind.JsonNode answer, String name) {
        for (var alert : answer.path("alerts")) {
            if (alert.path("alert").asText().equals(name)) {
                return alert;
            }
        }
        throw new AssertionError("no alert " + name);
    }

    @Test
    void whatIsMissingIsNamedWithItsRemedy() throws IOException {
        var promtool = Files.writeString(directory.resolve("promtool"), "#!/bin/sh\nexit 1\n");
        assertThat(promtool.toFile().setExecutable(true)).isTrue();
        var tool = "--promtool=" + promtool;
        Files.delete(directory.resolve("metrics.om"));
        assertThat(run("backtest", directory.toString(), tool)).isEqualTo(2);
        assertThat(err.toString()).contains("metrics.om: no such file");
        recorded(400, 0);
        assertThat(run("backtest", directory.toString(), tool, "--mix=nosuch")).isEqualTo(2);
        assertThat(err.toString()).contains("--mix=nosuch: the run has workload");
        assertThat(run("backtest", directory.toString(), tool, "--minutes=1")).isEqualTo(2);
        Files.delete(directory.resolve("alerts/headroom.rules.yml"));
        assertThat(run("backtest", directory.toString(), tool)).isEqualTo(2);
        assertThat(err.toString()).contains("render it with 'headroom alerts render");
        assertThat(Main.commandLine(Map.of("PATH", ""))
                        .setErr(new PrintWriter(err, true))
                        .execute("backtest", directory.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("promtool is not on PATH: install it");
    }

    /** What promtool 2.42.0 says of a test that expects nothing, shortened; no promtool is needed to read it. */
    private static final String SAID = """
            Unit Testing:  test.yml
              FAILED:
                expr: "group by (alertname) (ALERTS{alertstate=\\"firing\\"})", time: 21m,
                    exp: nil
                    got: {alertname="CapacityHeadroomLow"} 1E+00, {alertname="CpuBusy"} 1E+00
                expr: "group by (alertname) (ALERTS{alertstate=\\"firing\\"})", time: 1h2m,
                    exp: nil
                    got: {alertname="CapacityHeadroomLow"} 1E+00
            """;

    private String promtool(String body) throws IOException {
        var program = Files.writeString(directory.resolve("promtool"), "#!/bin/sh\n" + body);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return "--promtool=" + program;
    }

    @Test
    void theMinutesInWhichAnAlertFiresAreReadFromWhatPromtoolSays() throws IOException {
        Files.writeString(directory.resolve("said.txt"), SAID);
        var tool = promtool("cat '" + directory.resolve("said.txt") + "'\nexit 1\n");
        run("backtest", directory.toString(), tool, "--json");
        var answer = JSON.readTree(out.toString());
        // Levels of twenty minutes: minute 21 is in the second of them, 200 requests/s, and users are hurt from 80 on.
        var low = alert(answer, "CapacityHeadroomLow");
        assertThat(low.path("requestsPerSecond").asDouble()).isEqualTo(200);
        assertThat(low.path("minutesFiring").asInt()).isEqualTo(2);
        assertThat(low.path("leadMinutes").asInt()).isEqualTo(59);
        assertThat(alert(answer, "CpuBusy").path("minutesFiring").asInt()).isEqualTo(1);
        assertThat(alert(answer, "CpuSaturated").path("fires").asBoolean()).isFalse();
    }

    @Test
    void aPromtoolThatCannotBeRunIsOneLineAndNoStackTrace() throws IOException {
        var run = directory.toString();
        assertThat(run("backtest", run, "--promtool=" + directory)).isEqualTo(2);
        assertThat(run("check", run, "--promtool=" + directory)).isEqualTo(2);
        var broken = promtool("");
        Files.writeString(directory.resolve("promtool"), "#!/no/such/interpreter\n");
        assertThat(run("backtest", run, broken)).isEqualTo(1);
        assertThat(err.toString())
                .contains("not a program that can be run", "cannot be started")
                .doesNotContain("\tat ")
                .hasLineCount(3);
        assertThat(run("backtest", run, promtool("echo 'unknown flag'\nexit 1\n")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("promtool cannot run it: unknown flag");
    }
}
