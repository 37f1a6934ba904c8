package me.musclemap.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aRun() {
        Examples.runDirectory(directory);
    }

    private int run(String... arguments) {
        return Main.commandLine(Map.of("PATH", ""))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void replace(String file, String old, String with) throws IOException {
        var path = directory.resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(old);
        Files.writeString(path, text.replace(old, with));
    }

    private void change(Consumer<JsonNode> change) throws IOException {
        var mapper = JsonMapper.builder().build();
        var file = directory.resolve("capacity.json");
        var answer = mapper.readTree(Files.readString(file));
        change.accept(answer);
        Files.writeString(file, answer.toString());
    }

    @Test
    void renderPrintsTheThresholdsAndCheckIsContent() {
        assertThat(run("render", directory.toString())).isZero();
        assertThat(out.toString()).contains("CapacityHeadroomLow").contains("headroom.rules.yml");
        assertThat(run("check", directory.toString())).as(out.toString()).isZero();
        assertThat(out.toString())
                .contains("promtool                           not on PATH")
                .contains("amtool                             not on PATH");
    }

    @Test
    void renderingTwiceGivesTheSameFilesAndNoOthers() throws IOException {
        run("render", directory.toString());
        var stale = Files.writeString(directory.resolve("alerts/tests/Gone.yml"), "of an alert that is no more");
        run("render", directory.toString());
        assertThat(stale).doesNotExist();
        try (var files = Files.walk(directory)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void aRunWithoutAnAnswerIsNamed() throws IOException {
        Files.delete(directory.resolve("capacity.json"));
        assertThat(run("render", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("capacity.json: no such file").contains("headroom capacity plan");
    }

    @Test
    void aNumberWrittenAsTextIsNamedByItsKey() throws IOException {
        change(answer -> ((ObjectNode) answer.path("thresholds").get(0)).put("warning", "310.5"));
        assertThat(run("render", directory.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("capacity.json: thresholds[0].warning:")
                .hasLineCount(1);
        assertThat(directory.resolve("alerts")).doesNotExist();
    }

    @Test
    void aMissingKeyIsNamed() throws IOException {
        change(answer -> ((ObjectNode) answer.path("capacity")).remove("policy"));
        assertThat(run("render", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("capacity.json: capacity.policy").hasLineCount(1);
    }

    @Test
    void aModelThatRefusedIsNoGroundForRules() throws IOException {
        change(answer -> {
            ((ObjectNode) answer.path("capacity"))
                    .putNull("policy")
                    .putNull("slo")
                    .putNull("largestConsumer");
            ((ObjectNode) answer.path("verdict")).put("title", "Not valid: the model does not fit");
        });
        assertThat(run("render", directory.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("holds no capacity (Not valid: the model does not fit)")
                .hasLineCount(1);
        assertThat(directory.resolve("alerts")).doesNotExist();
    }

    @Test
    void aFileThatIsNotJsonIsNamed() throws IOException {
        Files.writeString(directory.resolve("run.json"), "{ no");
        assertThat(run("render", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("run.json: not JSON").hasLineCount(1);
    }

    @Test
    void aRuleWithAnUnknownMetricFailsTheCheck() throws IOException {
        run("render", directory.toString());
        replace("alerts/headroom.rules.yml", "headroom_host_cores", "host_cores");
        assertThat(run("check", directory.toString())).isEqualTo(3);
        assertThat(out.toString()).contains("host:steal:ratio: unknown metric host_cores");
    }

    @Test
    void aDirectoryWithoutRulesIsWrongInput() {
        assertThat(run("check", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("holds no headroom.rules.yml");
    }

    @Test
    void whereNothingCanBeWrittenTheFileIsNamed() throws IOException {
        Files.writeString(directory.resolve("alerts"), "a file where the directory should be");
        assertThat(run("render", directory.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("cannot be written").hasLineCount(1);
    }
}
