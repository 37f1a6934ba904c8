package me.musclemap.capacity.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import me.musclemap.capacity.fit.LoadForm;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.SimulatedCampaign.World;
import me.musclemap.capacity.validate.HeldOutComparison;
import me.musclemap.capacity.validate.HeldOutComparison.Compared;
import org.junit.jupiter.api.Test;

/**
 * Predictions from windows up to 60 % of the knee against held-out ones at 65 to 90 %, in worlds that the model describes and in
 * worlds that it does not. In those the right answer is an interval that is wide enough, or that the model no longer fits. The
 * figures with many more campaigns are printed by {@link CoverageBench}.
 */
class HeldOutCoverageTest {
    private static final int CAMPAIGNS = 160;
    private static final int DRAWS = 60;
    private static final int OF_RESTARTS = 60;

    @Test
    void predictedUtilisationHoldsTheWindowsInAWorldThatTheModelDescribes() {
        assertThat(one(World.plain())).isBetween(0.83, 0.97);
    }

    @Test
    void heavyTailsMakeTheIntervalsWiderAndTheyStillHold() {
        assertThat(one(World.plain().withNoise(0.05, 10))).isBetween(0.83, 0.97);
    }

    @Test
    void codeThatIsStillBeingCompiledDoesNotSpoilThePrediction() {
        assertThat(one(World.plain().withDrift(-0.2))).isBetween(0.8, 0.98);
    }

    @Test
    void withSeveralRestartsTheRateHoldsTheMeanOfThoseToCome() {
        assertThat(several(World.plain(), 0.05).ofTheRate()).isBetween(0.81, 0.985);
    }

    @Test
    void withSeveralRestartsTheLastOneIsPredictedFromItsOwnWindows() {
        assertThat(several(World.plain(), 0.05).ofWindowsInTheLastRestart()).isBetween(0.82, 0.98);
    }

    @Test
    void aRestartOfWhichNothingWasSeenIsPredictedWithWhatRestartsDifferBy() {
        // The four windows of a campaign are off together: some 90 independent ones.
        assertThat(several(World.plain(), 0.05).ofWindowsInARestartToCome()).isBetween(0.8, 0.985);
    }

    @Test
    void growthWithTheDataIsKnownNoBetterThanWhatRestartsDifferBy() {
        assertThat(several(World.plain(), 0.05).ofTheRateAtTwiceTheData(0.05)).isBetween(0.78, 0.99);
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

    private static double one(World world) {
        return new SimulatedCoverage(world, 1, 0, CAMPAIGNS, DRAWS).ofWindowsInTheLastRestart();
    }

    private static SimulatedCoverage several(World world, double spread) {
        return new SimulatedCoverage(world, 5, spread, OF_RESTARTS, DRAWS);
    }

    private static double formSpread(World world) {
        return IntStream.range(0, CAMPAIGNS)
                .parallel()
                .mapToDouble(i -> SimulatedCoverage.demand(SimulatedCampaign.record(world, 700 + i), DRAWS)
                        .formSpread())
                .average()
                .orElse(0);
    }

    /** Share of campaigns that are wide enough for most of their windows, or say that they do not fit. */
    private static double honest(World world) {
        long right = IntStream.range(0, CAMPAIGNS)
                .parallel()
                .filter(i -> {
                    RunRecord run = SimulatedCampaign.record(world, 700 + i);
                    HeldOutComparison said = SimulatedCoverage.compared(run, DRAWS, 0);
                    List<Compared> figures = SimulatedCoverage.utilisation(said);
                    long inside = figures.stream().filter(Compared::inside).count();
                    return inside * 2 >= figures.size()
                            || said.noLongerFits()
                            || SimulatedCoverage.demand(run, DRAWS).model().form() == LoadForm.RISING;
                })
                .count();
        return (double) right / CAMPAIGNS;
    }
}
