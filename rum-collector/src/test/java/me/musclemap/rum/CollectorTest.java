package me.musclemap.rum;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import me.musclemap.rum.beacon.Reason;
import me.musclemap.rum.intake.IntakeConfig;
import me.musclemap.rum.intake.Outcome;
import me.musclemap.rum.intake.TestSignature;
import me.musclemap.rum.privacy.RouteWords;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import me.musclemap.telemetry.catalogue.Catalogue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A collector on the loopback, asked over HTTP. */
@SuppressWarnings("NullAway.Init") // set before each test
class CollectorTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    private Path data;

    private Telemetry telemetry;
    private Collector collector;

    @BeforeEach
    void start() throws IOException {
        telemetry = Telemetry.start(TelemetryConfig.of("rum-collector", "test"));
        collector = Collector.start(telemetry, Clock.systemUTC(), CollectorConfig.of(data, 0));
    }

    @AfterEach
    void stop() throws IOException {
        assertThat(collector.ledger().balances())
                .as("every beacon has one outcome")
                .isTrue();
        collector.close();
        telemetry.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain;charset=UTF-8",
                "application/json",
                "application/x-www-form-urlencoded",
                "image/png",
                ""
            })
    void everyRealBeaconIsTakenWhateverItsContentTypeAndCountedApart(String contentType) throws Exception {
        for (JsonNode beacon : Beacons.real()) {
            var headers = new ArrayList<String>(
                    List.of("User-Agent", beacon.at("/headers/user-agent").asText()));
            if (!contentType.isEmpty()) {
                headers.addAll(List.of("Content-Type", contentType));
            }
            assertThat(post(beacon.path("body").asText(), headers.toArray(String[]::new))
                            .statusCode())
                    .isEqualTo(204);
        }

        assertThat(collector.ledger().count(Outcome.SYNTHETIC))
                .isEqualTo(Beacons.real().size());
        assertThat(query("metric=LCP").at("/total/count").asInt()).isZero();
        assertThat(query("metric=LCP&source=synthetic&group=route")
                        .at("/groups/0/route")
                        .asText())
                .isEqualTo("/{id}");
        assertThat(query("metric=LCP&source=synthetic").at("/total/p75").asDouble())
                .isBetween(150.4, 153.6);
    }

    @Test
    void theRealProductsChangesAreAddedUpForEachId() throws Exception {
        assertThat(send(Beacons.product("CLS", 60, "v5-1-1", "/workouts", 1)).statusCode())
                .isEqualTo(204);
        send(Beacons.product("CLS", 70, "v5-1-1", "/workouts", 2));
        send(Beacons.product("CLS", 70, "v5-1-1", "/workouts", 2));

        JsonNode total = query("metric=CLS").path("total");
        assertThat(total.path("count").asInt()).isEqualTo(1);
        assertThat(total.path("p75").asDouble()).isBetween(0.1286, 0.1314);
        assertThat(total.path("needsImprovement").asDouble()).isEqualTo(1.0);
        assertThat(collector.ledger().count(Outcome.STORED)).isEqualTo(2);
        assertThat(collector.ledger().count(Outcome.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void aLaterValueOfAnIdTakesThePlaceOfTheEarlier() throws Exception {
        send(Beacons.webVitals("LCP", "1200", "v6-1-1", "navigate", "https://mm.example/home"));
        send(Beacons.webVitals("LCP", "4800", "v6-1-1", "navigate", "https://mm.example/home"));
        send(Beacons.webVitals("LCP", "4800", "v6-1-1", "navigate", "https://mm.example/home"));

        JsonNode total = query("metric=LCP").path("total");
        assertThat(total.path("count").asInt()).isEqualTo(1);
        assertThat(total.path("poor").asDouble()).isEqualTo(1.0);
    }

    @Test
    void aBatchIsOneBeaconWithManyValues() throws Exception {
        String batch = Files.readString(
                Path.of(System.getProperty("repo.root")).resolve("rum-collector/contract/examples/page-view.json"));
        send(batch);
        send(batch);

        assertThat(collector.ledger().count(Outcome.STORED)).isEqualTo(1);
        assertThat(collector.ledger().count(Outcome.DUPLICATE)).isEqualTo(1);
        JsonNode group = query("metric=first_workout_log&group=route,connection,release,device")
                .at("/groups/0");
        assertThat(group.path("route").asText()).isEqualTo("/workouts/{id}");
        assertThat(group.path("connection").asText()).isEqualTo("4g");
        assertThat(group.path("release").asText()).isEqualTo("1.4.2");
        assertThat(group.path("device").asText()).isEqualTo("mobile");
    }

    @Test
    void viewsThatAreNotComparableAreKeptApart() throws Exception {
        send(Beacons.webVitals("LCP", "2000", "v6-1-1", "navigate", "/a"));
        send(Beacons.webVitals("LCP", "40", "v6-1-2", "back-forward-cache", "/a"));
        send(Beacons.webVitals("LCP", "60", "v6-1-3", "soft-navigation", "/a"));
        send(Beacons.webVitals("TTFB", "0", "v6-1-4", "soft-navigation", "/a"));

        assertThat(query("metric=LCP").at("/total/count").asInt()).isEqualTo(1);
        assertThat(query("metric=LCP&group=navigation").path("groups")).hasSize(3);
        assertThat(query("metric=TTFB&navigation=any").at("/total/count").asInt())
                .isZero();
        assertThat(collector.ledger().count(Outcome.NOT_COMPARABLE)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e400", "600001", "\"120\"", "null", "true", "[1]"})
    void anImpossibleValueIsNotKeptAndTheSenderIsNotBothered(String value) throws Exception {
        assertThat(send(Beacons.webVitals("LCP", value, "v6-1-1", "navigate", "/a"))
                        .statusCode())
                .isEqualTo(204);

        assertThat(query("metric=LCP").at("/total/count").asInt()).isZero();
        assertThat(collector.ledger().count(Outcome.REJECTED)).isEqualTo(1);
        assertThat(collector.ledger().count(Reason.IMPOSSIBLE_VALUE)
                        + collector.ledger().count(Reason.NOT_A_NUMBER))
                .isEqualTo(1);
    }

    @Test
    void onlyABodyThatCannotBeReadIsAnsweredWithAnError() throws Exception {
        assertThat(send("{").statusCode()).isEqualTo(400);
        assertThat(send("").statusCode()).isEqualTo(400);
        assertThat(send("{\"name\":\"LCP\",\"value\":NaN}").statusCode()).isEqualTo(400);
        assertThat(send("\"" + "x".repeat(70_000) + "\"").statusCode()).isEqualTo(413);
        assertThat(send("{}").statusCode()).isEqualTo(204);
        assertThat(send("[]").statusCode()).isEqualTo(204);
        assertThat(send("7").statusCode()).isEqualTo(204);
        assertThat(send(Beacons.webVitals("XYZ", "1", "v6-1-1", "navigate", "/a"))
                        .statusCode())
                .isEqualTo(204);

        assertThat(collector.ledger().count(Outcome.REJECTED)).isEqualTo(8);
        assertThat(collector.ledger().count(Reason.UNREADABLE)).isEqualTo(3);
        assertThat(collector.ledger().count(Reason.TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void aChunkedBodyIsReadNoFurtherThanAllowed() throws Exception {
        byte[] large = ("\"" + "x".repeat(200_000) + "\"").getBytes(StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(URI.create(collector.url() + "/api/vitals"))
                .timeout(TIMEOUT)
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    }

    @Test
    void aBodyThatThePageHasPackedIsOpenedUpToTheLongestAllowed() throws Exception {
        byte[] beacon =
                Beacons.webVitals("LCP", "1200", "v6-1-1", "navigate", "/a").getBytes(StandardCharsets.UTF_8);
        byte[] bomb = new byte[4 << 20];

        assertThat(post(packed(beacon, GZIPOutputStream::new))).isEqualTo(204);
        assertThat(post(packed(beacon, DeflaterOutputStream::new))).isEqualTo(204);
        assertThat(post(packed(bomb, GZIPOutputStream::new))).isEqualTo(413);
        assertThat(post(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0})).isEqualTo(400);
        assertThat(post(new byte[] {0x78, (byte) 0x9c, 1, 2, 3})).isEqualTo(400);

        assertThat(query("metric=LCP").at("/total/count").asInt()).isEqualTo(1);
        assertThat(collector.ledger().count(Outcome.DUPLICATE)).isEqualTo(1);
        assertThat(collector.ledger().count(Reason.TOO_LARGE)).isEqualTo(1);
        assertThat(collector.ledger().count(Reason.UNREADABLE)).isEqualTo(2);
    }

    private interface Packing {
        OutputStream over(OutputStream out) throws IOException;
    }

    private static byte[] packed(byte[] body, Packing packing) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream packer = packing.over(out)) {
            packer.write(body);
        }
        return out.toByteArray();
    }

    private int post(byte[] body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(collector.url() + "/api/vitals"))
                .timeout(TIMEOUT)
                .header("User-Agent", Beacons.PHONE)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    @Test
    void whoOptsOutAndCrawlersLeaveNothingBehind() throws Exception {
        String beacon = Beacons.webVitals("LCP", "100", "v6-1-1", "navigate", "/a");
        post(beacon, "User-Agent", Beacons.PHONE, "Sec-GPC", "1");
        post(beacon, "User-Agent", Beacons.PHONE, "DNT", "1");
        post(beacon, "User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");

        post(beacon, "User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0 Safari/537.36 headroom-load");

        assertThat(collector.ledger().count(Outcome.SYNTHETIC)).isEqualTo(1);
        assertThat(collector.ledger().count(Outcome.OPTED_OUT)).isEqualTo(2);
        assertThat(collector.ledger().count(Outcome.BOT)).isEqualTo(1);
        assertThat(query("metric=LCP").at("/total/count").asInt()).isZero();
        assertThat(query("metric=LCP&source=any").at("/total/count").asInt()).isEqualTo(1);
    }

    @Test
    void aPageOfAnotherOriginMayPostAfterAPreflight() throws Exception {
        var preflight = HttpRequest.newBuilder(URI.create(collector.url() + "/api/vitals"))
                .timeout(TIMEOUT)
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://mm.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type")
                .build();

        HttpResponse<String> answer = client.send(preflight, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("https://mm.example");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers"))
                .hasValueSatisfying(headers -> assertThat(headers).contains("content-type"));
        assertThat(post("{}", "Origin", "https://mm.example").headers().firstValue("Access-Control-Allow-Origin"))
                .contains("https://mm.example");
    }

    @Test
    void aRestartGivesTheSameAnswers() throws Exception {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            send(Beacons.product(
                    "INP", Math.rint(20 + random.nextDouble() * 600), "v5-1-" + i % 150, "/p/" + i % 5, i + 1));
        }
        JsonNode before = query("metric=INP&group=route&from=2020-01-01T00:00:00Z");

        collector.close();
        telemetry.close();
        start();

        JsonNode after = query("metric=INP&group=route&from=2020-01-01T00:00:00Z");
        assertThat(after.path("groups")).isEqualTo(before.path("groups"));
        assertThat(after.at("/total/count").asInt()).isEqualTo(150);
    }

    @Test
    void everythingItExposesIsInTheCatalogue() throws Exception {
        post("{}", "User-Agent", "Googlebot/2.1");
        send(Beacons.product("CLS", 60, "v5-1-1", "/workouts", 1));
        for (JsonNode beacon : Beacons.real()) {
            send(beacon.path("body").asText());
        }
        send("{");
        get("/nowhere");

        String page = get("/metrics").body();
        assertThat(Catalogue.shipped().check(page)).isEmpty();
        assertThat(page).contains("http_route=\"unmatched\"", "http_route=\"/api/vitals\"");
    }

    @Test
    void aMalformedQueryIsToldWhatToWrite() throws Exception {
        for (String query : List.of(
                "", "metric=XX", "metric=LCP&colour=red", "metric=LCP&from=yesterday", "metric=LCP&group=mood")) {
            HttpResponse<String> answer = get("/v1/query?" + query);
            assertThat(answer.statusCode()).as(query).isEqualTo(400);
            assertThat(json.readTree(answer.body()).path("error").asText()).containsAnyOf("use ", "write ");
        }
    }

    @Test
    void elementsAreRankedByTheirShareOfPoorPageViews() throws Exception {
        for (int i = 0; i < 10; i++) {
            send(batch("p" + i, "1.4.2", i < 6 ? 5000 : 1000, i % 3 == 0 ? "img.hero" : "div.feed>img"));
        }

        JsonNode elements = json.readTree(get("/v1/culprits?metric=LCP").body()).path("elements");
        assertThat(elements.path(0).path("target").asText()).isEqualTo("div.feed>img");
        assertThat(elements.path(0).path("shareOfPoor").asDouble()).isEqualTo(0.666667);
        assertThat(elements.path(1).path("poorPageViews").asInt()).isEqualTo(2);
        assertThat(get("/v1/culprits?metric=LCP&device=mobile").statusCode()).isEqualTo(400);
    }

    @Test
    void theSlowestPageViewsNameTheirTrace() throws Exception {
        send(batch("p1", "1.4.2", 5000, "h1"));

        post(batch("p2", "1.4.2", 6000, "h1"), "User-Agent", "HeadlessChrome");
        post(batch("p3", "1.4.2", 4000, "h1").replace("/feed", "/workouts"), "User-Agent", Beacons.PHONE);

        JsonNode slowest = json.readTree(get("/v1/slowest?metric=LCP").body());
        assertThat(slowest.findValuesAsText("value")).containsExactly("5000.0", "4000.0");
        assertThat(slowest.at("/0/traceId").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(json.readTree(get("/v1/slowest?metric=LCP&source=any&route=/feed")
                                .body())
                        .findValuesAsText("value"))
                .containsExactly("6000.0", "5000.0");
        assertThat(get("/v1/slowest?metric=LCP&device=mobile").statusCode()).isEqualTo(400);
    }

    @Test
    void releasesAreComparedAndAWrongQuestionIsToldWhatToWrite() throws Exception {
        for (int i = 0; i < 500; i++) {
            send(batch("a" + i, "1.4.1", 1000 + i, "h1"));
            send(batch("b" + i, "1.4.2", 2 * (1000 + i), "h1"));
        }

        JsonNode answer = json.readTree(
                get("/v1/compare?base=1.4.1&candidate=1.4.2&metric=LCP").body());
        assertThat(answer.path("verdict").asText()).isEqualTo("regressed");
        assertThat(answer.at("/metrics/0/change").asDouble()).isBetween(0.9, 1.1);
        for (String some : List.of("device=mobile&connection=4g", "device=desktop", "connection=3g")) {
            JsonNode ofSome = json.readTree(get("/v1/compare?base=1.4.1&candidate=1.4.2&metric=LCP&" + some)
                    .body());
            assertThat(ofSome.at("/metrics/0/baseViews").asInt())
                    .as(some)
                    .isEqualTo(some.startsWith("device=mobile") ? 500 : 0);
        }
        assertThat(json.readTree(get("/v1/compare?base=1.4.1&candidate=9.9.9").body())
                        .path("verdict")
                        .asText())
                .isEqualTo("undecided");
        for (String query : List.of(
                "", "base=1", "base=1&candidate=1", "base=1&candidate=2&metric=XX", "base=1&candidate=2&country=DE")) {
            assertThat(get("/v1/compare?" + query).statusCode()).as(query).isEqualTo(400);
        }
    }

    @Test
    void timeIsSplitWhenAskedFor() throws Exception {
        send(Beacons.webVitals("LCP", "100", "v6-1-1", "navigate", "/a"));

        assertThat(query("metric=LCP&step=minute").at("/groups/0/at").asText()).endsWith(":00Z");
        assertThat(get("/v1/query?metric=LCP&step=year").statusCode()).isEqualTo(400);
        assertThat(get("/v1/query?metric=LCP&step=minute&from=2020-01-01T00:00:00Z")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatHappensIsToldOnceASecond() throws Exception {
        send(Beacons.webVitals("LCP", "100", "v6-1-1", "navigate", "/a"));
        JsonNode event = json.readTree(liveEvent());
        assertThat(event.at("/field/LCP/count").asInt()).isEqualTo(1);
        assertThat(event.at("/burn/LCP").asDouble()).isZero();
    }

    @Test
    void anAddressThatSendsTooManyIsToldToWaitAndOthersAreNot() throws Exception {
        String body = Beacons.webVitals("LCP", "100", "v6-1-1", "navigate", "/a");
        int last = 204;
        int sent = 0;
        while (last == 204 && sent < 5000) {
            last = post(body, "X-Forwarded-For", "198.51.100.7, 203.0.113.9", "User-Agent", Beacons.PHONE)
                    .statusCode();
            sent++;
        }

        assertThat(last).isEqualTo(429);
        assertThat(sent).isGreaterThan(300);
        assertThat(post(body, "X-Forwarded-For", "203.0.113.10", "User-Agent", Beacons.PHONE)
                        .statusCode())
                .isEqualTo(204);
        assertThat(collector.ledger().count(Reason.RATE_LIMITED)).isEqualTo(1);
    }

    @Test
    void behindSeveralProxiesTheSenderIsWhomTheFirstOfThemSaw() throws Exception {
        restart(CollectorConfig.of(data, 0).behind(2));
        String body = Beacons.webVitals("LCP", "100", "v6-1-1", "navigate", "/a");
        int last = 204;
        int sent = 0;
        while (last == 204 && sent < 5000) {
            // What stands further left is the sender's own word: he cannot make himself another by it.
            last = post(body, "X-Forwarded-For", "192.0.2." + sent % 200, "X-Forwarded-For", "203.0.113.9, 10.0.0.1")
                    .statusCode();
            sent++;
        }

        assertThat(last).isEqualTo(429);
        assertThat(sent).isGreaterThan(300);
        assertThat(post(body, "X-Forwarded-For", "203.0.113.10, 10.0.0.1").statusCode())
                .isEqualTo(204);
    }

    @Test
    void aReleaseThatCouldNameAPersonIsCountedAndNotKept() throws Exception {
        for (String release : List.of("1.4.2", "web-1.4.2", "2026-11-22", "1.4.2-beta-3", "20261122-a1b2c3d", "jane")) {
            send(batch("of-" + release, release, 900, "h1"));
        }

        JsonNode groups = query("metric=LCP&group=release").path("groups");
        assertThat(groups.findValuesAsText("release"))
                .containsExactly("(other)", "1.4.2", "1.4.2-beta-3", "2026-11-22", "20261122-a1b2c3d", "web-1.4.2");
        assertThat(collector.ledger().count(Reason.RELEASE_NOT_KEPT)).isEqualTo(1);
        assertThat(get("/metrics").body()).contains("reason=\"release_not_kept\"");
        HttpResponse<String> answer = get("/v1/compare?base=1.4.2&candidate=jane");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("not kept under such a name", "use a version");
    }

    @Test
    void aPageThatSendsAShareOfItsViewsStandsForAllOfThem() throws Exception {
        for (int i = 0; i < 8; i++) {
            String all = batch("p" + i, "1.4.2", i < 4 ? 1000 : 9000, "h1");
            send(i < 4 ? all.replace("{\"v\":1", "{\"v\":1,\"sr\":0.25") : all);
        }

        JsonNode total = query("metric=LCP").path("total");
        assertThat(total.path("measured").asInt()).isEqualTo(8);
        assertThat(total.path("count").asInt()).isEqualTo(4 * 4 + 4);
        assertThat(total.path("good").asDouble()).isEqualTo(0.8);
        assertThat(total.path("p75").asDouble()).isBetween(990.0, 1010.0);
    }

    @Test
    void aShareOfPageViewsIsKeptByLotAndStandsForAll() throws Exception {
        var key = new TestSignature("a key of sixteen bytes".getBytes(StandardCharsets.UTF_8));
        restart(CollectorConfig.of(data, 0)
                .with(new IntakeConfig(0.25, Optional.of(key), RouteWords.MUSCLEMAP), "CF-IPCountry"));
        for (int i = 0; i < 2000; i++) {
            post(batch("p" + i, "1.4.2", 900, "h1"), "User-Agent", Beacons.PHONE, "CF-IPCountry", "DE");
        }

        long out = collector.ledger().count(Outcome.SAMPLED_OUT);
        assertThat(out).isBetween(1400L, 1600L);
        JsonNode group = query("metric=LCP&group=country").at("/groups/0");
        assertThat(group.path("country").asText()).isEqualTo("DE");
        assertThat(group.path("measured").asLong()).isEqualTo(2000 - out);
        assertThat(group.path("count").asLong()).isEqualTo(4 * (2000 - out));

        String signed = batch("test-1", "1.4.2", 1, "h1").replace("{\"v\":1", "{\"v\":1,\"st\":\"%s\"");
        send(signed.formatted(key.sign("test-1")));
        send(signed.formatted("00"));
        assertThat(collector.ledger().count(Outcome.SYNTHETIC)
                        + collector.ledger().count(Outcome.SAMPLED_OUT)
                        - out)
                .isEqualTo(1);
        assertThat(collector.ledger().count(Reason.BAD_SIGNATURE)).isEqualTo(1);
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        String body = Beacons.webVitals("LCP", "100", "v6-1-1", "navigate", "/a");
        String post = "POST /api/vitals HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        String broken = "POST /api/vitals HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{";
        String last = "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        URI url = URI.create(collector.url());
        try (var socket = new java.net.Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((post + broken + post + last).getBytes(StandardCharsets.UTF_8));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(java.util.regex.Pattern.compile("HTTP/1.1 (\\d+)")
                            .matcher(answers)
                            .results()
                            .map(found -> found.group(1)))
                    .containsExactly("204", "400", "204", "404");
        }
    }

    @Test
    void thePageAndTheScriptAreServed() throws Exception {
        assertThat(get("/").body()).contains("What visitors’ browsers see");
        assertThat(get("/rum/headroom-rum.mjs").headers().firstValue("Access-Control-Allow-Origin"))
                .contains("*");
        assertThat(get("/rum/headroom-rum.js").body()).contains("HeadroomRum");
    }

    private static String batch(String pageView, String release, int lcp, String target) {
        return """
                {"v":1,"s":"s%s","p":"%s","u":"/feed","rel":"%s","ect":"4g","tp":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",\
                "m":[{"n":"LCP","v":%d,"id":"v6-%s","nt":"navigate","a":{"target":"%s"}}]}""".formatted(pageView, pageView, release, lcp, pageView, target);
    }

    @Test
    void whatIsPlantedEverywhereIsFoundNowhere() throws Exception {
        restart(CollectorConfig.of(data, 0).with(IntakeConfig.DEFAULT, "CF-IPCountry"));
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var log = (Logger) LoggerFactory.getLogger("me.musclemap.rum");
        log.setLevel(Level.DEBUG);
        log.addAppender(lines);
        try {
            for (Planted planted : Planted.all()) {
                post(planted.body(), planted.headers().toArray(String[]::new));
            }
            log.info("these lines are looked at");

            assertThat(collector.ledger().count(Outcome.STORED)).isEqualTo(Planted.kept());
            var outputs =
                    new StringBuilder(get("/metrics").body() + get("/health").body() + liveEvent());
            for (String metric : List.of("LCP", "INP", "CLS", "FCP", "TTFB")) {
                String any = "metric=" + metric + "&navigation=any";
                outputs.append(query(any + "&group=route,release,device,connection,navigation,country"))
                        .append(get("/v1/culprits?" + any).body())
                        .append(get("/v1/slowest?" + any).body())
                        .append(get("/v1/compare?base=1.4.1&candidate=1.4.2&" + any)
                                .body());
            }
            for (ILoggingEvent line : lines.list) {
                outputs.append(line.getFormattedMessage()).append(line.getMDCPropertyMap());
            }
            assertThat(outputs.toString())
                    .contains("/community/{id}/{id}", "these lines are looked at")
                    .doesNotContainIgnoringCase(Planted.CANARY);
        } finally {
            log.detachAppender(lines);
        }
        try (var files = Files.list(data)) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContainIgnoringCase(Planted.CANARY);
            }
        }
    }

    private String liveEvent() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(collector.url() + "/v1/live"))
                .timeout(TIMEOUT)
                .build();
        HttpResponse<java.io.InputStream> stream = client.send(request, BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (var lines =
                new java.io.BufferedReader(new java.io.InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            return lines.readLine().substring("data: ".length());
        }
    }

    private void restart(CollectorConfig config) throws IOException {
        collector.close();
        telemetry.close();
        telemetry = Telemetry.start(TelemetryConfig.of("rum-collector", "test"));
        collector = Collector.start(telemetry, Clock.systemUTC(), config);
    }

    /** Real bodies with bytes changed, cut, doubled and swapped, from a fixed seed. */
    @Test
    void noHostileBodyMakesTheCollectorFail() throws Exception {
        var random = new SplittableRandom(42);
        var seeds = new ArrayList<byte[]>();
        Beacons.real().forEach(beacon -> seeds.add(beacon.path("body").asText().getBytes(StandardCharsets.UTF_8)));
        seeds.add(Beacons.product("CLS", 12, "v5-1-1", "/a", 1).getBytes(StandardCharsets.UTF_8));
        seeds.add("[".repeat(1500).getBytes(StandardCharsets.UTF_8));
        var statuses = new java.util.TreeSet<Integer>();
        for (int i = 0; i < 3000; i++) {
            byte[] body = Mutations.of(seeds.get(random.nextInt(seeds.size())), random);
            var request = HttpRequest.newBuilder(URI.create(collector.url() + "/api/vitals"))
                    .timeout(TIMEOUT)
                    .header("User-Agent", Beacons.PHONE)
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            statuses.add(client.send(request, BodyHandlers.discarding()).statusCode());
        }

        assertThat(statuses).isSubsetOf(Set.of(204, 400, 413)).contains(204, 400);
        assertThat(collector.ledger().receivedCount()).isEqualTo(3000);
    }

    private HttpResponse<String> send(String body) throws IOException, InterruptedException {
        return post(body, "User-Agent", Beacons.PHONE);
    }

    private HttpResponse<String> post(String body, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(collector.url() + "/api/vitals"))
                .timeout(TIMEOUT)
                .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(collector.url() + path))
                        .timeout(TIMEOUT)
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode query(String parameters) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/v1/query?" + parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json.readTree(answer.body());
    }
}
