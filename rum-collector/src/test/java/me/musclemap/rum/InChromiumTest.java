package me.musclemap.rum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import me.musclemap.rum.chromium.Chromium;
import me.musclemap.rum.chromium.Tab;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script and the page in a real browser, asked at the collector; skipped where there is no Chromium. */
@SuppressWarnings("NullAway.Init") // set before the tests
class InChromiumTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String PAGE = """
            <!doctype html><html><body><main id="app"><h1>Today's workout</h1><p>%s</p><button class="save" onclick="work()">Save</button></main>
            <script src="%s/rum/headroom-rum.js" integrity="%s" crossorigin="anonymous"></script>
            <script>
              window.began = window.HeadroomRum && HeadroomRum.init({url: '%s/api/vitals', release: '1.4.2', rate: %s});
              HeadroomRum.measure('model_load_ms', 1234);
              function work() {
                const until = performance.now() + 60; while (performance.now() < until);
                history.pushState({}, '', '/workouts/42?token=SECRET');
                document.querySelector('h1').textContent = 'Saved: ' + 'done '.repeat(40);
              }
            </script></body></html>""";

    @TempDir
    private static Path directory;

    private static Telemetry telemetry;
    private static Collector collector;
    private static HttpServer site;
    private static Chromium chromium;
    private static volatile String rate = "1";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        var program = Chromium.find();
        assumeTrue(program.isPresent(), "no Chromium on PATH: install the Debian package chromium");
        telemetry = Telemetry.start(TelemetryConfig.of("rum-collector", "test"));
        collector = Collector.start(telemetry, Clock.systemUTC(), CollectorConfig.of(directory.resolve("log"), 0));
        site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String integrity = me.musclemap.rum.browser.BrowserScript.integrity(
                me.musclemap.rum.browser.BrowserScript.load().plain());
        site.createContext("/", exchange -> {
            byte[] page = PAGE.formatted(
                            "A word of text. ".repeat(60), collector.url(), integrity, collector.url(), rate)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.getResponseHeaders()
                    .set(
                            "Server-Timing",
                            "traceparent;desc=\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        site.start();
        chromium = Chromium.start(program.get(), directory.resolve("profile"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (chromium != null) {
            chromium.close();
            site.stop(0);
            collector.close();
            telemetry.close();
        }
    }

    /** A tab that another test closed may still send. */
    @BeforeEach
    void settle() throws InterruptedException {
        long last = -1;
        while (last != collector.ledger().receivedCount()) {
            last = collector.ledger().receivedCount();
            Thread.sleep(500);
        }
    }

    @Test
    void aPageViewIsOneBeaconWithAllItsVitalsItsSoftNavigationAndItsTrace() throws Exception {
        Tab tab = chromium.open();
        long before = collector.ledger().receivedCount();
        tab.go(siteUrl() + "/feed?email=jane@example.org");
        tab.await("window.began && document.readyState == 'complete'", PATIENCE);
        rest(tab);
        tab.click("button.save");
        tab.await("location.pathname == '/workouts/42'", PATIENCE);
        rest(tab);
        tab.go("about:blank");
        awaitBeacons(before + 1);

        assertThat(collector.ledger().receivedCount()).isEqualTo(before + 1);
        JsonNode hard = query("metric=LCP&route=/feed&group=route,release");
        assertThat(hard.at("/groups/0/route").asText()).isEqualTo("/feed");
        assertThat(hard.at("/groups/0/release").asText()).isEqualTo("1.4.2");
        for (String metric : new String[] {"FCP", "TTFB", "CLS", "model_load"}) {
            assertThat(query("route=/feed&metric=" + metric).at("/total/count").asInt())
                    .as(metric)
                    .isEqualTo(1);
        }
        assertThat(query("metric=INP").at("/total/p75").asDouble()).isGreaterThan(50);
        assertThat(query("metric=FCP&group=navigation,route").path("groups").toString())
                .contains("{\"navigation\":\"soft\",\"route\":\"/workouts/{id}\"");
        assertThat(get("/v1/slowest?metric=LCP&source=synthetic")
                        .at("/0/traceId")
                        .asText())
                .isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(get("/v1/culprits?metric=LCP&source=synthetic")
                        .at("/elements/0/target")
                        .asText())
                .startsWith("#app>");
        tab.close();
    }

    @Test
    void whoAsksNotToBeMeasuredIsNot() throws Exception {
        long before = collector.ledger().receivedCount();
        for (String wish : new String[] {"globalPrivacyControl', {get: () => true", "doNotTrack', {get: () => '1'"}) {
            Tab tab = chromium.open();
            tab.before("Object.defineProperty(Navigator.prototype, '" + wish + "})");
            tab.go(siteUrl() + "/settings");
            tab.await("window.began === false", PATIENCE);
            tab.go("about:blank");
            tab.close();
        }
        rate = "0";
        Tab other = chromium.open();
        other.go(siteUrl() + "/sampled");
        other.await("window.began === false", PATIENCE);
        other.go("about:blank");
        rate = "1";
        other.close();

        assertThat(collector.ledger().receivedCount()).isEqualTo(before);
    }

    @Test
    void aBeaconThatFindsNoNetworkIsSentWithTheNextPage() throws Exception {
        Tab tab = chromium.open();
        long before = collector.ledger().receivedCount();
        tab.go(siteUrl() + "/a");
        tab.await("window.began && document.readyState == 'complete'", PATIENCE);
        rest(tab);
        tab.offline(true);
        tab.await("!navigator.onLine", PATIENCE);
        tab.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden'}),"
                + " document.dispatchEvent(new Event('visibilitychange')), 1");
        assertThat(tab.evaluate("JSON.parse(localStorage['headroom-rum']).length")
                        .asInt())
                .isEqualTo(1);
        tab.offline(false);
        awaitBeacons(before + 1);
        tab.await("!localStorage['headroom-rum']", PATIENCE);
        tab.close();
    }

    @Test
    void thePageShowsWhatIsStored() throws Exception {
        post(
                "{\"v\":1,\"p\":\"view-1\",\"wd\":true,\"u\":\"/progress/photos\",\"m\":[{\"n\":\"FCP\",\"v\":4321,\"id\":\"x-1\",\"a\":{\"target\":\"img.hero\"}}]}");
        Tab tab = chromium.open();
        for (int i = 0; i < 800; i++) {
            post(
                    "{\"v\":1,\"s\":\"s%d\",\"p\":\"of-%d\",\"wd\":true,\"u\":\"/progress/photos\",\"rel\":\"%s\",\"tp\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\",\"m\":[{\"n\":\"FCP\",\"v\":%d,\"id\":\"x-of-%d\"}]}"
                            .formatted(i, i, i % 2 == 0 ? "2.0.2" : "2.0.10", i % 2 == 0 ? 900 + i : 2900 + i, i));
        }
        tab.go(collector.url() + "/?source=synthetic&metric=FCP&base=2.0.2&candidate=2.0.10");
        tab.await("document.body.dataset.ready", PATIENCE);
        tab.await("document.querySelector('.tile')", PATIENCE);

        String text = tab.evaluate("document.body.innerText").asText();
        assertThat(text).contains("/progress/photos", "img.hero");
        assertThat(tab.evaluate("document.getElementById('groups').innerText").asText())
                .contains("/progress/photos")
                .containsPattern("\\d{3,4} ms");
        assertThat(tab.evaluate("document.getElementById('verdict').innerText").asText())
                .isEqualTo("2.0.10 against 2.0.2: regressed");
        assertThat(tab.evaluate("document.getElementById('compare').innerText").asText())
                .containsPattern("FCP\\s+400\\s+400");
        assertThat(tab.evaluate("document.getElementById('slowest').innerText").asText())
                .contains("0af7651916cd43dd8448eb211c80319c");

        post(
                "{\"v\":1,\"p\":\"view-2\",\"wd\":true,\"u\":\"/progress/weight\",\"m\":[{\"n\":\"FCP\",\"v\":800,\"id\":\"x-2\"}]}");
        tab.evaluate("[...document.querySelectorAll('#groups button')]"
                + ".find(b => b.innerText == '/progress/photos').click(), 1");
        tab.await("document.querySelector('.chips button')?.innerText == 'route: /progress/photos'", PATIENCE);
        tab.await("document.querySelectorAll('#groups tr').length == 1", PATIENCE);
        assertThat(tab.evaluate("location.search").asText()).contains("route=%2Fprogress%2Fphotos");
        tab.click(".chips button");
        tab.await("document.querySelectorAll('#groups tr').length > 1", PATIENCE);
        tab.close();
    }

    /** Vitals are reported when the page has time. */
    private static void rest(Tab tab) throws IOException {
        tab.evaluate("new Promise(done => setTimeout(() => requestIdleCallback(done, {timeout: 1000}), 1200))");
    }

    private static void awaitBeacons(long count) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (collector.ledger().receivedCount() < count && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        assertThat(collector.ledger().receivedCount()).isGreaterThanOrEqualTo(count);
    }

    private static String siteUrl() {
        return "http://127.0.0.1:" + site.getAddress().getPort();
    }

    private JsonNode query(String parameters) throws Exception {
        return get("/v1/query?source=synthetic&" + parameters);
    }

    private JsonNode get(String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(collector.url() + path))
                .timeout(PATIENCE)
                .build();
        return json.readTree(client.send(request, BodyHandlers.ofString()).body());
    }

    private void post(String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(collector.url() + "/api/vitals"))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("User-Agent", Beacons.PHONE)
                .build();
        assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
    }
}
