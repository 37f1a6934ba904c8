package me.musclemap.capacity.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Set;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.SimulatedCampaign.World;
import org.junit.jupiter.api.Test;

class ForeignLoadTest {
    private static final int IDLE = 0;
    private static final World WORLD = World.plain().withNoise(0.005, 0.1);
    private static final RunRecord QUIET = SimulatedCampaign.record(WORLD, 31);

    /** A build ran through the idle window and two of the fitted ones. */
    private static final RunRecord DISTURBED =
            SimulatedCampaign.withForeignLoad(QUIET, Map.of(IDLE, 0.963, 4, 0.3, 9, 0.6));

    private static Selection selection(RunRecord run) {
        return Selection.of(run, Set.of("fit", "held-out"), Double.POSITIVE_INFINITY);
    }

    private static DemandFit fit(RunRecord run) {
        return new DemandFitter(run, 40, 3).fit(selection(run));
    }

    private static double utilisationAtSeventyPercent(DemandModel model) {
        double[] rates = SimulatedCampaign.workloadMix();
        double rate = SimulatedCampaign.rateAt(WORLD, 0.7);
        for (int c = 0; c < rates.length; c++) {
            rates[c] *= rate;
        }
        return model.at(rates, 1).utilisation();
    }

    @Test
    void windowsWithAStrangersWorkAreLeftOutIdleOnesIncluded() {
        Selection selection = selection(DISTURBED);
        assertThat(selection.excluded()).extracting(Selection.Excluded::window).containsExactly(IDLE, 4, 9);
        assertThat(selection.excluded()).allSatisfy(e -> assertThat(e.reason()).startsWith("other processes used 0."));
        assertThat(selection.idle()).isEmpty();
        assertThat(selection(QUIET).excluded()).isEmpty();
    }

    @Test
    void whatAStrangerUsedIsNoPartOfTheCosts() {
        DemandFit fit = fit(DISTURBED);
        assertThat(fit.idleCores()).isEmpty();
        assertThat(fit.model().background()[4]).isLessThan(0.05);
        assertThat(fit.model().form()).isEqualTo(LoadForm.CONSTANT);
        assertThat(utilisationAtSeventyPercent(fit.model())).isCloseTo(0.7, within(0.02));
    }

    @Test
    void aNeighbourWhoNeverStopsIsBackgroundAndNotAFault() {
        RunRecord always = SimulatedCampaign.changed(
                QUIET,
                (w, station, usage) -> station.equals("other")
                        ? new me.musclemap.capacity.measure.StationUse.Usage(0.2 * w.durationSeconds(), 0, 0)
                        : usage);
        assertThat(selection(always).excluded()).isEmpty();
        assertThat(fit(always).model().background()[4]).isCloseTo(0.2, within(0.01));
    }

    @Test
    void theRestOfTheCoresHasOneCostForEveryHeadlineRequest() {
        double[] rest = fit(QUIET).model().demand()[4];
        assertThat(rest[0]).isGreaterThan(0);
        assertThat(rest).containsExactly(rest[0], rest[0], rest[0], rest[0], 0);
    }
}
