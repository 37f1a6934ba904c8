package me.musclemap.load.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RunRecordsTest {
    private static final Path ROOM = Path.of(System.getProperty("repo.root"), "load-scenarios");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @BeforeEach
    void writeAnExample() throws IOException {
        ExampleRecordMain.write(directory);
    }

    @Test
    void whatWasWrittenIsReadBack() {
        var record = RunRecords.read(directory);
        assertThat(record.windows())
                .hasSize(25)
                .first()
                .extracting(Window::role)
                .isEqualTo(Window.Role.WARM_UP);
        assertThat(record.validity().verdict()).isEqualTo(Validity.Outcome.indicative);
        assertThat(record.files()).extracting(RunRecord.RecordedFile::name).contains("latency.hlog", "stations.ndjson");
    }

    @Test
    void aWrittenRecordMeetsTheContract() throws IOException {
        assertThat(problems(directory)).isEmpty();
    }

    static Stream<Path> examples() throws IOException {
        try (var found = Files.list(ROOM.resolve("contract/examples"))) {
            return found.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleMeetsTheContractAndIsRead(Path example) throws IOException {
        assertThat(problems(example)).isEmpty();
        assertThat(RunRecords.read(example).id()).isEqualTo(String.valueOf(example.getFileName()));
    }

    @Test
    void periodicWorkIsWrittenByTheContractAndReadBackAndARecordOfBeforeHasNone() throws IOException {
        var before = RunRecords.read(directory);
        assertThat(before.periodicWork()).isEmpty();
        assertThat(Files.readString(directory.resolve("run.json"))).doesNotContain("\"periodic\"");
        var work = new PeriodicWork(
                PeriodicWork.VIEW_REFRESH,
                300,
                0,
                RunRecord.PERIODIC_INDEX,
                1,
                6.2,
                new Window.Size(100_000, 200_000),
                Map.of("postgres", 4.7),
                0.001,
                null);
        var after = Changed.of(before)
                .periodic(List.of(work, work.without("machine: 3.0 % steal")))
                .record();
        Files.write(directory.resolve("run.json"), RunRecords.bytes(after));
        assertThat(problems(directory)).isEmpty();
        assertThat(RunRecords.read(directory)).isEqualTo(after);
        change(run -> ((ObjectNode) run.get("periodic").get(0).get("cpuSeconds")).put("postgres", -1));
        refused("cpuSeconds of postgres=-1.0");
    }

    @Test
    void aRemovedWindowIsNoticed() throws IOException {
        change(run -> ((ArrayNode) run.get("windows")).remove(3));
        refused("windowCount=25 but 24 windows are there");
    }

    @Test
    void aNumberTurnedIntoTextIsNamedWithItsPlace() throws IOException {
        change(run -> ((ObjectNode) run.get("windows").get(3)).put("offeredPerSecond", "900"));
        refused("windows[3].offeredPerSecond");
    }

    @Test
    void aMissingKeyIsNamed() throws IOException {
        change(run -> ((ObjectNode) run.get("host")).remove("kernel"));
        refused("host.kernel is missing");
    }

    @Test
    void aMissingNumberIsNamed() throws IOException {
        change(run -> ((ObjectNode) run.get("windows").get(2)).remove("servedPerSecond"));
        refused("windows[2]");
    }

    @Test
    void anotherVersionIsRefused() throws IOException {
        change(run -> run.put("schemaVersion", 2));
        refused("schemaVersion=2");
    }

    @Test
    void aChangedFileIsNoticed() throws IOException {
        Files.writeString(directory.resolve("stations.ndjson"), "{}\n");
        refused("stations.ndjson: is not the file that the run wrote");
    }

    @Test
    void aDirectoryWithoutARunIsNamed(@TempDir Path empty) {
        assertThatThrownBy(() -> RunRecords.read(empty))
                .isInstanceOf(RecordException.class)
                .hasMessageContaining("not there");
    }

    private void refused(String part) {
        assertThatThrownBy(() -> RunRecords.read(directory))
                .isInstanceOf(RecordException.class)
                .hasMessageContaining(part)
                .message()
                .doesNotContain("\n")
                .doesNotContain("com.fasterxml");
    }

    private void change(Consumer<ObjectNode> edit) throws IOException {
        var file = directory.resolve("run.json").toFile();
        var run = (ObjectNode) JSON.readTree(file);
        edit.accept(run);
        JSON.writeValue(file, run);
    }

    private static List<String> problems(Path run) throws IOException {
        var factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        var schema = factory.getSchema(
                JSON.readTree(ROOM.resolve("contract/run.schema.json").toFile()));
        var lines = factory.getSchema(JSON.readTree(
                ROOM.resolve("../telemetry-agent/contract/stations.schema.json").toFile()));
        var problems =
                Stream.of(schema.validate(JSON.readTree(run.resolve("run.json").toFile())));
        var stationProblems = Files.readAllLines(run.resolve("stations.ndjson")).stream()
                .map(line -> {
                    try {
                        return lines.validate(JSON.readTree(line));
                    } catch (IOException e) {
                        throw new IllegalStateException(line, e);
                    }
                });
        return Stream.concat(problems, stationProblems)
                .flatMap(java.util.Set::stream)
                .map(Object::toString)
                .toList();
    }
}
