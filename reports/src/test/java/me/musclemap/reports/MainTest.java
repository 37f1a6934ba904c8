package me.musclemap.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class MainTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void itPrintsTheVerdictAndBothPaths() throws IOException {
        Path run = ExampleRun.in(directory).directory();

        assertThat(report(run.toString())).isZero();

        assertThat(printed().lines())
                .containsExactly(
                        "Indicative (one restart). One such core carries 312 requests/s; CPU gives out first, most of it in the API",
                        run.resolve("report/index.html").toString(),
                        run.resolve("report/report.pdf").toString());
        assertThat(run.resolve("report/index.html")).content().startsWith("<!DOCTYPE html>");
        assertThat(Files.readString(run.resolve("report/report.pdf"), StandardCharsets.ISO_8859_1))
                .startsWith("%PDF-")
                .endsWith("%%EOF\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void itReadsWhatTheContractsGiveAsExamples() throws IOException {
        Path run = ExampleRun.ofTheContracts(directory).directory();

        assertThat(report(run.toString())).as(complaint()).isZero();

        assertThat(printed().lines()).hasSize(3);
        assertThat(run.resolve("report/index.html"))
                .content()
                .contains("What moves the answer")
                .contains("Twice the cores for the API")
                .contains("Exhausted")
                .contains("gives out first");
    }

    @Test
    void jsonIsOneObject() throws IOException {
        Path run = ExampleRun.in(directory).directory();

        assertThat(report(run.toString(), "--json")).isZero();

        JsonNode answer = new ObjectMapper().readTree(printed());
        assertThat(answer.get("title").asText()).startsWith("Indicative (one restart).");
        assertThat(answer.get("html").asText()).endsWith("report/index.html");
        assertThat(answer.get("pdf").asText()).endsWith("report/report.pdf");
    }

    @Test
    void aRunWithoutAnAnswerStillHasAReportThatSaysNotValidAndWhy() throws IOException {
        Path run = ExampleRun.in(directory)
                .withoutCapacity()
                .run(record -> {
                    ObjectNode validity = (ObjectNode) record.get("validity");
                    validity.put("verdict", "notValid");
                    ((ArrayNode) validity.get("checks"))
                            .addObject()
                            .put("name", "steal")
                            .put("outcome", "notValid")
                            .put("value", 0.09)
                            .put("limit", 0.02)
                            .put("cause", "machine")
                            .put("message", "the machine took 9 % of the CPU away");
                })
                .directory();

        assertThat(report(run.toString())).isZero();

        assertThat(printed().lines().findFirst())
                .contains("Not valid, no capacity is claimed: The machine took 9 % of the CPU away");
        assertThat(run.resolve("report/index.html"))
                .content()
                .contains("not valid")
                .doesNotContain("Capacity within policy");
        assertThat(run.resolve("report/report.pdf")).exists();
    }

    @Test
    void aSoundRunThatTheModelWasNotAskedAboutClaimsNothing() throws IOException {
        Path run = ExampleRun.in(directory).withoutCapacity().directory();

        assertThat(report(run.toString())).isZero();

        assertThat(printed()).startsWith("No capacity is claimed: the model was not asked about this run");
        assertThat(run.resolve("report/index.html")).content().contains("There is no capacity.json");
    }

    @Test
    void anAnswerThatTheModelRefusedHasAPageWithoutItsFigures() throws IOException {
        Path run = ExampleRun.in(directory)
                .capacity(answer -> {
                    ((ObjectNode) answer.get("quality")).put("label", "notValid");
                    ((ObjectNode) answer.get("capacity"))
                            .putNull("policy")
                            .putNull("slo")
                            .putNull("largestConsumer")
                            .putArray("users");
                    ((ObjectNode) answer.at("/phases/0/stacks/0")).putNull("binding");
                    answer.putArray("curve");
                })
                .directory();

        assertThat(report(run.toString())).as(complaint()).isZero();

        assertThat(run.resolve("report/index.html")).content().doesNotContain("Capacity within policy");
    }

    @Test
    void anAnswerThatIsNotValidIsNotShownAsOne() throws IOException {
        Path run = ExampleRun.in(directory)
                .capacity(answer -> ((ObjectNode) answer.get("quality")).put("label", "notValid"))
                .directory();

        assertThat(report(run.toString())).isZero();

        assertThat(printed()).startsWith("Not valid, no capacity is claimed");
        assertThat(run.resolve("report/index.html")).content().doesNotContain("One such core carries");
    }

    @Test
    void aNumberTurnedIntoTextIsRefusedWithItsPlace() throws IOException {
        refuses(
                ExampleRun.in(directory)
                        .run(record -> ((ObjectNode) record.get("windows").get(3)).put("offeredPerSecond", "fast")),
                "report: run.json: windows[3].offeredPerSecond=\"fast\": a number is needed");
    }

    @Test
    void evenANumberInQuotesIsRefused() throws IOException {
        refuses(
                ExampleRun.in(directory)
                        .run(record -> ((ObjectNode) record.get("windows").get(3)).put("offeredPerSecond", "12.5")),
                "windows[3].offeredPerSecond");
    }

    @Test
    void aRemovedWindowIsRefused() throws IOException {
        refuses(
                ExampleRun.in(directory).run(record -> ((ArrayNode) record.get("windows")).remove(4)),
                "report: run.json: windowCount=25, but it holds 24 windows");
    }

    @Test
    void aKeyThatIsMissingIsNamed() throws IOException {
        refuses(ExampleRun.in(directory).run(record -> record.remove("seed")), "seed");
    }

    @Test
    void anAnswerToAnotherRunIsRefused() throws IOException {
        refuses(
                ExampleRun.in(directory).capacity(answer -> answer.put("runSha256", "0".repeat(64))),
                "report: capacity.json: it answers run");
    }

    @Test
    void aFileChangedAfterTheRunIsRefused() throws IOException {
        ExampleRun example = ExampleRun.in(directory);
        Path stations = example.directory().resolve("stations.ndjson");
        Files.writeString(stations, Files.readString(stations).replaceFirst("\"cpuSeconds\":1", "\"cpuSeconds\":2"));

        refuses(example, "report: stations.ndjson: sha256 is");
    }

    @Test
    void whatIsNotJsonIsRefused() throws IOException {
        ExampleRun example = ExampleRun.in(directory);
        Files.writeString(example.directory().resolve("run.json"), "{\"schemaVersion\": 1,\n oops");

        refuses(example, "report: run.json: not JSON at line 2");
    }

    @Test
    void aDirectoryThatIsNotThereIsRefused() {
        assertThat(report(directory.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(complaint()).contains("nowhere: no such directory").hasLineCount(1);
    }

    private void refuses(ExampleRun example, String complaint) throws IOException {
        assertThat(report(example.directory().toString())).isEqualTo(2);

        assertThat(complaint()).contains(complaint).hasLineCount(1);
        assertThat(printed()).isEmpty();
        try (Stream<Path> files = Files.list(example.directory())) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("report"));
        }
    }

    private int report(String... arguments) {
        return new CommandLine(new Main(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)))
                .execute(arguments);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complaint() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
