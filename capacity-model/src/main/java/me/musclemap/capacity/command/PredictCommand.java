package me.musclemap.capacity.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import me.musclemap.capacity.condition.ConditionDocument;
import me.musclemap.capacity.condition.ConditionPredictor;
import me.musclemap.capacity.condition.NamedCondition;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.predict.Condition;
import me.musclemap.capacity.predict.Figure;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.predict.Predictor;
import me.musclemap.capacity.predict.SealedPrediction;
import org.jspecify.annotations.Nullable;
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
                "Answer a load and a machine that nobody has driven, and seal the answer with a hash. One condition (YAML) is "
                        + "answered from all windows, a list (JSON) from those at or below 60 %% of the probe's knee.")
public final class PredictCommand implements Callable<Integer> {
    /** Windows above this share of the probe's knee are kept from the fit: a prediction must reach beyond what it saw. */
    static final double KNEE_SHARE = 0.6;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "CONDITION",
            description =
                    "one condition as YAML, answered for a person; or a list of them as JSON, as the lab writes it")
    private Path conditions;

    @Option(names = "--run", required = true, paramLabel = "DIR", description = "directory of the run record")
    private Path directory;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "where to write the sealed prediction; a list of conditions needs it")
    private @Nullable Path out;

    @Option(names = "--json", description = "print the sealed answer to one condition instead of words")
    private boolean json;

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
        if (draws < 20) {
            throw new MalformedInputException("--draws=" + draws + ": at least 20 are needed for an interval");
        }
        if (!Files.isRegularFile(conditions)) {
            throw new MalformedInputException(conditions + ": no such file: name a condition, or a file of conditions");
        }
        RunRecord run = new RunRecordReader(directory).read();
        String name = String.valueOf(conditions.getFileName());
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return one(run);
        }
        if (out == null) {
            throw new MalformedInputException("--out: is missing: name the file for the sealed prediction");
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

    /** One condition, for a person. */
    private int one(RunRecord run) throws IOException {
        NamedCondition condition = NamedCondition.read(
                conditions.toString(), Files.readString(conditions), run, ConditionPredictor.cacheNames());
        var predictor = new ConditionPredictor(run, Phases.shipped(Map.of()).assumptions(), draws);
        var document = new ConditionDocument(predictor.answer(condition));
        byte[] bytes = document.canonicalBytes();
        if (out != null) {
            RunFiles.write(out, bytes);
        }
        var print = spec.commandLine().getOut();
        if (json) {
            print.print(new String(bytes, StandardCharsets.UTF_8));
        } else {
            document.lines().forEach(print::println);
            print.println();
            print.println("sealed sha256 " + document.sha256() + (out == null ? "; --out FILE keeps it" : " " + out));
        }
        print.flush();
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
        for (Condition each : asked) {
            Condition condition = placed(run, each);
            answers.add(new SealedPrediction.Answer(
                    condition.name(),
                    condition.window().orElse(SealedPrediction.Answer.NO_WINDOW),
                    condition.mixName(),
                    condition.requestsPerSecond(),
                    predictor.answer(condition),
                    Arrays.stream(condition.trafficMix(run.classes()).rates(condition.requestsPerSecond()))
                            .boxed()
                            .toList(),
                    predictor.stretch(condition)));
        }
        answers.add(ownMix(run, predictor, fitted.demand().lastRestart()));
        return new SealedPrediction(
                run.id(), fitted.demand().windows(), rateMax, answers, Optional.of(predictor.costs()));
    }

    /** A condition that does not say in which restart it is driven is in that of its window, where that was driven already. */
    private static Condition placed(RunRecord run, Condition condition) {
        if (condition.restart().isPresent() || condition.window().isEmpty()) {
            return condition;
        }
        return run.windows().stream()
                .filter(w -> w.index() == condition.window().getAsInt())
                .findFirst()
                .map(w -> condition.inRestart(w.restart()))
                .orElse(condition);
    }

    /**
     * The highest rate that the workload's own mix is carried at in the last restart, in which the held-out windows around the
     * knee follow.
     */
    private static SealedPrediction.Answer ownMix(RunRecord run, Predictor predictor, int restart) {
        double telemetry =
                run.workload().telemetryPerSecondPerUser() / run.workload().requestsPerSecondPerUser();
        var condition = new Condition(
                        SealedPrediction.Answer.OWN_MIX,
                        OptionalInt.empty(),
                        "workload",
                        run.workload().mix(),
                        1,
                        telemetry,
                        run.cpu().cores())
                .inRestart(restart);
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
