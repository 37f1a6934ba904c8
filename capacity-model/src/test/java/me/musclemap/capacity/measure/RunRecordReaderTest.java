package me.musclemap.capacity.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @BeforeEach
    void copyTheExample() throws IOException {
        ExampleRecord.copyTo(directory);
    }

    @Test
    void theExampleIsRead() throws IOException {
        RunRecord run = new RunRecordReader(directory).read();
        assertThat(run.id()).isEqualTo(ExampleRecord.ID);
        assertThat(run.windows()).hasSizeGreaterThan(10);
        assertThat(run.cpu().stations()).contains("api", "postgres");
        assertThat(run.windows().stream().filter(w -> w.role().equals("fit")))
                .allMatch(w -> w.use().isPresent() && w.finishedTotal() > 0);
    }

    @Test
    void aKneeThatWasNotReachedIsKnownByTheFlagOrElseByTheRule() throws IOException {
        edit(run -> ((ObjectNode) run.get("probe")).put("reached", true));
        assertThat(new RunRecordReader(directory).read().probe().orElseThrow().reached())
                .isTrue();
        edit(run -> ((ObjectNode) run.get("probe")).put("reached", false));
        assertThat(new RunRecordReader(directory).read().probe().orElseThrow().reached())
                .isFalse();
        edit(run -> {
            ((ObjectNode) run.get("probe")).remove("reached");
            ((ObjectNode) run.get("probe")).put("rule", "p99 > 1 s; not reached: the core was 81 % busy");
        });
        assertThat(new RunRecordReader(directory).read().probe().orElseThrow().reached())
                .isFalse();
    }

    @Test
    void theProbeOfTheSecondCoreIsReadWhereThereIsOne() throws IOException {
        edit(run -> ((ObjectNode) run.get("host")).remove("secondCore"));
        assertThat(new RunRecordReader(directory).read().secondCore()).isEmpty();
        edit(run -> ((ObjectNode) run.get("host"))
                .putObject("secondCore")
                .put("ratio", 1.4)
                .put("low", 1.2)
                .put("high", 1.7));
        var ratio = new RunRecordReader(directory).read().secondCore().orElseThrow();
        assertThat(ratio.quantile(0.05)).isCloseTo(1.2, within(1e-12));
        assertThat(ratio.quantile(0.5)).isEqualTo(1.4);
        assertThat(ratio.quantile(0.95)).isCloseTo(1.7, within(1e-12));
        assertThat(new RunRecord.CoreRatio(1.02, 0.9, 1.1).quantile(0.01)).isOne();
        edit(run -> ((ObjectNode) run.at("/host/secondCore")).put("low", 1.5));
        refused("host.secondCore.low");
    }

    @Test
    void coresThatAHypervisorTakesAllTheTimeAreLeftOutOfProductionsRecordOnly() throws IOException {
        edit(run -> run.get("windows").forEach(w -> ((ObjectNode) w).put("stealRatio", 0.04)));
        RunRecord lab = new RunRecordReader(directory).read();
        assertThat(lab.usualSteal()).isEmpty();
        edit(run -> run.put("scenario", "import"));
        RunRecord production = new RunRecordReader(directory).read();
        assertThat(production.usualSteal()).hasValue(0.04);
        assertThat(production.cpu().cores())
                .isCloseTo(0.96 * lab.cpu().cores(), org.assertj.core.api.Assertions.within(1e-12));
        assertThat(production.windowsOnItsCores()).hasSameSizeAs(lab.windowsOnItsCores());
    }

    @Test
    void aRemovedWindowIsRefused() throws IOException {
        edit(run -> ((ArrayNode) run.get("windows")).remove(8));
        refused("windowCount");
    }

    @Test
    void aNumberTurnedIntoTextIsRefusedByItsPlace() throws IOException {
        edit(run -> ((ObjectNode) run.get("windows").get(8)).put("offeredPerSecond", "fast"));
        refused("windows[8].offeredPerSecond is \"fast\"");
    }

    @Test
    void aMissingKeyIsRefusedByItsName() throws IOException {
        edit(run -> ((ObjectNode) run.get("workload")).remove("requestsPerSecondPerUser"));
        refused("workload.requestsPerSecondPerUser is missing");
    }

    @Test
    void aFileThatWasChangedIsRefused() throws IOException {
        Path stations = directory.resolve("stations.ndjson");
        Files.writeString(stations, Files.readString(stations).replaceFirst("\"cpuSeconds\":1", "\"cpuSeconds\":2"));
        refused("stations.ndjson: sha256");
    }

    @Test
    void aFileThatIsGoneIsRefused() throws IOException {
        Files.delete(directory.resolve("latency.hlog"));
        refused("latency.hlog: missing");
    }

    @Test
    void aWindowWithoutItsStationsIsRefused() throws IOException {
        Path stations = directory.resolve("stations.ndjson");
        List<String> lines = Files.readAllLines(stations);
        lines.removeIf(l -> l.contains("\"window\":9,"));
        Files.write(stations, lines);
        edit(run -> ((ArrayNode) run.get("files")).removeAll());
        refused("no line for window 9");
    }

    @Test
    void anOperationOfNoClassIsRefused() throws IOException {
        edit(run -> ((ObjectNode) run.get("windows").get(8).get("completed")).put("Surprise", 3));
        refused("Surprise is in none");
    }

    @Test
    void aDirectoryThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new RunRecordReader(directory.resolve("nowhere")).read())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("no such directory");
    }

    @Test
    void halfAFileIsRefused() throws IOException {
        Path run = directory.resolve("run.json");
        String text = Files.readString(run);
        Files.writeString(run, text.substring(0, text.length() / 2));
        refused(run + ": not JSON");
    }

    private void edit(Consumer<ObjectNode> change) throws IOException {
        Path file = directory.resolve("run.json");
        JsonNode run = JSON.readTree(file.toFile());
        change.accept((ObjectNode) run);
        JSON.writeValue(file.toFile(), run);
    }

    private void refused(String words) {
        assertThatThrownBy(() -> new RunRecordReader(directory).read())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(words)
                .message()
                .satisfies(m -> assertThat(m.lines()).hasSize(1));
    }
}
