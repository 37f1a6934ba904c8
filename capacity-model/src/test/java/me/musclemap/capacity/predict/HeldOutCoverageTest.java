package me.musclemap.capacity.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import me.musclemap.capacity.fit.LoadForm;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.SimulatedCampaign.World;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.validate.HeldOutComparison;
import me.musclemap.capacity.validate.HeldOutComparison.Compared;
import org.junit.jupiter.api.Test;

/**
 * Predictions from windows up to 60 % of the knee against held-out ones at 65 to 90 %, in worlds that the model describes and in
 * worlds that it does not. In those the right answer is an interval that is wide enough, or that the model no longer fits.
 */
class HeldOutCoverageTest {
    private static final int CAMPAIGNS = 24;
    private static final int DRAWS = 30;

    @Test
    void predictedUtilisationHoldsTheWindowsInAWorldThatTheModelDescribes() {
        // 96 figures of 24 fits; those of one fit are off together, so the room is that of some 40 independent ones.
        assertThat(coverage(World.plain())).isBetween(0.77, 0.99);
    }

    @Test
    void heavyTailsMakeTheIntervalsWiderAndTheyStillHold() {
        assertThat(coverage(World.plain().withNoise(0.05, 10))).isBetween(0.77, 0.995);
    }

    @Test
    void codeThatIsStillBeingCompiledDoesNotSpoilThePrediction() {
        assertThat(coverage(World.plain().withDrift(-0.2))).isBetween(0.75, 0.99);
    }

    @Test
    void aMachineThatSlowsDownIsNotAnsweredWithConfidence() {
        assertThat(honest(World.plain().withDrift(0.3))).isGreaterThan(0.6);
    }

    @Test
    void aHiddenLockShowsInWhatTheHighestWindowsStrayByAndMakesTheIntervalsWider() {
        double plain = formSpread(World.plain());
        assertThat(formSpread(World.plain().withLock(1.5))).isGreaterThan(0.08).isGreaterThan(2.5 * plain);
    }

    private static double formSpread(World world) {
        return IntStream.range(0, CAMPAIGNS)
                .parallel()
                .mapToDouble(i -> fitted(SimulatedCampaign.record(world, 700 + i))
                        .demand()
                        .formSpread())
                .average()
                .orElse(0);
    }

    private static double coverage(World world) {
        long[] counts = IntStream.range(0, CAMPAIGNS)
                .parallel()
                .mapToObj(i -> utilisation(compared(SimulatedCampaign.record(world, 500 + i))))
                .map(figures ->
                        new long[] {figures.stream().filter(Compared::inside).count(), figures.size()})
                .reduce(new long[2], (a, b) -> new long[] {a[0] + b[0], a[1] + b[1]});
        return (double) counts[0] / counts[1];
    }

    /** Share of campaigns that are wide enough for most of their windows, or say that they do not fit. */
    private static double honest(World world) {
        long right = IntStream.range(0, CAMPAIGNS)
                .parallel()
                .filter(i -> {
                    RunRecord run = SimulatedCampaign.record(world, 700 + i);
                    HeldOutComparison said = compared(run);
                    var figures = utilisation(said);
                    long inside = figures.stream().filter(Compared::inside).count();
                    return inside * 2 >= figures.size()
                            || said.noLongerFits()
                            || fitted(run).demand().model().form() == LoadForm.RISING;
                })
                .count();
        return (double) right / CAMPAIGNS;
    }

    static FittedRun fitted(RunRecord run) {
        double knee = run.probe().orElseThrow().kneePerSecond();
        return FittedRun.of(run, Selection.of(run, Set.of("fit"), 0.601 * knee), DRAWS, 4);
    }

    static HeldOutComparison compared(RunRecord run) {
        var predictor = new Predictor(fitted(run), 5);
        var answers = run.windows().stream()
                .filter(w -> w.role().equals("held-out"))
                .map(w -> answer(run, w, predictor))
                .toList();
        var sealed =
                new SealedPrediction(run.id(), 18, OptionalDouble.empty(), answers, Optional.of(predictor.costs()));
        return HeldOutComparison.of(run, sealed, sealed.sha256()).orElseThrow();
    }

    private static SealedPrediction.Answer answer(RunRecord run, Window w, Predictor predictor) {
        Map<String, Double> shares = new HashMap<>();
        w.finished().forEach((operation, n) -> shares.put(operation.replace("Operation", ""), n.doubleValue()));
        var condition = new Condition(
                "w" + w.index(),
                OptionalInt.of(w.index()),
                w.mixName(),
                shares,
                w.offeredPerSecond(),
                w.telemetryPerSecond(),
                1);
        return new SealedPrediction.Answer(
                condition.name(),
                w.index(),
                w.mixName(),
                w.offeredPerSecond(),
                predictor.answer(condition),
                Arrays.stream(condition.trafficMix(run.classes()).rates(w.offeredPerSecond()))
                        .boxed()
                        .toList(),
                predictor.stretch(condition));
    }

    static List<Compared> utilisation(HeldOutComparison said) {
        return said.windows().stream()
                .flatMap(row -> row.figures().stream())
                .filter(c -> c.figure().quantity().equals(Figure.UTILISATION)
                        && c.figure().station().isEmpty())
                .toList();
    }
}
