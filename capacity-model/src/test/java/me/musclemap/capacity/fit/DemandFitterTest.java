package me.musclemap.capacity.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.SimulatedCampaign.World;
import org.junit.jupiter.api.Test;

class DemandFitterTest {
    private static final World QUIET = World.plain().withNoise(0.0005, 0.001).withFitWindows(30);

    private static final double FIXED_MIX_DEVIATION = 0.0085;

    private static DemandFit fit(RunRecord run) {
        return new DemandFitter(run, 40, 3).fit(Selection.of(run, Set.of("fit", "held-out"), Double.POSITIVE_INFINITY));
    }

    @Test
    void costsOfClassesAreFoundWhereTheMixVaries() {
        DemandFit fit = fit(SimulatedCampaign.record(QUIET, 5));
        DemandModel truth = QUIET.truth();
        for (int s = 0; s < 4; s++) {
            for (int c = 0; c < SimulatedCampaign.CLASSES.size(); c++) {
                assertThat(fit.model().demandAt(s, c, 0.5))
                        .as(SimulatedCampaign.STATIONS.get(s) + " " + SimulatedCampaign.CLASSES.get(c))
                        .isCloseTo(truth.demandAt(s, c, 0.5), within(0.03 * truth.demandAt(s, c, 0.5) + 2e-5));
            }
        }
        assertThat(fit.identifiable()).containsOnly(true);
        assertThat(fit.model().form()).isEqualTo(LoadForm.CONSTANT);
        assertThat(fit.meetsIdle()).containsOnly(true);
    }

    @Test
    void aCostThatFallsUnderLoadIsSeenAgainstTheIdleWindowAndUsed() {
        World world = QUIET.withLoadMillis(0.6);
        DemandFit fit = fit(SimulatedCampaign.record(world, 6));
        assertThat(fit.model().form()).isEqualTo(LoadForm.FALLING);
        assertThat(fit.meetsIdle()[0]).isFalse();
        double[] rates = SimulatedCampaign.workloadMix();
        double rate = SimulatedCampaign.rateAt(world, 0.85);
        for (int c = 0; c < rates.length; c++) {
            rates[c] *= rate;
        }
        assertThat(fit.model().at(rates, 1).utilisation()).isCloseTo(0.85, within(0.01));
        // The cost of a request at half load is above that at full load.
        assertThat(fit.model().totalDemandAt(0, 0.2))
                .isGreaterThan(1.1 * fit.model().totalDemandAt(0, 0.9));
    }

    @Test
    void withOneMixOnlyTheTotalIsKnownAndSaidSo() {
        World world = QUIET.withFixedMix();
        DemandFit fit = fit(SimulatedCampaign.record(world, 7));
        assertThat(fit.conditionNumber().orElseThrow()).isGreaterThan(Design.CONDITION_MAX);
        assertThat(fit.identifiable()).containsOnly(false);
        double[] rates = SimulatedCampaign.workloadMix();
        double rate = SimulatedCampaign.rateAt(world, 0.7);
        for (int c = 0; c < rates.length; c++) {
            rates[c] *= rate;
        }
        // The few logins of a window come by chance, and one column cannot take them off. Over 400 seeds the error had
        // a mean
        // of -0.002 and this deviation, 77 beyond 0.010 and 36 beyond 0.015: what was once a tighter bound failed by
        // chance.
        assertThat(fit.model().at(rates, 1).utilisation()).isCloseTo(0.7, within(3 * FIXED_MIX_DEVIATION));
    }

    @Test
    void codeThatIsStillBeingCompiledIsSeenAndLeftOutOfTheCosts() {
        World cooling = World.plain().withDrift(-0.25);
        double missed = 0;
        double missedWithoutCooling = 0;
        for (int seed = 40; seed < 52; seed++) {
            missed += missed(cooling, seed, 0.75);
            missedWithoutCooling += missed(World.plain(), seed, 1);
        }
        assertThat(missed / 12).isLessThan(0.03);
        // Where nothing is being compiled the same freedom is not taken up, or costs little.
        assertThat(missedWithoutCooling / 12).isLessThan(0.025);
        assertThat(fit(SimulatedCampaign.record(cooling, 40)).warmingRatio()).isBetween(0.15, 0.35);
    }

