package me.musclemap.load.drive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import me.musclemap.load.record.Window;
import me.musclemap.load.workload.Workload;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {
    private static final int USERS = 20_000;

    @TempDir
    private Path dir;

    @BeforeEach
    void aSigningKey() throws JOSEException, IOException {
        var key = new ECKeyGenerator(Curve.P_256).keyID("test").generate();
        Files.writeString(dir.resolve("key.json"), key.toJSONString());
    }

    @Test
    void aRunKeepsItsRateAndSendsEachUserAsItself() throws Exception {
        try (var target = new FakeTarget(0, true);
                var generator = new GeneratorProcess(GeneratorProcess.settings(target.url(), dir, USERS, 300))) {
            assertThat(generator.next("ready").path("pid").asLong()).isEqualTo(generator.process.pid());
            generator.write(GeneratorProcess.window(0, 4, "workload", 60));
            generator.write(GeneratorProcess.window(1, 12, "workload", 100));
            generator.write(GeneratorProcess.window(2, 1, "nothing", 10));
            generator.write(GeneratorProcess.window(3, 1, "workload", 1e6));
            generator.write(GeneratorProcess.window(4, 2, "workload", 0));
            assertThat(generator.next("refused").path("why").asText()).contains("mixName=nothing", "evening");
            assertThat(generator.next("refused").path("why").asText()).contains("20000 users");
            generator.next("window");
            var ran = generator.next("window").path("window");
            assertThat(ran.path("index").asInt()).isEqualTo(1);
            assertThat(ran.path("offeredPerSecond").asDouble()).isBetween(80.0, 120.0);
            assertThat(ran.path("servedPerSecond").asDouble()).isBetween(75.0, 125.0);
            assertThat(ran.path("failed")).isEmpty();
            assertThat(ran.path("failures")).isEmpty();
            assertThat(ran.path("latencySeconds")
                            .path("corrected")
                            .path("count")
                            .asLong())
                    .isEqualTo(ran.path("latencySeconds")
                            .path("service")
                            .path("count")
                            .asLong())
                    .isGreaterThan(800);
            var idle = generator.next("window").path("window");
            assertThat(idle.path("residents").asInt()).isZero();
            assertThat(idle.path("offeredPerSecond").asDouble()).isZero();
            generator.write("{\"stop\":true}");
            generator.next("stopped");
            assertThat(generator.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(generator.process.exitValue()).isZero();
            seenAsSent(target);
        }
        var log = dir.resolve("latency.hlog");
        assertThat(mean(log, "CommunitySocketConnect|corrected|ok"))
                .as("a connect is late from the moment it was due, not from when it was sent")
                .isGreaterThan(mean(log, "CommunitySocketConnect|service|ok"));
    }

    private static double mean(Path file, String tag) throws IOException {
        var all = new Histogram(3);
        try (var reader = new HistogramLogReader(file.toFile())) {
            for (var next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
                if (tag.equals(next.getTag())) {
                    all.add((Histogram) next);
                }
            }
        }
        assertThat(all.getTotalCount()).as(tag).isPositive();
        return all.getMean();
    }

    private static void seenAsSent(FakeTarget target) {
        assertThat(target.seen).hasSizeGreaterThan(1000);
        assertThat(target.seen).allSatisfy(seen -> {
            assertThat(seen.address()).matches("10\\.\\d+\\.\\d+\\.\\d+");
            assertThat(seen.agent())
                    .as("our own stack counts it as it counts visitors")
                    .endsWith(" headroom");
            assertThat(seen.trace()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
            assertThat(seen.path()).startsWith("/api/").as("the generator asks for nothing but what the workload says");
            assertThat(seen.body()).doesNotContain("${");
        });
        assertThat(target.seen.stream().map(FakeTarget.Seen::trace)).doesNotHaveDuplicates();
        assertThat(target.seen)
                .filteredOn(seen -> seen.trace().endsWith("-01"))
                .as("every hundredth is sampled")
                .hasSizeBetween(target.seen.size() / 100 - 2, target.seen.size() / 100 + 2);
        assertThat(target.seen.stream().map(FakeTarget.Seen::address).distinct().count())
                .isGreaterThan(500);
        assertThat(target.seen)
                .filteredOn(seen -> seen.operation().equals("LogSet"))
                .isNotEmpty()
                .allSatisfy(seen -> {
                    assertThat(seen.token()).startsWith("Bearer ");
                    assertThat(seen.body()).containsPattern("\"sessionId\":\"(session_[0-9a-f]{24}|ws_1)\"");
                });
        assertThat(target.sockets.get()).isGreaterThanOrEqualTo(8);
        assertThat(new HashSet<>(target.socketAddresses))
                .as("each socket has its own")
                .hasSize(8);
    }

    @Test
    void failuresAreToldApartByTheirReason() throws Exception {
        try (var target = new FakeTarget(0, true);
                var generator = new GeneratorProcess(GeneratorProcess.settings(target.url(), dir, USERS, 100)
                        .replace("\"sockets\":8", "\"sockets\":8,\"clientAddresses\":false"))) {
            target.statuses.put("MyStats", 503);
            target.statuses.put("Tips", 404);
            target.answers.put(
                    "EconomyWallet", "{\"data\":null,\"errors\":[{\"extensions\":{\"code\":\"FORBIDDEN\"}}]}");
            generator.next("ready");
            generator.write(GeneratorProcess.window(0, 8, "logins", 60));
            var ran = generator.next("window").path("window");
            assertThat(names(ran.path("failed"))).containsExactlyInAnyOrder("MyStats", "Tips", "EconomyWallet");
            assertThat(names(ran.path("failures")))
                    .containsExactlyInAnyOrder(
                            "MyStats: http 503", "Tips: http 404", "EconomyWallet: graphql FORBIDDEN");
            eachLeftASpan(ran, target);
            assertThat(target.seen)
                    .as("no address is made up")
                    .allSatisfy(seen -> assertThat(seen.address()).isEmpty());
            assertThat(target.socketAddresses).isNotEmpty().containsOnly("");
            target.close();
            generator.write(GeneratorProcess.window(1, 5, "logins", 60));
            var dead = generator.next("window").path("window");
            assertThat(dead.path("generatorFaults").asInt()).isZero();
            assertThat(names(dead.path("failures"))).isNotEmpty().allMatch(name -> name.contains("connection"));
        }
    }

    /** Whether its trace was sampled or not. */
    private void eachLeftASpan(JsonNode ran, FakeTarget target) throws IOException {
        var seen = new TreeMap<String, FakeTarget.Seen>();
        target.seen.forEach(each -> seen.put(each.trace().split("-", -1)[1], each));
        var json = new ObjectMapper();
        long failed = 0;
        for (var count : ran.path("failed")) {
            failed += count.asLong();
        }
        var lines = Files.readAllLines(dir.resolve("failed.ndjson"));
        assertThat(failed).isGreaterThan(20);
        // Of what was in flight at the window's end the answers come after it.
        assertThat(lines.size()).isBetween((int) Math.min(failed, FailedSpans.MOST), (int) failed + 20);
        for (var line : lines) {
            var span = json.readTree(line).at("/resourceSpans/0/scopeSpans/0/spans/0");
            var request = Objects.requireNonNull(seen.get(span.path("traceId").asText()));
            assertThat(request.operation()).isEqualTo(span.path("name").asText());
            assertThat(ran.path("failures")
                            .has(span.path("name").asText() + ": "
                                    + span.at("/status/message").asText()))
                    .isTrue();
            long due = span.path("startTimeUnixNano").asLong();
            long sent = span.at("/events/0/timeUnixNano").asLong();
            assertThat(sent).isBetween(due, span.path("endTimeUnixNano").asLong());
        }
        assertThat(lines).as("far more of them than are sampled").hasSizeGreaterThan((int) seen.values().stream()
                .filter(each ->
                        each.trace().endsWith("-01") && !each.operation().equals("Login"))
                .filter(each -> ran.path("failed").has(each.operation()))
                .count());
    }

    @Test
    void abuseIsRefusedApartAndLatencyIsThatOfHonestUsersRegionByRegion() throws Exception {
        var day = GeneratorProcess.musclemapDay();
        for (var name : List.of("operations.yaml", "musclemap-day.yaml")) {
            Files.copy(day.resolveSibling(name), dir.resolve(name));
        }
        var abuse = dir.resolve("abuse.yaml");
        Files.writeString(
                abuse,
                Files.readString(day.resolveSibling("abuse.yaml"))
                                .replace(", OversizedBody]", "]")
                                .replace("[OversizedBody]", "[CostlyQuery]")
                                .replace("weight: 60", "weight: 10")
                                .replace("weight: 30", "weight: 5")
                                .replace("weight: 2\n", "weight: 40\n")
                        + """
                        regions:
                          NEAR: {share: 50, roundTripMillis: 40, why: "a test"}
                          FAR: {share: 50, roundTripMillis: 240, why: "a test"}
                        """);
        try (var target = new FakeTarget(0, false);
                var generator = new GeneratorProcess(GeneratorProcess.settings(target.url(), abuse, dir, USERS, 200))) {
            target.statuses.put("/api/exercises", 429);
            target.answers.put(
                    "WithoutToken", "{\"data\":null,\"errors\":[{\"extensions\":{\"code\":\"UNAUTHENTICATED\"}}]}");
            generator.next("ready");
            generator.write(GeneratorProcess.window(0, 8, "workload", 60));
            var said = generator.next("window").path("window");
            var window = new WindowReport(said)
                    .window(0, new WindowReport.Place(0, 1, new Window.Size(USERS, 1), Set.of(), 0, null, null));
            assertThat(window.refused())
                    .containsOnlyKeys("ScrapeExercises: http 429", "WithoutToken: graphql UNAUTHENTICATED");
            assertThat(window.refusedCount()).isGreaterThan(50);
            assertThat(window.servedPerSecond() * window.durationSeconds() + window.refusedCount())
                    .as("nothing is both served and refused")
                    .isLessThanOrEqualTo(window.offeredPerSecond() * window.durationSeconds() + 20);
            var workload = Workload.load(abuse);
            long honest = 0;
            for (var name : names(said.path("completed"))) {
                var operation = workload.operations().get(name);
                honest += operation != null && operation.headline() && !operation.abusive()
                        ? said.path("completed").path(name).asLong()
                        : 0;
            }
            assertThat(Objects.requireNonNull(window.latencySeconds().corrected())
                            .count())
                    .as("who is refused waits for nothing that the objective is over")
                    .isEqualTo(honest);
            var regions = Objects.requireNonNull(window.regions());
            assertThat(regions).containsOnlyKeys("NEAR", "FAR");
            assertThat(Objects.requireNonNull(regions.get("FAR")).p50()).isGreaterThan(0.24);
            assertThat(regions.values().stream()
                            .mapToLong(Window.Latency::count)
                            .sum())
                    .isEqualTo(honest);
        }
    }

    @Test
    void whoLoggedInRefreshesItsTokenAndGoesOnWithTheNewOne() throws Exception {
        var day = GeneratorProcess.musclemapDay();
        var hurried = dir.resolve("hurried.yaml");
        Files.copy(day.resolveSibling("operations.yaml"), dir.resolve("operations.yaml"));
        Files.writeString(
                hurried,
                Files.readString(day)
                        .replace("lifeSeconds: 900", "lifeSeconds: 4")
                        .replace("refreshBeforeSeconds: 60", "refreshBeforeSeconds: 1")
                        .replace("look: {logNormal: {meanSeconds: 40, sigma: 0.7}}", "look: {constant: {seconds: 4}}"));
        try (var target = new FakeTarget(0, true);
                var generator =
                        new GeneratorProcess(GeneratorProcess.settings(target.url(), hurried, dir, USERS, 200))) {
            generator.next("ready");
            generator.write(GeneratorProcess.window(0, 12, "logins", 50));
            var ran = generator.next("window").path("window");
            assertThat(ran.path("failures")).isEmpty();
            assertThat(ran.path("completed").path("Refresh").asInt()).isPositive();
            assertThat(target.seen)
                    .filteredOn(seen -> seen.token().equals("Bearer renewed"))
                    .isNotEmpty();
        }
    }

    @Test
    void aWorkoutIsCompletedOnlyAfterASet() throws Exception {
        var day = GeneratorProcess.musclemapDay();
        var hurried = dir.resolve("hurried.yaml");
        var accounts = dir.resolve("accounts.csv");
        Files.copy(day.resolveSibling("operations.yaml"), dir.resolve("operations.yaml"));
        Files.writeString(accounts, "a@x.example,secret\n");
        Files.writeString(
                hurried,
                Files.readString(day)
                        .replace(
                                "setAndRest: {uniform: {fromSeconds: 105, toSeconds: 135}}",
                                "setAndRest: {constant: {seconds: 2}}"));
        // Accounts of a target: nobody has a workout in progress, though many stand in the middle of one.
        try (var target = new FakeTarget(0, true);
                var generator = new GeneratorProcess(GeneratorProcess.settings(target.url(), hurried, dir, USERS, 300)
                        .replace("\"sockets\":8", "\"sockets\":0,\"accounts\":\"" + accounts + "\""))) {
            generator.next("ready");
            generator.write(GeneratorProcess.window(0, 8, "workload", 150));
            generator.next("window");
            var logged = new HashSet<String>();
            int completed = 0;
            for (var seen : target.seen) {
                if (seen.operation().equals("LogSet")) {
                    logged.add(seen.address());
                } else if (seen.operation().equals("CompleteWorkoutSession")) {
                    completed++;
                    assertThat(logged).contains(seen.address());
                }
            }
            assertThat(completed).isPositive();
            assertThat(target.seen)
                    .as("a site of others tells this load from its visitors")
                    .allMatch(seen -> seen.agent().endsWith(" headroom-load"));
        }
    }

    @Test
    void aStallIsSeenInTheCorrectedTimesWhereTheServiceTimesHideItAndAKilledRunIsReadable() throws Exception {
        try (var target = new FakeTarget(0, false);
                var generator = new GeneratorProcess(GeneratorProcess.settings(target.url(), dir, USERS, 2))) {
            generator.next("ready");
            generator.write(GeneratorProcess.window(0, 5, "workload", 40));
            generator.write(GeneratorProcess.window(1, 8, "workload", 40));
            generator.next("window");
            generator.next(line -> line.path("second").path("window").asInt(-1) == 1);
            target.stall(3000);
            var ran = generator.next("window").path("window");
            var corrected = ran.path("latencySeconds").path("corrected");
            var service = ran.path("latencySeconds").path("service");
            assertThat(ran.path("carriersExhausted").asInt()).isGreaterThan(20);
            // two carriers wait: three in hundred requests were slow by their own clock, a third of them by their
            // users'
            assertThat(corrected.path("mean").asDouble())
                    .isGreaterThan(5 * service.path("mean").asDouble());
            assertThat(corrected.path("p95").asDouble()).isGreaterThan(1);
            generator.process.destroyForcibly().waitFor();
            var counts = read(dir.resolve("latency.hlog"));
            assertThat(counts.keySet()).anyMatch(tag -> tag.endsWith("|corrected|ok"));
            assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
                    .isGreaterThan(400);
        }
    }

    @Test
    void itEndsWhenItsInputDoes() throws Exception {
        try (var target = new FakeTarget(0, false);
                var generator = new GeneratorProcess(GeneratorProcess.settings(target.url(), dir, USERS, 10))) {
            generator.next("ready");
            generator.write(GeneratorProcess.window(0, 100, "workload", 5));
            generator.process.outputWriter().close();
            assertThat(generator.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void badSettingsAreSaidInOneLine() throws Exception {
        try (var generator = new GeneratorProcess("{\"target\":{\"api\":\"nowhere\"}}")) {
            var error = generator.next("error").path("error").asText();
            assertThat(error).isNotEmpty();
            assertThat(generator.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(generator.process.exitValue()).isEqualTo(1);
        }
    }

    private static Iterable<String> names(JsonNode object) {
        return object::fieldNames;
    }

    private static Map<String, Long> read(Path file) throws IOException {
        var counts = new TreeMap<String, Long>();
        try (var reader = new HistogramLogReader(new File(file.toString()))) {
            for (var next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
                counts.merge(next.getTag(), ((Histogram) next).getTotalCount(), Long::sum);
            }
        }
        return counts;
    }
}
