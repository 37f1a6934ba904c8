package me.musclemap.rum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import me.musclemap.rum.browser.DemoSite;
import me.musclemap.rum.chromium.Chromium;
import me.musclemap.rum.chromium.Tab;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo page in a real browser before an API of few answers; skipped where there is no Chromium. */
class DemoPageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final ObjectMapper json = new ObjectMapper();
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void aSetThatIsLoggedWithoutANetworkIsSentOnceWhenThereIsOneAgain() throws Exception {
        var program = Chromium.find();
        assumeTrue(program.isPresent(), "no Chromium on PATH: install the Debian package chromium");
        HttpServer api = api();
        try (var telemetry = Telemetry.start(TelemetryConfig.of("rum-collector", "test"));
                var collector =
                        Collector.start(telemetry, Clock.systemUTC(), CollectorConfig.of(directory.resolve("log"), 0));
                var site = new DemoSite(
                        0, URI.create("http://127.0.0.1:" + api.getAddress().getPort()), URI.create(collector.url()));
                var chromium = Chromium.start(program.get(), directory.resolve("profile"))) {
            Tab tab = chromium.open();
            tab.go(site.url());
            tab.await("document.body.dataset.ready && navigator.serviceWorker.controller", PATIENCE);
            assertThat(tab.evaluate("document.getElementById('exercises').innerText")
                            .asText())
                    .contains("Bench press");
            assertThat(tab.evaluate("document.getElementById('stats').innerText")
                            .asText())
                    .contains("12 training now");

            tab.click("#log button");
            tab.await("document.getElementById('logged').innerText == 'Set logged.'", PATIENCE);
            api.removeContext("/");
            api.createContext("/", HttpExchange::close);
            tab.click("#log button");
            tab.await("document.getElementById('logged').innerText.startsWith('Kept on this device')", PATIENCE);
            api.removeContext("/");
            answer(api);
            tab.evaluate("navigator.serviceWorker.controller.postMessage('sync'), 1");
            tab.await("document.getElementById('logged').innerText.startsWith('1 sent')", PATIENCE);

            List<String> sets = asked.stream()
                    .filter(body -> body.path("operationName").asText().equals("LogSet"))
                    .map(body -> body.at("/variables/input/clientSetId").asText())
                    .toList();
            assertThat(sets).hasSize(2).doesNotHaveDuplicates();
            assertThat(asked)
                    .allMatch(body -> body.at("/extensions/persistedQuery/sha256Hash")
                                    .asText()
                                    .length()
                            == 64);
            assertThat(asked).noneMatch(body -> body.has("query"));
            assertThat(tab.evaluate("document.documentElement.dataset.level").asText())
                    .isIn("full", "reduced", "minimal");

            tab.go("about:blank");
            HttpRequest slowest = HttpRequest.newBuilder(
                            URI.create(collector.url() + "/v1/slowest?metric=LCP&source=synthetic"))
                    .timeout(PATIENCE)
                    .build();
            String traces = "";
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (!traces.contains(TRACE) && System.nanoTime() < until) {
                Thread.sleep(50);
                traces = HttpClient.newHttpClient()
                        .send(slowest, BodyHandlers.ofString())
                        .body();
            }
            assertThat(traces).as("the API's trace").contains("\"traceId\":\"" + TRACE + "\"");
        } finally {
            api.stop(0);
        }
    }

    @Test
    void theConnectionDecidesHowMuchIsLoaded() throws Exception {
        var program = Chromium.find();
        assumeTrue(program.isPresent(), "no Chromium on PATH: install the Debian package chromium");
        HttpServer api = api();
        URI apiUrl = URI.create("http://127.0.0.1:" + api.getAddress().getPort());
        try (var site = new DemoSite(0, apiUrl, apiUrl);
                var chromium = Chromium.start(program.get(), directory.resolve("profile"))) {
            for (var expected : List.of("4g false full", "3g false reduced", "2g false minimal", "4g true minimal")) {
                String[] words = expected.split(" ", -1);
                Tab tab = chromium.open();
                tab.before(
                        "Object.defineProperty(navigator, 'connection', {value: {effectiveType: '%s', saveData: %s}})"
                                .formatted(words[0], words[1]));
                tab.go(site.url());
                tab.await("document.documentElement.dataset.level", PATIENCE);
                assertThat(tab.evaluate("document.documentElement.dataset.level")
                                .asText())
                        .as(expected)
                        .isEqualTo(words[2]);
                boolean isMinimal = words[2].equals("minimal");
                tab.await("document.getElementById('map').childElementCount", PATIENCE);
                assertThat(tab.evaluate("document.querySelector('#map > p') != null")
                                .asBoolean())
                        .as("words in place of the map")
                        .isEqualTo(isMinimal);
                int exercises = isMinimal ? 6 : words[2].equals("reduced") ? 12 : 24;
                assertThat(asked).anyMatch(body -> body.at("/variables/limit").asInt() == exercises);
                tab.close();
            }
        } finally {
            api.stop(0);
        }
    }

    private HttpServer api() throws IOException {
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(api);
        api.start();
        return api;
    }

    private void answer(HttpServer api) {
        api.createContext("/", exchange -> {
            JsonNode body = json.readTree(exchange.getRequestBody().readAllBytes());
            asked.add(body);
            byte[] answer =
                    ("{\"data\":" + data(body.path("operationName").asText()) + "}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders()
                    .set("Server-Timing", "traceparent;desc=\"00-" + TRACE + "-b7ad6b7169203331-01\"");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
    }

    private static String data(String operation) {
        return switch (operation) {
            case "Exercises" ->
                "{\"exercises\":[{\"id\":\"ex-001\",\"name\":\"Bench press\",\"type\":\"strength\",\"primaryMuscles\":[\"chest\"],\"difficulty\":null}]}";
            case "PublicCommunityStats" ->
                "{\"publicCommunityStats\":{\"activeNow\":{\"value\":12,\"display\":\"12\"},\"totalUsers\":{\"value\":1,\"display\":\"1\"},\"totalWorkouts\":{\"value\":1,\"display\":\"1\"}}}";
            case "Login" -> "{\"login\":{\"token\":\"t\"}}";
            case "ActiveWorkoutSession" -> "{\"activeWorkoutSession\":{\"id\":\"session_1\",\"sets\":[]}}";
            default -> "{\"logSet\":{\"session\":{\"id\":\"session_1\",\"totalVolume\":480},\"setLogged\":null}}";
        };
    }
}