    /** By how much the fit of windows up to 60 % misses the busy share at 80 % of the knee, in costs as they are in the end. */
    private static double missed(World world, long seed, double endFactor) {
        RunRecord run = SimulatedCampaign.record(world, seed);
        double knee = run.probe().orElseThrow().kneePerSecond();
        DemandFit fit = new DemandFitter(run, 20, 3).fit(Selection.of(run, Set.of("fit"), 0.601 * knee));
        double[] rates = SimulatedCampaign.workloadMix();
        for (int c = 0; c < rates.length; c++) {
            rates[c] *= 0.8 * knee;
        }
        double truth = endFactor * world.truth().at(rates, 1).utilisation();
        return Math.abs(fit.model().at(rates, 1).utilisation() - truth);
    }

    @Test
    void costsThatGrowWithTheDataAreFoundFromRunsAtSeveralSizes() {
        int[] sizes = {50_000, 200_000, 800_000};
        DemandFit fit = fit(SimulatedCampaign.sizes(World.plain(), sizes, 0.05, 3));
        assertThat(fit.model().growth()[1]).isCloseTo(0.05e-3, within(0.015e-3));
        assertThat(fit.model().growth()[0]).isLessThan(0.02e-3);
        double small = fit.model().grownTo(50_000).demandAt(1, 0, 0.5);
        double large = fit.model().grownTo(1_600_000).demandAt(1, 0, 0.5);
        assertThat(large - small).isCloseTo(5 * 0.05e-3, within(0.08e-3));
        DemandFit flat = fit(SimulatedCampaign.record(World.plain(), 3));
        assertThat(flat.model().grownTo(1_600_000))
                .as("one size says nothing of growth")
                .isSameAs(flat.model());
    }

    @Test
    void aHiddenLockMakesIntervalsWiderOrTheFormRise() {
        RunRecord honest = SimulatedCampaign.record(World.plain(), 8);
        RunRecord locked = SimulatedCampaign.record(World.plain().withLock(1.5), 8);
        double width = CoverageTest.capacity(honest).high()
                - CoverageTest.capacity(honest).low();
        double lockedWidth = CoverageTest.capacity(locked).high()
                - CoverageTest.capacity(locked).low();
        assertThat(lockedWidth > 1.3 * width || fit(locked).model().form() == LoadForm.RISING)
                .isTrue();
    }

    @Test
    void driftOfTheMachineMakesTheIntervalWider() {
        double width = width(World.plain());
        assertThat(width(World.plain().withDrift(0.25))).isGreaterThan(1.3 * width);
    }

    private static double width(World world) {
        double width = 0;
        for (int seed = 20; seed < 32; seed++) {
            var interval = CoverageTest.capacity(SimulatedCampaign.record(world, seed));
            width += interval.high() - interval.low();
        }
        return width;
    }

    @Test
    void tooFewWindowsAreRefusedWithTheirNumber() {
        RunRecord run = SimulatedCampaign.record(World.plain(), 10);
        Selection none = Selection.of(run, Set.of("fit"), 1);
        assertThatThrownBy(() -> new DemandFitter(run, 40, 3).fit(none))
                .isInstanceOf(UnsupportedFitException.class)
                .hasMessageContaining("0 windows with load");
    }

    @Test
    void theSameSeedGivesTheSameDraws() {
        RunRecord run = SimulatedCampaign.record(World.plain(), 11);
        assertThat(fit(run).draws().get(17).background())
                .containsExactly(fit(run).draws().get(17).background());
    }
}
