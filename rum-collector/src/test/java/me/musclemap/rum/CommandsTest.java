package me.musclemap.rum;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a running collector: what they print, and how they end. */
@SuppressWarnings("NullAway.Init") // set before the tests
class CommandsTest {
    private static final int VIEWS = 400;

    @TempDir
    private static Path data;

    private static Telemetry telemetry;
    private static Collector collector;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    @BeforeAll
    static void start() throws Exception {
        telemetry = Telemetry.start(TelemetryConfig.of("rum-collector", "test"));
        collector = Collector.start(telemetry, Clock.systemUTC(), CollectorConfig.of(data, 0));
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < VIEWS; i++) {
            send(client, "1.4.1", i, 1000);
            send(client, "1.4.2", i, 2000);
            send(client, "1.4.3", i, 1000);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        collector.close();
        telemetry.close();
    }

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    private static void send(HttpClient client, String release, int i, int lcp)
            throws IOException, InterruptedException {
        String body = """
                {"v":1,"s":"%s%d","p":"%s%d","u":"/stats","rel":"%s","ect":"4g","m":[{"n":"LCP","v":%d,"id":"v6-%s-%d","nt":"navigate"}]}""".formatted(release, i, release, i, release, lcp + i % 40, release, i);
        var request = HttpRequest.newBuilder(URI.create(collector.url() + "/api/vitals"))
                .timeout(Duration.ofSeconds(30))
                .header("User-Agent", Beacons.PHONE)
                .POST(BodyPublishers.ofString(body))
                .build();
        assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
    }

    private int run(String command, String... options) {
        var arguments = new ArrayList<String>(List.of(command, "--url", collector.url()));
        arguments.addAll(List.of(options));
        return Main.run(arguments.toArray(String[]::new));
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return complained.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aWorseReleaseEndsWithThreeAnEqualOneWithNoneAndTooFewViewsWithFour() {
        assertThat(run("compare", "--base", "1.4.1", "--candidate", "1.4.2", "--metric", "LCP"))
                .isEqualTo(3);
        assertThat(printed())
                .startsWith("1.4.2 against 1.4.1, ")
                .containsPattern("LCP +400 +400 views +p75 10\\d\\dms -> 20\\d\\dms +regressed");
        assertThat(run("compare", "--base", "1.4.1", "--candidate", "1.4.3", "--metric", "LCP"))
                .isZero();
        assertThat(run("compare", "--base", "1.4.1", "--candidate", "1.5.0", "--metric", "LCP"))
                .isEqualTo(4);
        assertThat(run(
                        "compare",
                        "--base",
                        "1.4.1",
                        "--candidate",
                        "1.4.2",
                        "--metric",
                        "LCP",
                        "--only",
                        "device=desktop"))
                .as("nobody of them")
                .isEqualTo(4);
        assertThat(complained()).isEmpty();
    }

    @Test
    void theAnswerIsAsTheCollectorGaveItWhenAskedFor() throws IOException {
        assertThat(run("compare", "--base", "1.4.1", "--candidate", "1.4.2", "--metric", "LCP", "--json"))
                .isEqualTo(3);
        JsonNode answer = new ObjectMapper().readTree(printed());
        assertThat(answer.path("verdict").asText()).isEqualTo("regressed");
        assertThat(answer.at("/metrics/0/baseViews").asInt()).isEqualTo(VIEWS);
    }

    @Test
    void aTableHasALineForEachGroupAndOneForAll() {
        assertThat(run("query", "--metric", "LCP", "--group", "route,release", "--only", "device=mobile"))
                .isZero();
        assertThat(printed().lines().skip(1))
                .hasSize(5)
                .anyMatch(line -> line.matches("/stats, 1\\.4\\.2 +400 +20\\d\\dms +100.0% +0.0% +0.0%"))
                .anyMatch(line -> line.matches("total +1200 .*"));
    }

    @Test
    void aWrongQuestionEndsWithTwoAndNoCollectorWithOne() {
        assertThat(run("query", "--metric", "XX")).isEqualTo(2);
        assertThat(run("compare", "--base", "1.4.1", "--candidate", "1.4.1")).isEqualTo(2);
        assertThat(run("compare", "--base", "1.4.1")).isEqualTo(2);
        assertThat(complained()).contains("metric=XX: use one of", "use two releases", "--candidate");
        assertThat(Main.run("query", "--url", "http://127.0.0.1:1", "--metric", "LCP"))
                .isEqualTo(1);
        assertThat(complained()).contains("no collector answers there").doesNotContain("\tat ");
        assertThat(printed()).isEmpty();
    }
}
