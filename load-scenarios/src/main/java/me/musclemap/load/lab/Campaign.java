package me.musclemap.load.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import me.musclemap.load.record.WholeFile;
import me.musclemap.load.validity.CalibrationChecks;
import me.musclemap.load.validity.OfGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The restarts of one calibration: which are done, and what those that follow need to know of them. It is kept in
 * {@code campaign.json} beside the record, so that an interrupted one goes on with the restart that was cut short. Not
 * thread-safe.
 */
final class Campaign {
    private static final String FILE = "campaign.json";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** What a person asked for, as far as the record does not say it. */
    record Asked(String workload, boolean quick, boolean full, boolean shareCores) {}

    /**
     * What the restarts so far came to.
     *
     * @param done how many came to their end
     * @param later held-out windows that are sealed and not yet driven
     * @param generator what the generator said of itself, by window
     */
    record Outcome(
            int done,
            boolean warmedUp,
            List<String> warmUps,
            @Nullable Placement placement,
            String notPredicted,
            List<Windows.Plan> later,
            boolean targetUnchanged,
            Map<String, Long> failures,
            int spoiltByMachine,
            Map<Integer, OfGenerator> generator) {
        Outcome {
            warmUps = List.copyOf(warmUps);
            later = List.copyOf(later);
            failures = Map.copyOf(failures);
            generator = Map.copyOf(generator);
        }

        static Outcome none() {
            return new Outcome(0, true, List.of(), null, "", List.of(), true, Map.of(), 0, Map.of());
        }

        Outcome with(
                Calibration.Result result,
                boolean unchanged,
                Map<String, Long> moreFailures,
                int moreSpoilt,
                Map<Integer, OfGenerator> moreOfGenerator) {
            var ofGenerator = new TreeMap<>(generator);
            ofGenerator.putAll(moreOfGenerator);
            var words = new ArrayList<>(warmUps);
            words.add(result.warmUp());
            var reasons = new TreeMap<>(failures);
            moreFailures.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
            return new Outcome(
                    done + 1,
                    warmedUp && result.warmedUp(),
                    words,
                    result.placement(),
                    notPredicted.isEmpty() ? result.notPredicted() : notPredicted,
                    result.later(),
                    targetUnchanged && unchanged,
                    reasons,
                    spoiltByMachine + moreSpoilt,
                    ofGenerator);
        }
    }

    private record Saved(Asked asked, Outcome outcome) {}

    private final Path file;
    private final Asked asked;
    private final List<Restart> restarts;
    private Outcome outcome;

    private Campaign(Path file, Asked asked, List<Restart> restarts, Outcome outcome) {
        this.file = file;
        this.asked = asked;
        this.restarts = restarts;
        this.outcome = outcome;
    }

    /** A new one in the directory of its run. */
    static Campaign begin(Path directory, Options options) {
        var asked = new Asked(options.workload(), options.quick(), options.full(), options.shareCores());
        return new Campaign(directory.resolve(FILE), asked, restarts(options), Outcome.none());
    }

    /** The restarts that these options ask for. */
    static List<Restart> restarts(Options options) {
        return options.full()
                ? Restart.full(options.users(), options.workouts(), options.shareCores())
                : Restart.one(options.users(), options.workouts());
    }

    /** What was asked of the interrupted run in this directory. */
    static Asked asked(Path directory) {
        return read(directory.resolve(FILE)).asked();
    }

    /** How many phases of the interrupted run in this directory are left. */
    static int phasesLeft(Path directory) {
        var saved = read(directory.resolve(FILE));
        return Restart.full(1, 0, saved.asked().shareCores()).stream()
                .skip(saved.outcome().done())
                .mapToInt(Restart::phases)
                .sum();
    }

    /** Goes on with the interrupted run in this directory. */
    static Campaign resume(Path directory, Options options) {
        var saved = read(directory.resolve(FILE));
        return new Campaign(directory.resolve(FILE), saved.asked(), restarts(options), saved.outcome());
    }

    private static Saved read(Path file) {
        try {
            return JSON.readValue(file.toFile(), Saved.class);
        } catch (JsonProcessingException e) {
            throw LabException.wrongArguments(
                    file + ": cannot be read (" + e.getOriginalMessage() + "): start the calibration anew");
        } catch (IOException e) {
            throw LabException.wrongArguments(
                    file + ": not there: only an interrupted calibration with --full can be resumed");
        }
    }

    /** The restart that is due, or empty when all are done. */
    Optional<Restart> next() {
        return outcome.done() < restarts.size() ? Optional.of(restarts.get(outcome.done())) : Optional.empty();
    }

    Outcome outcome() {
        return outcome;
    }

    /** Notes that the restart that was due is done. */
    void done(
            Calibration.Result result,
            boolean unchanged,
            Map<String, Long> failures,
            int spoiltByMachine,
            Map<Integer, OfGenerator> generator) {
        outcome = outcome.with(result, unchanged, failures, spoiltByMachine, generator);
        save();
    }

    /** Writes down what was asked and what is done; a run of one restart has nothing to go on with. */
    void save() {
        if (!asked.full()) {
            return;
        }
        try {
            WholeFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Saved(asked, outcome)));
        } catch (IOException e) {
            throw LabException.failed(file + ": cannot be written (" + e.getMessage()
                    + "): the record so far is kept as partial; make room and resume");
        }
    }

    /** What the checks have to know of all restarts. */
    CalibrationChecks.Observations observations() {
        var placement = outcome.placement();
        return new CalibrationChecks.Observations(
                outcome.warmedUp(),
                String.join("; ", outcome.warmUps()),
                placement != null && placement.reached(),
                placement == null ? "no probe" : placement.rule(),
                outcome.notPredicted(),
                outcome.targetUnchanged(),
                outcome.failures(),
                outcome.spoiltByMachine(),
                outcome.generator(),
                asked.quick());
    }
}
