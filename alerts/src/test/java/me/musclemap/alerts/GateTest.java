package me.musclemap.alerts;

import static org.assertj.core.api.Assertions.assertThat;

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

class GateTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aRun() {
        Examples.runDirectory(directory);
    }

    private int gate(String... arguments) {
        var all = new String[arguments.length + 2];
        all[0] = "gate";
        all[1] = directory.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return Main.commandLine(Map.of())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    private void change(Consumer<ObjectNode> change) throws IOException {
        var file = directory.resolve("capacity.json");
        var answer = (ObjectNode) JSON.readTree(Files.readString(file));
        change.accept(answer);
        Files.writeString(file, answer.toString());
    }

    @Test
    void itComparesTheLowerEndOfTheCapacityWithItsObjective() throws IOException {
        assertThat(gate("--peak=200")).isZero();
        assertThat(out.toString()).contains("met      20 % headroom at 200 requests/s: 30.4 % of 287", "objective met");
        assertThat(gate("--peak=250")).isEqualTo(3);
        assertThat(out.toString()).contains("missed   20 % headroom at 250 requests/s: 13.0 %");
        // 287 is the lower end, 311 the middle.
        assertThat(gate("--min-capacity=300")).isEqualTo(3);
        assertThat(gate("--min-capacity=280", "--users=9000")).isZero();
        var junit = directory.resolve("gate.xml");
        assertThat(gate("--peak=200", "--max-p99=0.0001", "--junit=" + junit)).isEqualTo(3);
        assertThat(Files.readString(junit)).contains("failures=\"1\"", "<failure type=\"missed\"");
    }

    @Test
    void withoutAnObjectiveOrWithOneThatMakesNoSenseItDoesNotPass() {
        assertThat(gate()).isEqualTo(2);
        assertThat(err.toString()).contains("no objective: give --peak");
        assertThat(gate("--peak=-3")).isEqualTo(2);
        assertThat(gate("--peak=Infinity")).isEqualTo(2);
        assertThat(gate("--max-p99=1")).isEqualTo(2);
        assertThat(gate("--peak=1", "--max-p99=0")).isEqualTo(2);
        assertThat(gate("--peak=1", "--max-p99=NaN")).isEqualTo(2);
        assertThat(gate("--peak=1", "--users=1")).isEqualTo(2);
    }

    @Test
    void aRunThatIsNotValidIsExitCodeFour() throws IOException {
        change(answer -> ((ObjectNode) answer.path("quality")).put("label", "notValid"));
        assertThat(gate("--peak=10")).isEqualTo(4);
        assertThat(out.toString()).contains("met      20 % headroom", "not valid: ");
    }

    /** The file that plan writes when the model does not fit: a verdict, and no rate to compare with. */
    @Test
    void aModelThatRefusedIsExitCodeFourToo() throws IOException {
        change(answer -> {
            ((ObjectNode) answer.path("quality"))
                    .put("label", "notValid")
                    .putArray("reasons")
                    .add("CPU is \"12 %\" off");
            ((ObjectNode) answer.path("capacity"))
                    .putNull("policy")
                    .putNull("slo")
                    .putNull("largestConsumer");
            ((ObjectNode) answer.path("verdict")).put("title", "Not valid: the model does not fit");
        });
        var junit = directory.resolve("results").resolve("gate.xml");
        assertThat(gate("--peak=10", "--junit=" + junit)).isEqualTo(4);
        assertThat(out.toString())
                .contains("run 20261122-120000-5eed: no capacity", "not valid: CPU is \"12 %\" off")
                .doesNotContain("objective m");
        assertThat(Files.readString(junit))
                .contains("errors=\"1\"", "<error type=\"notValid\" message=\"CPU is &quot;12 %&quot; off\"/>");
        out.getBuffer().setLength(0);
        assertThat(gate("--peak=10", "--json")).isEqualTo(4);
        assertThat(JSON.readTree(out.toString()).path("verdict").asText()).isEqualTo("notValid");
        assertThat(gate("--peak=-1")).isEqualTo(2);
    }

    @Test
    void resultsThatCannotBeWrittenAreNamedAndLeaveNothingHalf() throws IOException {
        var taken = Files.createDirectories(directory.resolve("taken").resolve("by-a-directory"));
        assertThat(gate("--peak=10", "--junit=" + taken.getParent())).isEqualTo(1);
        assertThat(err.toString()).contains("taken: cannot be written").hasLineCount(1);
        try (var files = Files.list(directory)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void everyCommandSaysItsVersion() {
        assertThat(gate("--version")).isZero();
        assertThat(out.toString()).startsWith("Headroom alerts ");
    }
}
