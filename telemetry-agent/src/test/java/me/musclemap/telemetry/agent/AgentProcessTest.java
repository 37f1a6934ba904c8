package me.musclemap.telemetry.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import me.musclemap.telemetry.catalogue.Catalogue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent in a process of its own, spoken to as the lab does. */
class AgentProcessTest {
    private static final Path CONTRACT =
            Path.of(System.getProperty("repo.root")).resolve("telemetry-agent/contract");

    private final ObjectMapper json = new ObjectMapper();
    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path directory = Path.of(".");

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void eachEndedWindowIsALineOfTheContractAndAnAnswer() throws Exception {
        Process burner =
                start("sh", "-c", "while :; do sh -c 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done'; done");
        Process idler = start("sleep", "600");
        Path out = directory.resolve("stations.ndjson");
        Process agent =
                agent("watch", "--station", "burner=" + burner.pid(), "--out", out.toString(), "--exit-with-parent");
        var answers = answers(agent);

        assertThat(read(answers).path("ready").asBoolean()).isTrue();
        tell(agent, "station idler=" + idler.pid());
        tell(agent, "begin 1");
        Thread.sleep(700);
        tell(agent, "end 1");
        tell(agent, "begin 2");
        JsonNode first = read(answers);
        burner.descendants().forEach(ProcessHandle::destroyForcibly);
        burner.destroyForcibly().waitFor();
        tell(agent, "end 2");
        JsonNode second = read(answers);
        agent.getOutputStream().close();

        assertThat(agent.waitFor()).isZero();
        assertThat(first.path("window").asInt()).isEqualTo(1);
        assertThat(first.path("done").asBoolean()).isTrue();
        double burnt = first.at("/stations/burner/cpuSeconds").asDouble();
        assertThat(burnt)
                .isGreaterThan(10 * first.at("/stations/idler/cpuSeconds").asDouble());
        assertThat(burnt)
                .isPositive()
                .isLessThanOrEqualTo(first.at("/host/busySeconds").asDouble() + 0.05);
        assertThat(second.at("/stations/burner/ended").asBoolean()).isTrue();
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            assertThat(schema().validate(json.readTree(line))).as(line).isEmpty();
        }
    }

    @Test
    void countersOfAStationsPageAreTheDifferenceOverTheWindow() throws Exception {
        HttpServer page = page(
                0,
                count -> "# TYPE hikaricp_connections_active gauge\nhikaricp_connections_active{pool=\"p\"} " + count
                        + "\n# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total " + count * 10
                        + "\n# TYPE not_in_the_catalogue counter\nnot_in_the_catalogue_total 5\n");
        try {
            JsonNode counters = windows(page, "begin 7", "end 7").get(0).path("counters");
            assertThat(counters.path("self:process_cpu_seconds_total").asDouble())
                    .isEqualTo(10.0);
            assertThat(counters.path("self:hikaricp_connections_active{pool=\"p\"}")
                            .asDouble())
                    .isEqualTo(1.5);
            assertThat(counters.path("self:up").asDouble()).isEqualTo(1.0);
            assertThat(counters.path("gone:up").asDouble()).isZero();
            assertThat(counters.toString()).doesNotContain("not_in_the_catalogue");
        } finally {
            page.stop(0);
        }
    }

    @Test
    void aPageThatDoesNotAnswerAtTheFirstMarkGivesNoCountersInsteadOfThoseOfItsWholeLife() throws Exception {
        HttpServer page = page(
                1,
                count ->
                        "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total " + (1000 + count) + "\n");
        try {
            List<JsonNode> windows = windows(page, "begin 1", "end 1", "begin 2", "end 2");
            String series = "self:process_cpu_seconds_total";
            assertThat(windows.get(0).path("counters").has(series)).isFalse();
            assertThat(windows.get(1).path("counters").path(series).asDouble()).isEqualTo(1.0);
        } finally {
            page.stop(0);
        }
    }

    /** A station's page: what it says the n-th time that it is asked, from 1; the first {@code silent} times it does not answer. */
    private static HttpServer page(int silent, IntFunction<String> text) throws IOException {
        var requests = new AtomicInteger();
        HttpServer page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page.createContext("/metrics", exchange -> {
            int count = requests.incrementAndGet();
            byte[] body = text.apply(count).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(count <= silent ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        page.start();
        return page;
    }

    /** What an agent writes of windows with these marks that watches this process, its page and one that nobody serves. */
    private List<JsonNode> windows(HttpServer page, String... marks) throws IOException {
        Path out = directory.resolve("out");
        Process agent = agent(
                "watch",
                "--station",
                "self=" + ProcessHandle.current().pid(),
                "--out",
                out.toString(),
                "--scrape",
                "self=http://127.0.0.1:" + page.getAddress().getPort() + "/metrics",
                "--scrape",
                "gone=http://127.0.0.1:1/metrics");
        var answers = answers(agent);
        read(answers);
        for (String mark : marks) {
            tell(agent, mark);
        }
        var windows = new ArrayList<JsonNode>();
        for (int i = 0; i < marks.length / 2; i++) {
            read(answers);
        }
        for (String line : Files.readAllLines(out)) {
            windows.add(json.readTree(line));
        }
        return windows;
    }

    @Test
    void aMarkThatMakesNoSenseIsAnsweredAndTheNextOneWorks() throws Exception {
        Process agent = agent(
                "watch",
                "--station",
                "self=" + ProcessHandle.current().pid(),
                "--out",
                directory.resolve("o").toString());
        var answers = answers(agent);
        read(answers);

        for (String mark : List.of("end 3", "begin x", "start 1", "station ghost=999999999", "begin 4", "begin 4")) {
            tell(agent, mark);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(read(answers).path("error").asText()).isNotEmpty();
        }
        tell(agent, "end 4");
        assertThat(read(answers).path("window").asInt()).isEqualTo(4);
    }

    @Test
    void wrongArgumentsAreExitCodeTwoAndAFileThatCannotBeWrittenOne() throws Exception {
        String self = "self=" + ProcessHandle.current().pid();
        assertThat(agent(
                                "watch",
                                "--station",
                                "ghost=999999999",
                                "--out",
                                directory.resolve("o").toString())
                        .waitFor())
                .isEqualTo(2);
        assertThat(agent(
                                "watch",
                                "--station",
                                self,
                                "--cores",
                                "4000",
                                "--out",
                                directory.resolve("o").toString())
                        .waitFor())
                .isEqualTo(2);
        assertThat(agent("watch", "--station", self, "--out", "/dev/null/o").waitFor())
                .isEqualTo(1);
        assertThat(agent().waitFor()).isEqualTo(2);
    }

    /** A record with a hole in it is worse than none: the agent says so and ends. */
    @Test
    void aFullDiskEndsItWithExitCodeOne() throws Exception {
        Process agent =
                agent("watch", "--station", "self=" + ProcessHandle.current().pid(), "--out", "/dev/full");
        var answers = answers(agent);
        read(answers);
        tell(agent, "begin 1");
        tell(agent, "end 1");

        assertThat(agent.waitFor()).isEqualTo(1);
        assertThat(answers.readLine()).isNull();
    }

    @Test
    void itsOwnPageIsInTheCatalogueAndItsCountersRise() throws Exception {
        Process agent = agent(
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--station",
                "self=" + ProcessHandle.current().pid(),
                "--station",
                "gone=pidfile:" + directory.resolve("no.pid"),
                "--exit-with-parent");
        URI page = URI.create(read(answers(agent)).path("url").asText() + "/metrics");

        String first = fetch(page);
        String second = fetch(page);
        agent.getOutputStream().close();

        assertThat(Catalogue.shipped().check(first)).isEmpty();
        assertThat(first)
                .contains("headroom_station_up{station=\"gone\"} 0", "headroom_station_up{station=\"self\"} 1");
        assertThat(cpu(second)).isGreaterThanOrEqualTo(cpu(first)).isPositive();
        assertThat(agent.waitFor()).isZero();
    }

    private static double cpu(String page) {
        String name = "headroom_station_cpu_seconds_total{station=\"self\"} ";
        return page.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    private static String fetch(URI uri) throws IOException {
        try (var in = uri.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Process agent(String... arguments) throws IOException {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return start(command.toArray(String[]::new));
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        return process;
    }

    private static BufferedReader answers(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private JsonNode read(BufferedReader answers) throws IOException {
        String line = answers.readLine();
        assertThat(line).as("the agent answers").isNotNull();
        return json.readTree(String.valueOf(line));
    }

    private static void tell(Process process, String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private static JsonSchema schema() throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(CONTRACT.resolve("stations.schema.json")));
    }
}
