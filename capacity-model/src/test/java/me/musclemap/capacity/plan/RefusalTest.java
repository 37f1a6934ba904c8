package me.musclemap.capacity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import me.musclemap.capacity.claims.Claims;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.ExampleRecord;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.SimulatedCampaign.World;
import me.musclemap.capacity.measure.StationUse;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.uncertainty.Quantiles;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static final double CPU_LIMIT = 0.7;
    private static final Quantiles NARROW = new Quantiles(280, 300, 320);
    private static final RunRecord SOUND =
            SimulatedCampaign.record(World.plain().withNoise(0.005, 0.1), 41);

    private static Optional<String> refusal(RunRecord run, Quantiles rate) {
        Selection selection = Selection.of(run, Set.of("fit", "held-out"), Double.POSITIVE_INFINITY);
        return new Refusal(FittedRun.of(run, selection, 20, 1), CPU_LIMIT).of(rate);
    }

    /** Somebody else has most of the core in every window. */
    private static RunRecord crowded() {
        return SimulatedCampaign.changed(
                SOUND,
                (w, station, usage) ->
                        station.equals("other") ? new StationUse.Usage(0.8 * w.durationSeconds(), 0, 0) : usage);
    }

    @Test
    void aSoundFitIsAnswered() {
        assertThat(refusal(SOUND, NARROW)).isEmpty();
    }

    @Test
    void aBackgroundAboveTheLimitIsRefused() {
        assertThat(refusal(crowded(), NARROW).orElseThrow()).contains("busy without a request");
    }

    @Test
    void aCapacityThatIsUncertainByMoreThanTwentyfoldIsRefused() {
        assertThat(refusal(SOUND, new Quantiles(10, 150, 199))).isEmpty();
        assertThat(refusal(SOUND, new Quantiles(10, 150, 201)).orElseThrow()).contains("factor of 20");
        assertThat(refusal(SOUND, new Quantiles(0, 0, 288))).isPresent();
    }

    @Test
    void aRateThatWasServedWithCoresToSpareContradictsALowerCapacity() {
        RunRecord run = SimulatedCampaign.record(
                World.plain().withNoise(0.005, 0.1).withFixedMix().withFitWindows(30), 42);
        assertThat(refusal(run, NARROW)).isEmpty();
        int last = run.windows().size() - 1;
        // The fullest window used 90 % of the core; now it used 63 %, while the others say what such a rate costs.
        RunRecord easy = SimulatedCampaign.changed(
                run,
                (w, station, usage) -> w.index() == last
                        ? new StationUse.Usage(0.7 * usage.cpuSeconds(), 0, usage.residentBytes())
                        : usage);
        assertThat(refusal(easy, NARROW).orElseThrow()).contains("window " + last + " served");
    }

    @Test
    void aRefusalClaimsNoRateInTitleSentencesPhasesOrThresholds() {
        CapacityAnswer answer = new Planner(
                        crowded(), Phases.shipped(Map.of()), Claims.shipped(), 20, OptionalDouble.of(100))
                .answer(Optional.empty(), "");
        assertThat(answer.quality().label()).isEqualTo("notValid");
        assertThat(answer.quality().reasons().get(0)).startsWith("the model does not fit");
        Verdict verdict = Verdict.of(answer);
        assertThat(verdict.title())
                .startsWith("Not valid: the model does not fit")
                .doesNotContain("requests/s");
        assertThat(String.join(" ", verdict.sentences()))
                .contains("No capacity is claimed")
                .doesNotContain("carries")
                .doesNotContain("req/s");
        assertThat(answer.policy()).isEmpty();
        assertThat(answer.slo()).isEmpty();
        assertThat(answer.curve()).isEmpty();
        assertThat(answer.headroom()).isEmpty();
        assertThat(answer.users()).isEmpty();
        assertThat(answer.thresholds()).isEmpty();
        assertThat(answer.phases())
                .allSatisfy(p -> assertThat(p.stacks())
                        .filteredOn(s -> !s.label().equals("estimated"))
                        .allSatisfy(s -> {
                            assertThat(s.requestsPerSecond()).isEmpty();
                            assertThat(s.binding()).isEmpty();
                            assertThat(s.headroom()).isEmpty();
                            assertThat(s.coresForTarget()).isEmpty();
                            assertThat(s.utilisation()).isEmpty();
                        }));
        assertThat(answer.claims())
                .filteredOn(c -> c.formula().orElse("").matches(".*(policy|slo|reference)\\..*"))
                .isNotEmpty()
                .allSatisfy(c -> assertThat(c.verdict()).isEqualTo("undecided"));
    }

    @Test
    void aRefusedAnswerMeetsTheContractAndHoldsNoPolicyRate() throws IOException {
        CapacityAnswer answer = new Planner(
                        crowded(), Phases.shipped(Map.of()), Claims.shipped(), 20, OptionalDouble.empty())
                .answer(Optional.empty(), "");
        var document = new ObjectMapper().readTree(new CapacityDocument(answer).bytes());
        var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(ExampleRecord.schema()));
        assertThat(schema.validate(document)).isEmpty();
        assertThat(document.at("/capacity/policy").isNull()).isTrue();
        assertThat(document.at("/capacity/slo").isNull()).isTrue();
        assertThat(document.at("/phases/0/stacks/0/coresForTarget").isNull()).isTrue();
    }

    @Test
    void numbersInSentencesHaveThreeDigitsAndNoExponent() {
        assertThat(Verdict.rounded(4.55e-13)).isEqualTo("0.000000000000455");
        assertThat(Verdict.rounded(0.12345)).isEqualTo("0.123");
        assertThat(Verdict.rounded(7)).isEqualTo("7");
        assertThat(Verdict.rounded(99.96)).isEqualTo("100");
        assertThat(Verdict.rounded(123_456)).isEqualTo("123,000");
        assertThat(Verdict.rounded(1.2345e12)).isEqualTo("1,230,000,000,000");
        assertThat(Verdict.rounded(Double.POSITIVE_INFINITY)).isEqualTo("no limit");
    }
}
