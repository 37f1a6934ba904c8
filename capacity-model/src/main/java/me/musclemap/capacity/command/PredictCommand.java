package me.musclemap.capacity.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.predict.Condition;
import me.musclemap.capacity.predict.Figure;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.predict.Predictor;
import me.musclemap.capacity.predict.SealedPrediction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code capacity predict}: answers conditions before anybody loads them. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description =
                "Answer conditions from the windows at or below 60 %% of the probe's knee, and seal the answer with a hash.")
public final class PredictCommand implements Callable<Integer> {
    /** Windows above this share of the probe's knee are kept from the fit: a prediction must reach beyond what it saw. */
    static final double KNEE_SHARE = 0.6;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "CONDITIONS", description = "the conditions, as JSON")
    private Path conditions;

    @Option(names = "--run", required = true, paramLabel = "DIR", description = "directory of the run record")
    private Path directory;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "where to write the sealed prediction")
    private Path out;

    @Option(names = "--draws", defaultValue = "200", description = "alternatives to draw (default: ${DEFAULT-VALUE})")
    private int draws;

    /** For picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    public PredictCommand() {}

    @Override
    public Integer call() {
        return CommandLineAnswer.of(spec.commandLine().getErr(), this::predict);
    }

    private int predict() throws IOException {
        RunRecord run = new RunRecordReader(directory).read();
        if (!Files.isRegularFile(conditions)) {
            throw new MalformedInputException(conditions + ": no such file: name a file of conditions");
        }
        List<Condition> asked = Condition.read(conditions.toString(), Files.readString(conditions), run);
        SealedPrediction sealed = seal(run, asked, draws);
        byte[] bytes = sealed.canonicalBytes();
        RunFiles.write(out, bytes);
        spec.commandLine()
                .getOut()
                .println(new ObjectMapper()
                        .writeValueAsString(new TreeMap<>(
                                Map.of("sha256", RunRecordReader.sha256(bytes), "file", out.toString()))));
        return CommandLineAnswer.DONE;
    }

    static SealedPrediction seal(RunRecord run, List<Condition> asked, int draws) {
        OptionalDouble rateMax = run.probe().stream()
                .mapToDouble(p -> KNEE_SHARE * p.kneePerSecond())
                .findFirst();
        Selection selection = Selection.of(run, Set.of("fit"), rateMax.orElse(Double.POSITIVE_INFINITY));
        FittedRun fitted = FittedRun.of(run, selection, draws, run.seed());
        double seconds = run.windows().stream()
                .filter(w -> w.role().equals("fit"))
                .mapToDouble(Window::durationSeconds)
                .average()
                .orElse(10);
        var predictor = new Predictor(fitted, seconds);
        var answers = new ArrayList<SealedPrediction.Answer>();
        for (Condition condition : asked) {
            answers.add(new SealedPrediction.Answer(
                    condition.name(),
                    condition.window().orElse(SealedPrediction.Answer.NO_WINDOW),
                    condition.mixName(),
                    condition.requestsPerSecond(),
                    predictor.answer(condition)));
        }
        answers.add(ownMix(run, predictor));
        return new SealedPrediction(run.id(), fitted.demand().windows(), rateMax, answers);
    }

    /** The highest rate that the workload's own mix is carried at: what the probe roughly found. */
    private static SealedPrediction.Answer ownMix(RunRecord run, Predictor predictor) {
        double telemetry =
                run.workload().telemetryPerSecondPerUser() / run.workload().requestsPerSecondPerUser();
        var condition = new Condition(
                SealedPrediction.Answer.OWN_MIX,
                OptionalInt.empty(),
                "workload",
                run.workload().mix(),
                1,
                telemetry,
                run.cpu().cores());
        return new SealedPrediction.Answer(
                condition.name(),
                SealedPrediction.Answer.NO_WINDOW,
                condition.mixName(),
                condition.requestsPerSecond(),
                predictor.answer(condition).stream()
                        .filter(f -> f.quantity().equals(Figure.MAX_SUSTAINABLE))
                        .toList());
    }
}
