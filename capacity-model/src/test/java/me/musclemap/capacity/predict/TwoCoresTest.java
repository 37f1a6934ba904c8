package me.musclemap.capacity.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import me.musclemap.capacity.fit.DemandFit;
import me.musclemap.capacity.fit.SecondCoreEvidence;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.fit.UnsupportedFitException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.SimulatedCampaign.World;
import me.musclemap.capacity.measure.StationUse;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.validate.HeldOutComparison;
import org.junit.jupiter.api.Test;

/** Windows on two cores that the load generator shares, predicted from windows on one. */
class TwoCoresTest {
    private static final int DRAWS = 60;
    private static final RunRecord RUN = SimulatedCampaign.onTwoCores(World.plain(), 0.5, 3);

    @Test
    void utilisationAndThroughputArePredictedWithTheGeneratorAsAStation() {
        HeldOutComparison said = SimulatedCoverage.compared(RUN, DRAWS, 1);
        assertThat(said.windows()).hasSize(6).allSatisfy(row -> {
            assertThat(row.place().cores()).isEqualTo(2);
            assertThat(row.place().own()).isFalse();
            assertThat(row.figures())
                    .extracting(c -> c.figure().quantity())
                    .containsOnly(Figure.UTILISATION, Figure.THROUGHPUT);
            assertThat(row.figures())
                    .extracting(c -> c.figure().station())
                    .contains(Optional.of("generator"))
                    .doesNotContain(Optional.of("other"));
        });
        assertThat(said.errors())
                .extracting(HeldOutComparison.ErrorRow::quantity)
                .containsExactly("utilisation", "throughput");
        assertThat(said.errors().get(0).model().orElseThrow().median()).isLessThan(0.02);
        assertThat(said.error("utilisation"))
                .as("the errors at one core are others")
                .isEmpty();
    }

    @Test
    void coresThatAreThreadsOfOneAreMissedWithoutTheProbeAndMetWithIt() {
        int met = 0;
        int missed = 0;
        int of = 0;
        for (int seed = 3; seed < 8; seed++) {
            RunRecord probed = SimulatedCampaign.onTwoCores(World.plain(), 0.15, 1.5, seed);
            RunRecord blind = SimulatedCampaign.secondCore(probed, Optional.empty());
            HeldOutComparison said = SimulatedCoverage.compared(probed, DRAWS, 1);
            HeldOutComparison saidBlindly = SimulatedCoverage.compared(blind, DRAWS, 1);
            double error = said.errors().get(0).model().orElseThrow().median();
            double blindly = saidBlindly.errors().get(0).model().orElseThrow().median();
            assertThat(error).isLessThan(0.035).isLessThan(blindly / 2);
            assertThat(blindly).isGreaterThan(0.06);
            met += said.errors().get(0).inside();
            missed += saidBlindly.errors().get(0).inside();
            of += said.errors().get(0).count();
        }
        assertThat(met).as("of %d utilisations of both cores, inside 90 %%", of).isGreaterThanOrEqualTo(of * 8 / 10);
        assertThat(missed).isLessThanOrEqualTo(of / 3);
    }

    @Test
    void theProbeChangesNothingOnTheCoresThatWereFitted() {
        RunRecord probed = SimulatedCampaign.onTwoCores(World.plain(), 0.15, 1.5, 3);
        RunRecord blind = SimulatedCampaign.secondCore(probed, Optional.empty());
        assertThat(SimulatedCoverage.compared(probed, DRAWS, 0).windows())
                .isEqualTo(SimulatedCoverage.compared(blind, DRAWS, 0).windows());
    }

    @Test
    void aPlanLearnsWhatASecondCoreCostsFromTheWindowsOnTwoCoresAndAPredictionOfThemDoesNot() {
        RunRecord blind = SimulatedCampaign.secondCore(
                SimulatedCampaign.onTwoCores(World.plain(), 0.15, 1.5, 3), Optional.empty());
        SecondCoreEvidence sealing = SimulatedCoverage.demand(blind, DRAWS).secondCore();
        assertThat(sealing.source()).isEqualTo(SecondCoreEvidence.Source.NONE);
        assertThat(sealing.ratio()).isEmpty();
        DemandFit planning = demandOfAll(blind);
        assertThat(planning.secondCore().source()).isEqualTo(SecondCoreEvidence.Source.DRIVEN);
        assertThat(planning.secondCore().windows()).isEqualTo(6);
        RunRecord.CoreRatio ratio = planning.secondCore().ratio().orElseThrow();
        assertThat(ratio.ratio()).isBetween(1.4, 1.6);
        assertThat(ratio.low()).isLessThan(1.5);
        assertThat(ratio.high()).isGreaterThan(1.5);
        double[] rates = {200, 40, 60, 4, 180};
        assertThat(planning.model().at(rates, 2).utilisation())
                .isGreaterThan(1.1
                        * SimulatedCoverage.demand(blind, DRAWS)
                                .model()
                                .at(rates, 2)
                                .utilisation());
    }

    @Test
    void windowsOnTwoWholeCoresSayThatTheSecondCostsNothing() {
        RunRecord.CoreRatio ratio = demandOfAll(RUN).secondCore().ratio().orElseThrow();
        assertThat(ratio.ratio()).isBetween(0.95, 1.05);
        assertThat(ratio.low()).isLessThan(1);
    }

