package me.musclemap.capacity.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.SimulatedCampaign.World;
import me.musclemap.capacity.validate.HeldOutComparison;
import org.junit.jupiter.api.Test;

class ResponseTest {
    private static final World WORLD = World.plain().withNoise(0.01, 1);

    @Test
    void theFormulaAgreesWithASimulationOfTheSameCores() {
        RunRecord run = SimulatedCampaign.record(WORLD, 1);
        for (double cores : new double[] {1, 2}) {
            for (double busy : new double[] {0.3, 0.6, 0.85}) {
                double rate = SimulatedCampaign.rateAt(WORLD, busy / 1.0) * cores;
                FormulaCheck.Both both = FormulaCheck.at(WORLD.truth(), TrafficMix.of(run), rate, cores, 5)
                        .orElseThrow();
                assertThat(both.disagreement()).as(cores + " cores " + busy).isLessThan(0.08);
                assertThat(both.formulaP99()).isCloseTo(both.simulatedP99(), withinPercentage(10));
                assertThat(both.simulatedP99()).isGreaterThan(both.simulatedP95());
            }
        }
    }

    @Test
    void oneCoreSharedHasTheExactMean() {
        RunRecord run = SimulatedCampaign.record(WORLD, 1);
        TrafficMix mix = TrafficMix.of(run);
        var sharing = ProcessorSharing.of(WORLD.truth(), mix, 0.75, 1);
        double cpu = 0;
        for (int c = 0; c < 4; c++) {
            cpu += mix.perRequest()[c] * WORLD.truth().totalDemandAt(c, 0.75);
        }
        assertThat(sharing.mean()).isCloseTo(cpu / 0.25, within(1e-12));
        assertThat(sharing.quantile(0.99)).isGreaterThan(sharing.quantile(0.95)).isGreaterThan(sharing.mean());
    }

    @Test
    void aPredictionFromLowLoadMeetsWindowsItHasNotSeen() {
        RunRecord run = SimulatedCampaign.record(WORLD, 2);
        double knee = run.probe().orElseThrow().kneePerSecond();
        FittedRun fitted = FittedRun.of(run, Selection.of(run, Set.of("fit"), 0.601 * knee), 60, 4);
        var predictor = new Predictor(fitted, 5);
        List<SealedPrediction.Answer> answers = run.windows().stream()
                .filter(w -> w.role().equals("held-out"))
                .map(w -> {
                    double telemetry = w.telemetryPerSecond();
                    var condition = new Condition(
                            "w" + w.index(),
                            OptionalInt.of(w.index()),
                            w.mixName(),
                            shares(w),
                            w.offeredPerSecond(),
                            telemetry,
                            1);
                    return new SealedPrediction.Answer(
                            condition.name(),
                            w.index(),
                            w.mixName(),
                            w.offeredPerSecond(),
                            predictor.answer(condition));
                })
                .toList();
        var sealed = new SealedPrediction(run.id(), 19, java.util.OptionalDouble.of(knee), answers);
        var compared = HeldOutComparison.of(run, sealed, sealed.sha256()).orElseThrow();
        assertThat(compared.windows()).hasSize(4);
        var utilisation = compared.error("utilisation").orElseThrow();
        assertThat(utilisation.model().orElseThrow().median())
                .isLessThan(0.03)
                .isLessThan(utilisation.straightLine().orElseThrow().median());
        assertThat(compared.error("meanResponse")
                        .orElseThrow()
                        .model()
                        .orElseThrow()
                        .median())
                .isLessThan(0.15);
        assertThat((double) compared.inside() / compared.of()).isGreaterThan(0.7);
    }

    @Test
    void aHeldOutWindowWithAStrangersWorkAnswersNothing() {
        RunRecord run = SimulatedCampaign.record(WORLD, 2);
        int spoilt = run.windows().size() - 1;
        var sealed = new SealedPrediction(
                run.id(),
                19,
                java.util.OptionalDouble.empty(),
                run.windows().stream()
                        .filter(w -> w.role().equals("held-out"))
                        .map(w -> new SealedPrediction.Answer("w", w.index(), "m", 100, List.of()))
                        .toList());
        RunRecord disturbed = SimulatedCampaign.withForeignLoad(run, Map.of(spoilt, 0.5));
        assertThat(HeldOutComparison.of(disturbed, sealed, "").orElseThrow().windows())
                .extracting(HeldOutComparison.Row::window)
                .hasSize(3)
                .doesNotContain(spoilt);
    }

    @Test
    void theStraightLineIsFittedToCpuWithoutCompilationLikeWhatItIsComparedWith() {
        RunRecord run = SimulatedCampaign.record(WORLD, 2);
        RunRecord warming = SimulatedCampaign.changed(
                run,
                (w, station, usage) -> new me.musclemap.capacity.measure.StationUse.Usage(
                        usage.cpuSeconds() + 0.04 * w.durationSeconds(),
                        0.04 * w.durationSeconds(),
                        usage.residentBytes()));
        assertThat(line(warming).at(200)).isCloseTo(line(run).at(200), within(1e-9));
    }

    private static Baselines.Line line(RunRecord run) {
        return Baselines.of(Selection.of(run, Set.of("fit"), 1e9).loaded(), 5).total();
    }

    private static Map<String, Double> shares(me.musclemap.capacity.measure.Window window) {
        var shares = new java.util.HashMap<String, Double>();
        window.finished().forEach((operation, count) -> {
            if (!operation.startsWith("telemetry")) {
                shares.put(operation.replace("Operation", ""), count.doubleValue());
            }
        });
        return shares;
    }

    @Test
    void aSealedPredictionReadsBackAsItWas() {
        RunRecord run = SimulatedCampaign.record(WORLD, 3);
        FittedRun fitted = FittedRun.of(run, Selection.of(run, Set.of("fit"), 1e9), 30, 4);
        var condition = new Condition(
                "a", OptionalInt.of(20), "workload", run.workload().mix(), 100, 90, 1);
        var sealed = new SealedPrediction(
                run.id(),
                19,
                java.util.OptionalDouble.empty(),
                List.of(new SealedPrediction.Answer(
                        "a", 20, "workload", 100, new Predictor(fitted, 5).answer(condition))));
        var back = SealedPrediction.read(
                "prediction.json", new String(sealed.canonicalBytes(), java.nio.charset.StandardCharsets.UTF_8));
        assertThat(back.sha256()).isEqualTo(sealed.sha256());
        assertThat(back.answers().get(0).figure(Figure.UTILISATION, Optional.empty()))
                .isPresent();
    }
}
