package me.musclemap.capacity.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.capacity.measure.ExampleRecord;
import me.musclemap.capacity.measure.RunRecordReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void copyTheExample() throws IOException {
        ExampleRecord.copyTo(directory);
    }

    private int run(Object command, String... args) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private int predict() {
        return run(
                new PredictCommand(),
                ExampleRecord.source().resolve("conditions.json").toString(),
                "--run",
                directory.toString(),
                "--out",
                directory.resolve("prediction.json").toString());
    }

    @Test
    void theExampleAnswerIsWhatTheCodeSaysOfTheExampleRecord() throws IOException {
        assertThat(predict()).as(err.toString()).isZero();
        int code = run(
                new PlanCommand(),
                directory.toString(),
                "--prediction",
                directory.resolve("prediction.json").toString(),
                "--peaks",
                ExampleRecord.peaks().toString());
        assertThat(code).as(err.toString()).isZero();
        if (System.getProperty("golden.update") != null) {
            for (String name : new String[] {"capacity.json", "prediction.json"}) {
                Files.write(ExampleRecord.answer().resolve(name), Files.readAllBytes(directory.resolve(name)));
            }
        }
        JsonNode made = JSON.readTree(directory.resolve("capacity.json").toFile());
        JsonNode kept =
                JSON.readTree(ExampleRecord.answer().resolve("capacity.json").toFile());
        var differences = new ArrayList<String>();
        differences("", kept, made, differences);
        assertThat(differences).isEmpty();
        assertThat(out.toString())
                .contains("Indicative (one restart)")
                .contains("req/s each")
                .contains("estimated");
    }

    @Test
    void theExampleAnswerMeetsItsSchema() throws IOException {
        var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(ExampleRecord.schema()));
        var answer =
                JSON.readTree(ExampleRecord.answer().resolve("capacity.json").toFile());
        assertThat(schema.validate(answer)).isEmpty();
    }

    @Test
    void aPredictionIsSealedWithTheHashThatIsPrinted() throws IOException {
        assertThat(predict()).isZero();
        JsonNode printed = JSON.readTree(out.toString());
        byte[] first = Files.readAllBytes(directory.resolve("prediction.json"));
        assertThat(printed.get("sha256").asText()).isEqualTo(RunRecordReader.sha256(first));
        assertThat(predict()).isZero();
        assertThat(Files.readAllBytes(directory.resolve("prediction.json"))).isEqualTo(first);
    }

    @Test
    void aSealedPredictionThatWasChangedIsRefused() throws IOException {
        assertThat(predict()).isZero();
        edit(run -> run.set(
                "prediction",
                JSON.createObjectNode()
                        .put("file", "prediction.json")
                        .put("sha256", "0".repeat(64))
                        .put("sealedEpochMillis", 1)));
        assertThat(run(new PlanCommand(), directory.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("prediction.json").contains("sealed");
        assertThat(directory.resolve("capacity.json")).doesNotExist();
    }

    @Test
    void aRecordWithAWindowRemovedEndsWithTwoAndOneLine() throws IOException {
        edit(run -> ((ArrayNode) run.get("windows")).remove(3));
        assertThat(run(new PlanCommand(), directory.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(directory.resolve("capacity.json")).doesNotExist();
    }

    @Test
    void windowsThatSupportNoFitEndWithFour() throws IOException {
        edit(run -> run.get("windows").forEach(w -> ((ObjectNode) w).put("excluded", "the machine was stolen")));
        assertThat(run(new PlanCommand(), directory.toString())).isEqualTo(4);
        assertThat(err.toString()).contains("do not support a fit").contains("the machine was stolen");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void workThatComesAtIntervalsStandsInTheAnswerAndInItsWords() throws IOException {
        edit(run -> {
            var work = run.putArray("periodic").addObject();
            work.put("name", "viewRefresh")
                    .put("everySeconds", 300)
                    .put("restart", 0)
                    .put("window", 500_000)
                    .put("startEpochMillis", 1)
                    .put("durationSeconds", 6.5)
                    .put("stealRatio", 0)
                    .putNull("excluded");
            work.putObject("dataset").put("users", 100_000).put("workouts", 200_000);
            work.putObject("cpuSeconds").put("api", 0.1).put("postgres", 5.9);
        });
        assertThat(run(new PlanCommand(), directory.toString(), "--draws", "40"))
                .as(err.toString())
                .isZero();
        JsonNode answer = JSON.readTree(directory.resolve("capacity.json").toFile());
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(Files.readString(ExampleRecord.schema()))
                        .validate(answer))
                .isEmpty();
        assertThat(answer.at("/periodic/0/cpuSeconds/mid").asDouble()).isEqualTo(6);
        assertThat(answer.at("/periodic/0/growth/measured").asBoolean()).isFalse();
        assertThat(out.toString())
                .contains("The refresh of the leaderboard views takes 6 CPU s")
                .contains("every 300 s: 2.0 % of a core on average");
        edit(run -> ((ObjectNode) run.get("periodic").get(0)).put("everySeconds", 0));
        assertThat(run(new PlanCommand(), directory.toString(), "--draws", "40"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("periodic[0].everySeconds");
    }

    @Test
    void aRunThatIsNotValidIsStillAnsweredAndSaysSo() throws IOException {
        edit(run -> {
            ((ObjectNode) run.get("validity")).put("verdict", "notValid");
            ((ArrayNode) run.get("validity").get("checks"))
                    .addObject()
                    .put("name", "steal")
                    .put("outcome", "notValid")
                    .put("message", "steal was 9 %");
        });
        assertThat(run(new PlanCommand(), directory.toString(), "--draws", "40"))
                .as(err.toString())
                .isZero();
        JsonNode answer = JSON.readTree(directory.resolve("capacity.json").toFile());
        assertThat(answer.get("quality").get("label").asText()).isEqualTo("notValid");
        assertThat(answer.get("verdict").get("title").asText()).isEqualTo("Not valid: steal was 9 %");
        assertThat(answer.get("verdict").get("sentences").get(0).asText())
                .startsWith("Not valid: steal was 9 %. An estimate that does not count: ");
    }

    @Test
    void aConditionWithAnUnknownClassIsRefused() throws IOException {
        Path conditions = directory.resolve("c.json");
        Files.writeString(
                conditions,
                "{\"conditions\":[{\"name\":\"a\",\"mix\":{\"reed\":1},\"requestsPerSecond\":5,\"telemetryPerSecond\":0}]}");
        int code = run(
                new PredictCommand(),
                conditions.toString(),
                "--run",
                directory.toString(),
                "--out",
                directory.resolve("p.json").toString());
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("reed").contains("heavyRead");
    }

    @Test
    void anOutputThatCannotBeWrittenFailsWithoutHalfAFile() {
        int code = run(
                new PredictCommand(),
                directory.resolve("conditions.json").toString(),
                "--run",
                directory.toString(),
                "--out",
                directory.resolve("nowhere/p.json").toString());
        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("its directory does not exist");
    }

    @Test
    void theFitAndTheClaimsAreTables() {
        assertThat(run(new FitCommand(), directory.toString())).isZero();
        assertThat(out.toString()).contains("condition number").contains("background");
        assertThat(run(new ClaimsCommand())).isZero();
        assertThat(out.toString())
                .contains("are contradicted by the plan itself")
                .contains("[users-phase1]")
                .contains("plan 1.1, 1.2 Phase 1, lines 52, 142");
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(140));
    }

    @Test
    void theClaimsAreDecidedByARunAndPickedByVerdict() {
        assertThat(run(new ClaimsCommand(), "--run", directory.toString(), "--draws", "20", "--verdict", "doesNotHold"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("do not hold").contains("[polling]").doesNotContain("untestable");
        assertThat(run(new ClaimsCommand(), "--verdict", "perhaps")).isEqualTo(2);
        assertThat(err.toString()).contains("--verdict=perhaps: no such verdict");
    }

    @Test
    void aConditionOfAPersonIsAnsweredInWordsAndSealed() throws IOException {
        Path condition = directory.resolve("evening.yaml");
        Files.writeString(condition, "name: evening\nusers: 6000\n");
        Path sealed = directory.resolve("evening.json");
        int code = run(
                new PredictCommand(),
                condition.toString(),
                "--run",
                directory.toString(),
                "--out",
                sealed.toString(),
                "--draws",
                "20");
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("6,000 users in session")
                .contains("limits, those that bind first")
                .contains("70 % of 1 core")
                .contains("sealed sha256 " + RunRecordReader.sha256(Files.readAllBytes(sealed)));
        JsonNode json = JSON.readTree(sealed.toFile());
        assertThat(json.path("response").get(1).path("formula").path("low").isNumber())
                .isTrue();
        assertThat(json.path("maximum").path("collapse").path("binding").asText())
                .isEqualTo("full");
    }

    @Test
    void aConditionWithAnUnknownKeyEndsWithTwoAndOneLine() throws IOException {
        Path condition = directory.resolve("evening.yaml");
        Files.writeString(condition, "name: evening\nusers: 6000\nuser: 5\n");
        assertThat(run(new PredictCommand(), condition.toString(), "--run", directory.toString()))
                .isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("user: no such key; known are activeIds, cache");
        Files.writeString(condition, "name: [\n");
        assertThat(run(new PredictCommand(), condition.toString(), "--run", directory.toString()))
                .isEqualTo(2);
        assertThat(run(new PredictCommand(), "nowhere.yaml", "--run", directory.toString()))
                .isEqualTo(2);
        assertThat(run(new PredictCommand(), directory.resolve("run.json").toString(), "--run", directory.toString()))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).doesNotContain("Exception"));
    }

    @Test
    void aWhatIfAsksForSomethingThatIsKnown() {
        String run = directory.toString();
        assertThat(run(new WhatIfCommand(), run)).isEqualTo(2);
        assertThat(err.toString()).contains("nothing is asked");
        for (String[] wrong : new String[][] {
            {"--storm", "logon"}, {"--phase", "9", "--levers"}, {"--stack", "x", "--levers"},
            {"--cheapest", "0"}, {"--cheapest", "10", "--confidence", "1"}, {"--set", "phases.1.tiers.vps.cors=2"}
        }) {
            var all = new ArrayList<String>(List.of(run));
            all.addAll(List.of(wrong));
            err.getBuffer().setLength(0);
            assertThat(run(new WhatIfCommand(), all.toArray(new String[0])))
                    .as(String.join(" ", wrong))
                    .isEqualTo(2);
            assertThat(err.toString().lines()).hasSize(1);
        }
    }

    @Test
    void aWhatIfPrintsBeforeAndAfterAndAsJson() throws IOException {
        assertThat(run(new WhatIfCommand(), directory.toString(), "--draws", "20", "--set", "phases.1.cores=4"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("users before")
                .contains("gives out first")
                .contains("phase1");
        out.getBuffer().setLength(0);
        assertThat(run(
                        new WhatIfCommand(),
                        directory.toString(),
                        "--draws",
                        "20",
                        "--json",
                        "--levers",
                        "--storm",
                        "login"))
                .as(err.toString())
                .isZero();
        JsonNode answer = JSON.readTree(out.toString());
        assertThat(answer.at("/levers/rows").size()).isGreaterThan(8);
        assertThat(answer.at("/storms/0/name").asText()).isEqualTo("login");
        assertThat(answer.get("estimated").asBoolean()).isTrue();
    }

    @Test
    void aForecastOfASeriesAgainstARunHasDatesOrReasons() throws IOException {
        Path peaks = directory.resolve("peaks.csv");
        var lines = new StringBuilder("date,requestsPerSecond\n");
        for (int day = 0; day < 40; day++) {
            lines.append(java.time.LocalDate.of(2026, 10, 1).plusDays(day))
                    .append(',')
                    .append(60 * Math.exp(0.01 * day) * (1 + 0.02 * (day * 7 % 5)))
                    .append('\n');
        }
        Files.writeString(peaks, lines);
        assertThat(run(new PlanCommand(), directory.toString(), "--draws", "20", "--peaks", peaks.toString()))
                .as(err.toString())
                .isZero();
        JsonNode answer = JSON.readTree(directory.resolve("capacity.json").toFile());
        assertThat(answer.at("/forecast/days").asInt()).isEqualTo(40);
        assertThat(answer.at("/forecast/exhaustion/0/p50").asText()).startsWith("2027");
        assertThat(answer.at("/headroom/atRequestsPerSecond").asDouble())
                .isEqualTo(answer.at("/forecast/presentPeakPerSecond").asDouble());
        var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(ExampleRecord.schema()));
        assertThat(schema.validate(answer)).isEmpty();
        assertThat(run(new ForecastCommand(), directory.resolve("none.csv").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("none.csv: no such file");
    }

    private interface Change {
        void to(ObjectNode run);
    }

    private void edit(Change change) throws IOException {
        Path file = directory.resolve("run.json");
        ObjectNode run = (ObjectNode) JSON.readTree(file.toFile());
        change.to(run);
        JSON.writeValue(file.toFile(), run);
    }

    /** Numbers may differ in their last digits from one Java to the next. */
    private static void differences(String path, JsonNode kept, JsonNode made, List<String> found) {
        if (kept.isNumber() && made.isNumber()) {
            double scale = Math.max(Math.abs(kept.doubleValue()), 1e-9);
            if (Math.abs(kept.doubleValue() - made.doubleValue()) > 1e-4 * scale) {
                found.add(path + ": " + kept + " is now " + made);
            }
        } else if (kept.isContainerNode() && made.isContainerNode() && kept.size() == made.size()) {
            if (kept.isArray()) {
                for (int i = 0; i < kept.size(); i++) {
                    differences(path + "[" + i + "]", kept.get(i), made.get(i), found);
                }
            } else {
                kept.properties()
                        .forEach(e -> differences(path + "." + e.getKey(), e.getValue(), made.path(e.getKey()), found));
            }
        } else if (!kept.equals(made) && !path.endsWith("sealedSha256")) {
            found.add(path + ": " + kept + " is now " + made);
        }
    }
}