    private static DemandFit demandOfAll(RunRecord run) {
        Selection all = Selection.of(run, Set.of("fit", "held-out"), Double.POSITIVE_INFINITY);
        return FittedRun.of(run, all, DRAWS, 4).demand();
    }

    @Test
    void aProbeThatIsUnsureMakesIntervalsOnTwoCoresWider() {
        RunRecord sure = SimulatedCampaign.onTwoCores(World.plain(), 0.15, 1.5, 3);
        RunRecord unsure = SimulatedCampaign.secondCore(sure, Optional.of(new RunRecord.CoreRatio(1.5, 1.2, 1.9)));
        assertThat(width(unsure)).isGreaterThan(1.5 * width(sure));
    }

    private static double width(RunRecord run) {
        return SimulatedCoverage.compared(run, DRAWS, 1).windows().stream()
                .flatMap(row -> row.figures().stream())
                .filter(c -> c.figure().quantity().equals(Figure.UTILISATION)
                        && c.figure().station().isEmpty())
                .mapToDouble(c ->
                        c.figure().predicted().high() - c.figure().predicted().low())
                .sum();
    }

    @Test
    void theSumIsOfTheStationsAndTheGeneratorAndLeavesOutTheLab() {
        HeldOutComparison said = SimulatedCoverage.compared(RUN, DRAWS, 1);
        for (HeldOutComparison.Row row : said.windows()) {
            Window window = RUN.windows().get(row.window());
            StationUse use = window.use().orElseThrow();
            double seconds = use.stations().entrySet().stream()
                    .filter(e -> !e.getKey().equals("other"))
                    .mapToDouble(e -> e.getValue().cpuSeconds())
                    .sum();
            double measured = row.figures().stream()
                    .filter(c -> c.figure().quantity().equals(Figure.UTILISATION)
                            && c.figure().station().isEmpty())
                    .findFirst()
                    .orElseThrow()
                    .measured();
            assertThat(measured).isCloseTo(seconds / window.durationSeconds() / 2, withinRounding());
        }
    }

    @Test
    void whatIsMissedOnTwoCoresDoesNotRefuseAModelThatFitsWhereItWasFitted() {
        RunRecord dear = SimulatedCampaign.changed(
                RUN,
                (w, station, use) -> new StationUse.Usage(
                        use.cpuSeconds() * (w.cores() > 1 ? 1.6 : 1), use.jitSeconds(), use.residentBytes()));
        HeldOutComparison said = SimulatedCoverage.compared(dear, DRAWS, w -> true);
        HeldOutComparison.Place twoCores =
                said.windows().get(said.windows().size() - 1).place();
        assertThat(said.noLongerFits()).isFalse();
        assertThat(said.ownWindows()).isEqualTo(said.windows().size() - 6).isPositive();
        assertThat(said.ownCoverage().of() + said.coverage(twoCores).of()).isEqualTo(said.of());
        assertThat(said.ownCoverage().inside() + said.coverage(twoCores).inside())
                .isEqualTo(said.inside());
        assertThat(2 * said.ownCoverage().inside())
                .isGreaterThan(said.ownCoverage().of());
        assertThat(SimulatedCoverage.compared(dear, DRAWS, 1).noLongerFits())
                .as("nothing else was driven")
                .isTrue();
    }

    private static org.assertj.core.data.Offset<Double> withinRounding() {
        return org.assertj.core.data.Offset.offset(1e-9);
    }

    @Test
    void windowsOnTwoCoresAreNeverFitted() {
        Selection all = Selection.of(RUN, Set.of("fit", "held-out"), Double.POSITIVE_INFINITY);
        assertThat(all.loaded()).allMatch(o -> o.window().cores() == 1);
        assertThat(all.excluded()).hasSize(6).allMatch(e -> e.reason().contains("on 2 cores"));
        assertThat(RUN.windowsOnItsCores()).hasSize(RUN.windows().size() - 6);
    }

    @Test
    void aGeneratorThatNobodyWatchedIsNotGuessed() {
        RunRecord unwatched = SimulatedCampaign.record(World.plain(), 3);
        var predictor = new Predictor(SimulatedCoverage.fitted(unwatched, DRAWS), 5);
        var condition = new Condition(
                "two",
                OptionalInt.empty(),
                "workload",
                unwatched.workload().mix(),
                300,
                270,
                2,
                Map.of(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                true);
        assertThatThrownBy(() -> predictor.answer(condition))
                .isInstanceOf(UnsupportedFitException.class)
                .hasMessageContaining("generator");
    }

    @Test
    void whatIsSealedIsReadBackWithTheGeneratorTheGrowthAndTheSecondCore() {
        FittedRun fitted = SimulatedCoverage.fitted(SimulatedCampaign.onTwoCores(World.plain(), 0.15, 1.5, 3), DRAWS);
        var costs = new Predictor(fitted, 5).costs();
        var sealed = new SealedPrediction("id", 18, OptionalDouble.empty(), java.util.List.of(), Optional.of(costs));
        SealedPrediction read = SealedPrediction.read(
                "prediction.json", new String(sealed.canonicalBytes(), java.nio.charset.StandardCharsets.UTF_8));
        double[] rates = {100, 20, 30, 2, 90};
        assertThat(read.costs().orElseThrow().utilisationBeside(rates, 2, 200_000))
                .containsExactly(costs.utilisationBeside(rates, 2, 200_000));
    }
}
