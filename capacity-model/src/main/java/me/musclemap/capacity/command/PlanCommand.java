package me.musclemap.capacity.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import me.musclemap.capacity.claims.Claims;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.plan.CapacityDocument;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.plan.Planner;
import me.musclemap.capacity.plan.Verdict;
import me.musclemap.capacity.predict.SealedPrediction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code capacity plan}: from a run record to {@code capacity.json}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "Fit a run, compare it with its sealed prediction, solve the phases of the plan and write capacity.json.")
public final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "directory of the run record")
    private Path directory;

    @Option(names = "--draws", defaultValue = "200", description = "alternatives to draw (default: ${DEFAULT-VALUE})")
    private int draws;

    @Option(
            names = "--present-peak",
            paramLabel = "REQUESTS_PER_SECOND",
            description = "headline requests per second at today's peak: answers with the headroom that is left")
    private @Nullable Double presentPeak;

    @Option(names = "--phases", paramLabel = "FILE", description = "another plan than the one that ships, as YAML")
    private @Nullable Path phasesFile;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "another value in the plan: phases.2.tiers.vps.cores=8, assumptions.cpuLimit=0.6")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--prediction",
            paramLabel = "FILE",
            description = "the sealed prediction that the held-out windows answer, where run.json names none")
    private @Nullable Path prediction;

    @Option(names = "--json", description = "print capacity.json instead of the verdict")
    private boolean json;

    @Option(names = "--dry-run", description = "write nothing")
    private boolean dryRun;

    /** For picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    public PlanCommand() {}

    @Override
    public Integer call() {
        return CommandLineAnswer.of(spec.commandLine().getErr(), this::plan);
    }

    private int plan() throws IOException {
        if (draws < 20) {
            throw new MalformedInputException("--draws=" + draws + ": at least 20 are needed for an interval");
        }
        RunRecord run = new RunRecordReader(directory).read();
        Optional<byte[]> sealedBytes = sealedBytes(run);
        Optional<SealedPrediction> sealed =
                sealedBytes.map(b -> SealedPrediction.read("prediction.json", new String(b, StandardCharsets.UTF_8)));
        var planner = new Planner(
                run,
                phases(),
                Claims.shipped(),
                draws,
                presentPeak == null ? OptionalDouble.empty() : OptionalDouble.of(presentPeak));
        var document = new CapacityDocument(
                planner.answer(sealed, sealedBytes.map(RunRecordReader::sha256).orElse("")));
        byte[] bytes = document.bytes();
        if (!dryRun) {
            RunFiles.write(directory.resolve("capacity.json"), bytes);
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.print(new String(bytes, StandardCharsets.UTF_8));
            out.flush();
        } else {
            Verdict verdict = document.verdict();
            verdict.sentences().forEach(out::println);
        }
        return CommandLineAnswer.DONE;
    }

    private Phases phases() throws IOException {
        if (phasesFile == null) {
            return Phases.shipped(settings);
        }
        if (!Files.isRegularFile(phasesFile)) {
            throw new MalformedInputException(phasesFile + ": no such file: name a plan as YAML");
        }
        return Phases.read(phasesFile.toString(), Files.readString(phasesFile), settings);
    }

    /** The prediction that run.json names, checked against the hash that was sealed before the windows that answer it. */
    private Optional<byte[]> sealedBytes(RunRecord run) throws IOException {
        if (run.prediction().isEmpty()) {
            return prediction == null ? Optional.empty() : Optional.of(read(prediction));
        }
        RunRecord.SealedPrediction named = run.prediction().get();
        byte[] bytes = read(directory.resolve(named.file()));
        if (!RunRecordReader.sha256(bytes).equals(named.sha256())) {
            throw new MalformedInputException(
                    named.file()
                            + ": its sha256 is not the one that run.json sealed: the prediction was changed after the windows were driven");
        }
        return Optional.of(bytes);
    }

    private static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new MalformedInputException(file + ": no such file: restore the prediction or record the run again");
        }
        return Files.readAllBytes(file);
    }
}
