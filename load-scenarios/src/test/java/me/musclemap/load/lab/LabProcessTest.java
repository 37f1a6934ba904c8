package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.RunRecords;
import me.musclemap.load.record.Validity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lab as a process, with fakes for everything it starts: its exit codes, its words, and what it leaves behind. */
class LabProcessTest {
    private final FakeHome home;

    LabProcessTest(@TempDir Path root) throws IOException {
        home = new FakeHome(root);
    }

    @BeforeEach
    void twoCoresAreNeeded() {
        assertThat(Cores.allowed().size()).as("cores that the tests may use").isGreaterThanOrEqualTo(2);
    }

    @AfterEach
    void nothingIsLeft() throws IOException, InterruptedException {
        for (int i = 0; i < 100 && !home.survivors().isEmpty(); i++) {
            Thread.sleep(100);
        }
        assertThat(home.survivors()).as("processes left behind").isEmpty();
        try (var left = Files.list(home.scratch())) {
            assertThat(left).as("work directories left behind").isEmpty();
        }
    }

    @Test
    void aSmokeLeavesACompleteRecordThatProvesItsCores() throws Exception {
        try (var lab = home.start("", "run", "smoke", "--quick", "--users", "1000")) {
            assertThat(lab.await()).as(lab.said()).isZero();
        }
        var record = RunRecords.read(home.onlyRun());
        assertThat(record.status()).isEqualTo(RunRecord.Status.complete);
        assertThat(record.validity().verdict()).isEqualTo(Validity.Outcome.valid);
        assertThat(record.cores().evidence())
                .anySatisfy(each -> assertThat(each.process() + each.cpusAllowed())
                        .isEqualTo("api" + record.cores().systemUnderTest().get(0)))
                .anySatisfy(each -> assertThat(each.process() + each.cpusAllowed())
                        .isEqualTo("generator" + record.cores().generator().get(0)));
        assertThat(Files.readString(home.onlyRun().resolve("metrics.om")))
                .contains("fake_requests_total{job=\"api\",route=\"/\"} 1 ")
                .endsWith("# EOF\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ramp --rate 1 --duration 4s|0|held at every step up to 1.0 requests/s",
                "ramp --rate 1 --duration 4s --slo p99<2ms|3|was missed at the first step",
                "spike --rate 1 --duration 4s|0|no second missed the objective",
            })
    void aScenarioAgainstATargetEndsWithAVerdictInWordsAndItsExitCode(String arguments, int exitCode, String words)
            throws Exception {
        var server = target();
        var all = at(server, arguments);
        try (var lab = home.start("", all)) {
            assertThat(lab.await()).as(lab.said()).isEqualTo(exitCode);
            assertThat(lab.said()).contains(words);
        } finally {
            server.stop(0);
        }
        var record = RunRecords.read(home.onlyRun());
        assertThat(record.status()).isEqualTo(RunRecord.Status.complete);
        assertThat(record.files()).extracting(RunRecord.RecordedFile::name).contains("verdict.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"soak --rate 1 --duration 120s|[2/3] warm up"})
    void aTargetThatDiesInTheMiddleEndsTheRunWithOneLineAndAPartialRecord(String arguments, String until)
            throws Exception {
        home.environment().put("FAKE_ASKS", "yes");
        var server = target();
        try (var lab = home.start("", at(server, arguments))) {
            try {
                lab.awaitSaid(until);
            } finally {
                server.stop(0);
            }
            assertThat(lab.await()).as(lab.said()).isEqualTo(1);
            assertThat(lab.said())
                    .containsPattern("it no longer answers \\(.+\\): no request succeeded for \\d+ s in a row")
                    .contains("the record so far is kept as partial")
                    .doesNotContain("\tat ", "Objective");
        }
        var record = RunRecords.read(home.onlyRun());
        assertThat(record.status()).isEqualTo(RunRecord.Status.partial);
        assertThat(record.windows())
                .as("it ends long before the scenario would")
                .hasSizeLessThan(8);
    }

    @Test
    void thePageShowsTheRunWhileItGoesOnAndHowItEnded() throws Exception {
        var server = target();
        try (var lab = home.start("", at(server, "ramp --rate 1 --duration 6s --view --vary-client-address"))) {
            lab.awaitSaid("live view: http://127.0.0.1:");
            var address = lab.said()
                    .lines()
                    .filter(line -> line.contains("live view: "))
                    .map(line -> line.replaceFirst(".*live view: ", "").strip())
                    .findFirst()
                    .orElseThrow();
            var events = new StringBuilder();
            try (var in = URI.create(address + "events").toURL().openStream()) {
                // It is open until the run ends: what is read is what a browser would have been told.
                for (int read = in.read(); read >= 0; read = in.read()) {
                    events.append((char) read);
                }
            } catch (IOException e) {
                assertThat(events)
                        .as("the run ended, and the page with it: " + e)
                        .isNotEmpty();
            }
            assertThat(lab.await()).as(lab.said()).isZero();
            assertThat(events.toString())
                    .startsWith("event: about\ndata: {\"scenario\":\"ramp\"")
                    .contains("event: second\ndata: {\"t\":0,\"offered\":", "event: end\ndata: {\"met\":true");
        } finally {
            server.stop(0);
        }
        var settings =
                new ObjectMapper().readTree(Files.readString(home.onlyRun().resolve(".settings")));
        assertThat(settings.path("clientAddresses").asBoolean())
                .as("--vary-client-address reaches the generator")
                .isTrue();
    }

    @Test
    void whatAbuseWasRefusedAndHowItLooksFromEachRegionIsInTheVerdictAndTheRecord() throws Exception {
        home.environment().put("FAKE_REFUSES", "yes");
        var server = target();
        try (var lab = home.start("", at(server, "ramp --rate 1 --duration 4s --workload abuse"))) {
            assertThat(lab.await()).as(lab.said()).isZero();
            assertThat(lab.said())
                    .contains(
                            "Abuse was stopped; refused were: ScrapeExercises 90 % of 200 (http 429).",
                            "FAR 300 and 1400 ms; the objective is missed in FAR (p99 1.40 s is not below 1 s).");
        } finally {
            server.stop(0);
        }
        var settings =
                new ObjectMapper().readTree(Files.readString(home.onlyRun().resolve(".settings")));
        assertThat(settings.path("clientAddresses").asBoolean(true))
                .as("no address is made up unless it is asked for")
                .isFalse();
        var verdict =
                new ObjectMapper().readTree(Files.readString(home.onlyRun().resolve("verdict.json")));
        assertThat(verdict.at("/figures/abuse/stopped").asBoolean()).isTrue();
        assertThat(verdict.at("/figures/byRegion/regions/FAR/p99Seconds").asDouble())
                .isEqualTo(1.4);
        assertThat(RunRecords.read(home.onlyRun()).windows()).allSatisfy(window -> {
            assertThat(window.refusedCount()).isEqualTo(90);
            assertThat(window.regions()).containsKey("FAR");
        });
    }

    @Test
    void aGeneratorWithoutRoomMakesNoVerdict() throws Exception {
        home.environment().put("FAKE_GENERATOR_CPU", "0.93");
        try (var lab = home.start("", "run", "million", "--users", "50000", "--duration", "4s", "--quick")) {
            assertThat(lab.await()).as(lab.said()).isEqualTo(4);
            assertThat(lab.said())
                    .contains(
                            "generatorCpu",
                            "cause: generator",
                            "No verdict: the run is not valid",
                            "sessions at once in one JVM");
        }
    }

    @Test
    void withoutAFreeCoreTheRunIsNotValidAndTheReportSaysSo() throws Exception {
        try (var lab = home.start("taskset -c 0", "demo", "--quick")) {
            assertThat(lab.await()).as(lab.said()).isEqualTo(4);
            assertThat(lab.said()).contains("freeCore", "cause: machine", "--share-cores");
        }
        var record = RunRecords.read(home.onlyRun());
        assertThat(record.validity().checks()).singleElement().satisfies(check -> {
            assertThat(check.name()).isEqualTo("freeCore");
            assertThat(check.cause()).isEqualTo(Validity.Cause.machine);
        });
        assertThat(home.onlyRun().resolve("report/index.html")).exists();
    }

    /** The API of this test says that it costs what it was told to: had it not been told, the lab would refuse it. */
    @Test
    void aSharedCoreAndTheRealProductsCostAreSaidInTheRecord() throws Exception {
        try (var lab = home.start(
                "taskset -c 0", "run", "smoke", "--quick", "--share-cores", "--cost-profile", "production")) {
            assertThat(lab.await()).as(lab.said()).isZero();
            assertThat(lab.said()).contains("API at the real product's cost");
        }
        var record = RunRecords.read(home.onlyRun());
        assertThat(record.cores().shared()).isTrue();
        assertThat(record.stack().name()).isEqualTo("reference-embedded-at-production-cost");
        assertThat(record.stack().scope()).contains("API, PostgreSQL and Redis only", "cost profile production");
    }

    @Test
    void anUnknownCostProfileIsRefused() throws Exception {
        try (var lab = home.start("", "up", "--cost-profile", "cheap")) {
            assertThat(lab.await()).isEqualTo(2);
            assertThat(lab.said()).contains("--cost-profile=cheap: use reference or production");
        }
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void aSignalStopsEverythingAndKeepsTheRecordAsPartial(String signal, int exitCode) throws Exception {
        try (var lab = home.start("", "run", "smoke")) {
            lab.awaitSaid("[1/2] start");
            signal(lab.process().pid(), signal);
            assertThat(lab.await()).isEqualTo(exitCode);
            assertThat(lab.said()).doesNotContain("headroom:");
        }
        assertThat(RunRecords.read(home.onlyRun()).status()).isEqualTo(RunRecord.Status.partial);
        assertThat(home.labs()).isEmptyDirectory();
    }

    @Test
    void afterKillNineNothingRunsAndTheNextCommandClearsTheRest() throws Exception {
        try (var lab = home.start("", "up", "--users", "1000")) {
            lab.awaitSaid("Ctrl-C stops everything");
            signal(lab.process().pid(), "KILL");
            lab.await();
        }
        for (int i = 0; i < 100 && !home.survivors().isEmpty(); i++) {
            Thread.sleep(100);
        }
        assertThat(home.survivors())
                .as("children see that their parent is gone")
                .isEmpty();
        assertThat(home.labs()).isNotEmptyDirectory();
        try (var next = home.start("", "up", "--json")) {
            next.awaitSaid("\"ready\":true");
            assertThat(next.said()).contains("cleared what lab");
            signal(next.process().pid(), "TERM");
            assertThat(next.await()).isEqualTo(143);
        }
    }

    @Test
    void upPrintsOneLineWithEveryUrlAndTwoStacksRunSideBySide() throws Exception {
        try (var one = home.start("", "up", "--json");
                var other = home.start("", "up", "--json")) {
            one.awaitSaid("\"ready\":true");
            other.awaitSaid("\"ready\":true");
            var first = new ObjectMapper().readTree(Files.readString(one.stdout()));
            var second = new ObjectMapper().readTree(Files.readString(other.stdout()));
            assertThat(first.at("/urls/api").asText())
                    .startsWith("http://127.0.0.1:")
                    .isNotEqualTo(second.at("/urls/api").asText());
            assertThat(first.at("/urls/rum").asText()).startsWith("http://127.0.0.1:");
        }
    }

    @Test
    void aSecondMeasuringRunWaitsForTheCoresAndSaysSo() throws Exception {
        Files.createFile(home.coresLock());
        try (var file = new RandomAccessFile(home.coresLock().toFile(), "rw");
                var lock = file.getChannel().lock();
                var lab = home.start("", "run", "smoke", "--quick")) {
            lab.awaitSaid("another run measures on these cores");
            assertThat(lab.said()).doesNotContain("[1/2] start");
            lock.release();
            assertThat(lab.await()).as(lab.said()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"generator:2,generator", "telemetry-agent:2,agent"})
    void aProgramThatDiesIsNamedWithItsCodeAndLastWords(String who, String name) throws Exception {
        home.environment().put("FAKE_DIE", who);
        try (var lab = home.start("", "run", "smoke", "--quick")) {
            assertThat(lab.await()).isEqualTo(1);
            assertThat(lab.said())
                    .contains("headroom: " + name + ": ended with exit code 9", "the fake was told to die");
            assertThat(lab.said()).doesNotContain("\tat ");
        }
        assertThat(RunRecords.read(home.onlyRun()).status()).isEqualTo(RunRecord.Status.partial);
    }

    @Test
    void aFullDiskEndsTheRunWithOneMessageAndAPartialRecord() throws Exception {
        // run.json with the resolved workload outgrows the limit after some windows; every file written before stays
        // whole.
        long limit = 0;
        try (var lab = home.start("", "run", "smoke", "--quick")) {
            lab.awaitSaid("[1/2] start");
            limit = Files.size(home.onlyRun().resolve("run.json")) / 512 + 2;
            assertThat(lab.await()).isZero();
        }
        LabRegistry.deleteTree(home.runs());
        try (var lab = home.start("ulimit -f " + limit + ";", "run", "smoke", "--quick")) {
            assertThat(lab.await()).as(lab.said()).isEqualTo(1);
            assertThat(lab.said()).contains("run.json: cannot be written", "kept as partial");
        }
        assertThat(RunRecords.read(home.onlyRun()).status()).isEqualTo(RunRecord.Status.partial);
        try (var files = Files.list(home.onlyRun())) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void resultsThatCannotBePrintedAreAnError() throws Exception {
        try (var lab = home.start("", "workload")) {
            assertThat(lab.await()).isZero();
        }
        var full = home.start(">/dev/full", "workload");
        assertThat(full.await()).isEqualTo(1);
        assertThat(full.said()).contains("standard output").doesNotContain("\tat ");
    }

    /** A deployment that answers everything. */
    private static HttpServer target() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        return server;
    }

    /** The command line of a run there, with accounts. */
    private String[] at(HttpServer server, String arguments) throws IOException {
        var accounts = home.runs().resolveSibling("accounts.csv");
        var lines = new StringBuilder("email,password\n");
        for (int i = 0; i < 200; i++) {
            lines.append("u").append(i).append("@x.example,secret-").append(i).append('\n');
        }
        Files.writeString(accounts, lines);
        var all = "run " + arguments + " --quick --target http://127.0.0.1:"
                + server.getAddress().getPort() + " --accounts " + accounts;
        return all.split(" ", -1);
    }

    private static void signal(long pid, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
