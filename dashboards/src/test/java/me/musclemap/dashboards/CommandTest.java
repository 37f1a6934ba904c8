package me.musclemap.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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

    @Test
    void renderSaysWhereTheDashboardIsAndCheckIsContent() {
        assertThat(run("render", directory.toString())).isZero();
        assertThat(out.toString()).contains("panels: " + directory.resolve("dashboards/headroom-overview.json"));
        assertThat(run("check", directory.toString())).as(out.toString()).isZero();
        assertThat(out.toString()).contains("promtool                           not on PATH");
    }

    @Test
    void theLimitsOfTheAnswerAreInTheDashboard() throws IOException {
        run("render", directory.toString());
        assertThat(Files.readString(directory.resolve("dashboards/headroom-overview.json")))
                .contains("policy, lower bound")
                .contains("Run 20261122-120000-5eed, reference-embedded");
    }

    @Test
    void aDashboardWithAnUnknownMetricFailsTheCheck() throws IOException {
        run("render", directory.toString());
        var file = directory.resolve("dashboards/headroom-overview.json");
        Files.writeString(file, Files.readString(file).replace("websocket_connections", "sockets"));
        assertThat(run("check", file.toString())).isEqualTo(3);
        assertThat(out.toString()).contains("unknown metric sockets");
    }

    @Test
    void aRunWithoutAnAnswerIsNamed() throws IOException {
        Files.delete(directory.resolve("capacity.json"));
        assertThat(run("render", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("capacity.json: no such file").hasLineCount(1);
    }

    @Test
    void aNumberWrittenAsTextIsNamedByItsKey() throws IOException {
        var file = directory.resolve("capacity.json");
        Files.writeString(
                file, Files.readString(file).replaceFirst("\"warning\" ?: ?([0-9.]+)", "\"warning\": \"$1\""));
        assertThat(run("render", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("thresholds[0].warning").hasLineCount(1);
    }

    @Test
    void aModelThatRefusedIsNoGroundForLimits() throws IOException {
        var file = directory.resolve("capacity.json");
        var mapper = JsonMapper.builder().build();
        var answer = mapper.readTree(Files.readString(file));
        ((ObjectNode) answer.path("capacity")).putNull("policy").putNull("slo");
        ((ObjectNode) answer.path("verdict")).put("title", "Not valid: the model does not fit");
        Files.writeString(file, answer.toString());
        assertThat(run("render", directory.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("holds no capacity (Not valid: the model does not fit), so that no limits")
                .hasLineCount(1);
    }

    @Test
    void aPromtoolThatCannotBeRunIsOneLineAndNoStackTrace() throws IOException {
        run("render", directory.toString());
        assertThat(run("check", directory.toString(), "--promtool=" + directory))
                .isEqualTo(2);
        var broken = Files.writeString(directory.resolve("promtool"), "#!/no/such/interpreter\n");
        assertThat(broken.toFile().setExecutable(true)).isTrue();
        assertThat(run("check", directory.toString(), "--promtool=" + broken)).isEqualTo(1);
        assertThat(err.toString())
                .contains("not a program that can be run", "cannot be started")
                .hasLineCount(2);
    }

    @Test
    void aDashboardThatIsNotThereIsWrongInput() {
        assertThat(run("check", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("no such file");
    }
}
