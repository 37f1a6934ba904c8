package me.musclemap.load.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Sha256;
import me.musclemap.load.record.WholeFile;

/** Has the model predict windows that have not been driven, and keeps the hash of what it said. */
final class SealedByModel implements Calibration.Predictor {
    /** What the model ends with when it refuses. */
    private static final int NOT_VALID = 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunSetup setup;
    private final Lab lab;
    private final Cores cores;

    SealedByModel(RunSetup setup, Lab lab, Cores cores) {
        this.setup = setup;
        this.lab = lab;
        this.cores = cores;
    }

    @Override
    public Calibration.Sealed seal(ObjectNode conditions) {
        var directory = setup.directory();
        var asked = directory.resolve("conditions.json");
        var sealed = directory.resolve("prediction.json");
        try {
            WholeFile.write(asked, conditions.toPrettyString() + "\n");
        } catch (IOException e) {
            throw LabException.failed(asked + ": cannot be written: " + e.getMessage());
        }
        var command = setup.programs()
                .room(
                        "capacity-model",
                        Programs.ROOM,
                        List.of(
                                "predict",
                                asked.toString(),
                                "--run",
                                directory.toString(),
                                "--out",
                                sealed.toString()));
        var log = setup.logs().resolve("predict.log");
        var answer = OneShot.attempt("capacity predict", cores.pinGenerator(), command, log, lab::isSignalled);
        if (answer.exitCode() == NOT_VALID) {
            return new Calibration.Sealed(null, OneShot.lastLine(answer.stderr()));
        }
        if (answer.exitCode() != 0) {
            throw LabException.failed("capacity predict: ended with exit code " + answer.exitCode() + ": "
                    + OneShot.lastLine(answer.stderr()) + " (log: " + log + ")");
        }
        return new Calibration.Sealed(
                new RunRecord.Prediction("prediction.json", hash(answer.stdout(), sealed), System.currentTimeMillis()),
                "");
    }

    /** What the model says it sealed, which must be what lies there. */
    private static String hash(String said, Path sealed) {
        try {
            var sha256 = JSON.readTree(said).path("sha256").asText();
            if (!Sha256.of(sealed).equals(sha256)) {
                throw LabException.failed(
                        "capacity predict: says it sealed " + sha256 + ", but " + sealed + " is another file");
            }
            return sha256;
        } catch (JsonProcessingException e) {
            throw LabException.failed("capacity predict: its answer is not JSON: " + said.strip());
        } catch (IOException e) {
            throw LabException.failed(sealed + ": cannot be read: " + e.getMessage());
        }
    }
}
