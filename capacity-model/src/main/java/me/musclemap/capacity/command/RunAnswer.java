package me.musclemap.capacity.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.claims.Claims;
import me.musclemap.capacity.forecast.PeakSeries;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.plan.CapacityAnswer;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.plan.Planner;
import me.musclemap.capacity.predict.SealedPrediction;
import org.jspecify.annotations.Nullable;

/** Reads what a plan is made from. */
final class RunAnswer {
    private static final int DRAWS_MIN = 20;

    private RunAnswer() {}

    static RunRecord record(Path directory, int draws) throws IOException {
        if (draws < DRAWS_MIN) {
            throw new MalformedInputException(
                    "--draws=" + draws + ": at least " + DRAWS_MIN + " are needed for an interval");
        }
        return new RunRecordReader(directory).read();
    }

    /** The plan that ships, or another, with some values replaced. */
    static Phases phases(@Nullable Path file, Map<String, String> settings) throws IOException {
        return file == null ? Phases.shipped(settings) : Phases.read(file.toString(), plan(file), settings);
    }

    /** The text of the plan that ships, or of another. */
    static String plan(@Nullable Path file) throws IOException {
        if (file == null) {
            return Phases.shippedText();
        }
        if (!Files.isRegularFile(file)) {
            throw new MalformedInputException(file + ": no such file: name a plan as YAML");
        }
        return RunFiles.text(file);
    }

    /** The answer of a run without a comparison. */
    static CapacityAnswer of(RunRecord run, Phases phases, int draws, Optional<PeakSeries> peaks) {
        return new Planner(run, phases, Claims.shipped(), draws, OptionalDouble.empty(), peaks)
                .answer(Optional.empty(), "");
    }

    /** A prediction and the hash of its bytes. */
    record Sealed(Optional<SealedPrediction> prediction, String sha256) {}

    /**
     * The prediction that run.json names, checked against the hash that was sealed before the windows that answer it.
     *
     * @param other where run.json names none
     */
    static Sealed sealed(Path directory, RunRecord run, @Nullable Path other) throws IOException {
        if (run.prediction().isEmpty()) {
            return other == null ? new Sealed(Optional.empty(), "") : sealed(bytes(other));
        }
        RunRecord.SealedPrediction named = run.prediction().get();
        byte[] bytes = bytes(directory.resolve(named.file()));
        if (!RunRecordReader.sha256(bytes).equals(named.sha256())) {
            throw new MalformedInputException(
                    named.file()
                            + ": its sha256 is not the one that run.json sealed: the prediction was changed after the windows were driven");
        }
        return sealed(bytes);
    }

    private static Sealed sealed(byte[] bytes) {
        return new Sealed(
                Optional.of(SealedPrediction.read("prediction.json", new String(bytes, StandardCharsets.UTF_8))),
                RunRecordReader.sha256(bytes));
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new MalformedInputException(file + ": no such file: restore the prediction or record the run again");
        }
        return Files.readAllBytes(file);
    }
}
