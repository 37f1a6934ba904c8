package me.musclemap.capacity.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.SimulatedCampaign.World;
import me.musclemap.capacity.measure.Window;
import org.junit.jupiter.api.Test;

/** A rented machine whose hypervisor always takes some of the core. */
class StealTest {
    private static final World WORLD = World.plain();
    private static final double[] MIX = {0.56, 0.14, 0.28, 0.02, 0.9};

    private static DemandFit fit(RunRecord run) {
        return new DemandFitter(run, 60, 3).fit(selection(run));
    }

    private static Selection selection(RunRecord run) {
        return Selection.of(run, Set.of("fit"), Double.POSITIVE_INFINITY);
    }

    private static double request(DemandModel model) {
        double cost = 0;
        for (int c = 0; c < MIX.length; c++) {
            cost += MIX[c] * model.totalDemandAt(c, 0.5);
        }
        return cost;
    }

    /** Neighbours are busy when our users are: more is taken the higher the rate. */
    private static Map<Integer, Double> rising(RunRecord run, double low, double high) {
        double most = run.windows().stream()
                .mapToDouble(Window::offeredPerSecond)
                .max()
                .orElseThrow();
        var steal = new HashMap<Integer, Double>();
        run.windows()
                .forEach(w -> steal.put(
                        w.index(),
                        low
                                + (high - low) * w.offeredPerSecond() / most * 0.7
                                + (high - low) * 0.3 * (w.index() * 7 % 10) / 10.0));
        return steal;
    }

    @Test
    void aMachineThatAlwaysLosesThreePercentIsFittedWhereItsRecordIsProductions() {
        RunRecord quiet = SimulatedCampaign.record(WORLD, 11);
        var steady = new HashMap<Integer, Double>();
        quiet.windows().forEach(w -> steady.put(w.index(), 0.03));
        RunRecord lab = SimulatedCampaign.withSteal(quiet, steady, 0.03, 0, false);
        assertThatThrownBy(() -> fit(lab))
                .isInstanceOf(UnsupportedFitException.class)
                .hasMessageContaining("steal 3.0 % is above 2 %");
        RunRecord production = SimulatedCampaign.withSteal(quiet, steady, 0.03, 0, true);
        assertThat(production.usualSteal().orElseThrow()).isCloseTo(0.03, within(1e-12));
        assertThat(production.cpu().cores()).isCloseTo(0.97, within(1e-12));
        assertThat(production.windowsOnItsCores()).hasSameSizeAs(production.windows());
        assertThat(selection(production).loaded())
                .hasSameSizeAs(selection(quiet).loaded());
        assertThat(request(fit(production).model()))
                .isCloseTo(request(fit(quiet).model()), within(1e-9));
    }

    @Test
    void costsAreThoseAtTheUsualStealThoughDearerWindowsHadMore() {
        double truth = request(WORLD.truth());
        for (long seed = 1; seed <= 3; seed++) {
            RunRecord quiet = SimulatedCampaign.record(WORLD, seed);
            Map<Integer, Double> steal = rising(quiet, 0.02, 0.22);
            double usual = SimulatedCampaign.withSteal(quiet, steal, 0, 0, true)
                    .usualSteal()
                    .orElseThrow();
            RunRecord production = SimulatedCampaign.withSteal(quiet, steal, usual, 1.5, true);
            DemandModel fitted = fit(production).model();
            assertThat(request(fitted)).as("seed " + seed).isCloseTo(truth, within(0.05 * truth));
        }
    }

    @Test
    void aWindowThatLostAThirdOfItsCoresIsLeftOutOfProductionToo() {
        RunRecord quiet = SimulatedCampaign.record(WORLD, 5);
        int spoilt = selection(quiet).loaded().get(4).window().index();
        RunRecord production = SimulatedCampaign.withSteal(quiet, Map.of(spoilt, 0.35), 0, 0, true);
        assertThat(selection(production).excluded())
                .contains(new Selection.Excluded(spoilt, "steal 35.0 % is above 30 %"));
    }
}
