package me.musclemap.capacity.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import me.musclemap.capacity.measure.ExampleRecord;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.plan.Phases;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the record of a real calibration. */
class ConditionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static RunRecord run;
    private static ConditionPredictor predictor;

    @BeforeAll
    static void fitOnce() throws IOException {
        run = new RunRecordReader(ExampleRecord.source().resolveSibling("20261122-191817-423c")).read();
        predictor = new ConditionPredictor(run, Phases.shipped(Map.of()).assumptions(), 40);
    }

    private static NamedCondition condition(String yaml) {
        return NamedCondition.read("c.yaml", "name: c\n" + yaml, run, ConditionPredictor.cacheNames());
    }

    private static ConditionAnswer answer(String yaml) {
        return predictor.answer(condition(yaml));
    }

    @Test
    void whatTheFileLeavesOutIsAsInTheRun() {
        NamedCondition c = condition("requestsPerSecond: 100\n");
        assertThat(c.mix()).isEqualTo(run.workload().mix());
        assertThat(c.cores()).isEqualTo(run.cpu().cores());
        assertThat(c.poolSize()).hasValue(16);
        assertThat(c.activeUsers()).isCloseTo(100 / run.workload().requestsPerSecondPerUser(), within(1e-6));
        assertThat(condition("users: 1000\nrequestsPerSecondPerUser: 0.1\n").requestsPerSecond())
                .isCloseTo(100, within(1e-9));
    }

    @Test
    void aMixByOperationIsAMixOfTheirClasses() {
        NamedCondition c = condition("requestsPerSecond: 9\noperations: {LogSet: 1, Login: 2, Refresh: 1}\n");
        assertThat(c.mix()).isEqualTo(Map.of("write", 1.0, "login", 3.0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "requestsPerSecond: 1\\nreqests: 2|reqests: no such key",
                "cores: 1|requestsPerSecond: give either it or users",
                "requestsPerSecond: 1\\nusers: 2|requestsPerSecond: give either it or users",
                "requestsPerSecond: -1|requestsPerSecond is -1, expected a number above zero",
                "requestsPerSecond: 1\\nmix: {yoga: 1}|expected one of the run's classes, read",
                "requestsPerSecond: 1\\nmix: {telemetry: 1}|telemetryPerRequest says how many",
                "requestsPerSecond: 1\\nmix: {read: 0}|at least one share above zero",
                "requestsPerSecond: 1\\noperations: {Yoga: 1}|expected one of the run's operations",
                "requestsPerSecond: 1\\nmix: {read: 1}\\noperations: {LogSet: 1}|give either it or operations",
                "requestsPerSecond: 1\\npoolSize: 0|poolSize is 0",
                "requestsPerSecond: 1\\npoolSize: 2.5|poolSize is 2.5",
                "requestsPerSecond: 1\\ncores: 0|cores is 0",
                "requestsPerSecond: 1\\ncache: {shoes: {ttlSeconds: 1}}|a cache that there is: activations",
                "requestsPerSecond: 1\\ncache: {tips: {ttl: 1}}|cache.tips.ttl: no such key",
                "requestsPerSecond: 1\\ndataset: {users: 5}|dataset.workouts is missing"
            })
    void whatCannotBeAskedIsSaidInOneLine(String yaml, String message) {
        assertThatThrownBy(() -> condition(yaml.replace("\\n", "\n")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message)
                .hasMessageStartingWith("c.yaml: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void theAnswerHoldsEveryFigureWithItsInterval() throws IOException {
        ConditionAnswer answer = answer("requestsPerSecond: 250\n");
        assertThat(answer.extrapolated()).isFalse();
        assertThat(answer.carried()).isTrue();
        assertThat(answer.policy().perSecond().orElseThrow().mid()).isBetween(250.0, 600.0);
        assertThat(answer.collapse().perSecond().orElseThrow().mid())
                .isGreaterThanOrEqualTo(answer.slo().perSecond().orElseThrow().mid());
        assertThat(answer.limits()).extracting(ConditionAnswer.Limit::name).startsWith("cpu");
        assertThat(answer.cpu()).extracting(ConditionAnswer.StationUse::station).contains("api", "postgres");
        assertThat(answer.response()).hasSize(3).allSatisfy(r -> {
            assertThat(r.formulaSeconds()).isPresent();
            assertThat(r.simulatedSeconds()).isPresent();
        });
        assertThat(answer.simulation().orElseThrow().pausesPerSecond()).isPositive();
        assertThat(answer.caches())
                .extracting(ConditionAnswer.CacheUse::keyClass)
                .contains("user_stats", "leaderboard");
        assertThat(answer.pool().orElseThrow().holdMeasured()).isTrue();

        var document = new ConditionDocument(answer);
        JsonNode json = JSON.readTree(document.canonicalBytes());
        assertThat(json.path("maximum")
                        .path("policy")
                        .path("requestsPerSecond")
                        .path("low")
                        .isNumber())
                .isTrue();
        assertThat(document.sha256()).isEqualTo(new ConditionDocument(answer("requestsPerSecond: 250\n")).sha256());
        assertThat(new String(document.canonicalBytes(), StandardCharsets.UTF_8))
                .doesNotContain("NaN", "Infinity");
    }

    /** The formula of the caches is fitted to one number in the run and must give it back. */
    @Test
    void atTheRunsOwnConditionsTheHitRatiosAreThoseMeasured() {
        answer("requestsPerSecond: 220\n").caches().stream()
                .filter(c -> c.lookupsCounted() > 1000)
                .forEach(c ->
                        assertThat(c.hitRatio().mid()).as(c.keyClass()).isCloseTo(c.measuredHitRatio(), within(0.05)));
    }

    @Test
    void shorterTimesToLiveAndMoreUsersCostHitsAndDatabaseCores() {
        ConditionAnswer asRun = answer("requestsPerSecond: 250\n");
        ConditionAnswer never = answer("requestsPerSecond: 250\ncache: {leaderboard: {ttlSeconds: 0}}\n");
        ConditionAnswer crowd = answer("requestsPerSecond: 250\nactiveIds: 100000\n");
        assertThat(hits(never, "leaderboard")).isZero();
        assertThat(hits(crowd, "user_stats")).isLessThan(hits(asRun, "user_stats"));
        assertThat(cores(never, "postgres")).isGreaterThan(cores(asRun, "postgres"));
        assertThat(never.policy().perSecond().orElseThrow().mid())
                .isLessThan(asRun.policy().perSecond().orElseThrow().mid());
    }

    /** A slower processor and a part of a core are the same to both methods. */
    @Test
    void aPartOfACoreSlowsTheSimulationToo() {
        double half = simulatedMean(answer("requestsPerSecond: 150\ncores: 0.5\n"));
        assertThat(half).isGreaterThan(1.5 * simulatedMean(answer("requestsPerSecond: 150\n")));
    }

    @Test
    void rareRequestsAreAnsweredWithoutASimulation() {
        ConditionAnswer answer = answer("requestsPerSecond: 0.001\n");
        assertThat(answer.simulation()).isEmpty();
        assertThat(answer.response().get(0).formulaSeconds()).isPresent();
    }

    private static double simulatedMean(ConditionAnswer answer) {
        return answer.response().get(0).simulatedSeconds().orElseThrow();
    }

    @Test
    void aDistantDatabaseHoldsConnectionsUntilTheyBind() {
        ConditionAnswer near = answer("requestsPerSecond: 100\n");
        ConditionAnswer far = answer("requestsPerSecond: 100\ndatabaseRoundTripSeconds: 0.04\n");
        assertThat(near.limits().get(0).name()).isEqualTo("cpu");
        assertThat(far.limits().get(0).name()).isEqualTo("dbPool");
        double seconds = far.pool().orElseThrow().statementsPerRequest() * 0.04;
        double more = far.response().get(0).formulaSeconds().orElseThrow().mid()
                - near.response().get(0).formulaSeconds().orElseThrow().mid();
        assertThat(more).isGreaterThanOrEqualTo(seconds).isLessThan(2 * seconds);
        assertThat(answer("requestsPerSecond: 200\ndatabaseRoundTripSeconds: 0.04\n")
                        .carried())
                .isFalse();
    }

    @Test
    void beyondTheMeasuredRangeTheAnswerSaysSoAndFartherOutIsNone() {
        ConditionAnswer twoCores = answer("requestsPerSecond: 300\ncores: 2\n");
        assertThat(twoCores.extrapolated()).isTrue();
        assertThat(twoCores.reasons()).anyMatch(r -> r.contains("measured on 1 core"));
        assertThat(twoCores.policy().perSecond().orElseThrow().mid())
                .isGreaterThan(answer("requestsPerSecond: 300\n")
                        .policy()
                        .perSecond()
                        .orElseThrow()
                        .mid());
        ConditionAnswer logins = answer("requestsPerSecond: 50\nmix: {login: 1}\n");
        assertThat(logins.reasons()).anyMatch(r -> r.contains("class login is 1.000 of the mix"));
        ConditionAnswer far = answer("requestsPerSecond: 100000\n");
        assertThat(far.carried()).isFalse();
        assertThat(far.cpu()).isEmpty();
        assertThat(far.response()).isEmpty();
        assertThat(answer("requestsPerSecond: 100\ncores: 64\n").policy().perSecond())
                .isEmpty();
        assertThat(answer("requestsPerSecond: 100\ndataset: {users: 1000000, workouts: 1}\n")
                        .cpu())
                .isEmpty();
    }

    @Test
    void theExampleConditionIsOne() throws IOException {
        Path file = Path.of("conditions", "january-evening.yaml");
        NamedCondition c =
                NamedCondition.read(file.toString(), Files.readString(file), run, ConditionPredictor.cacheNames());
        assertThat(c.name()).isEqualTo("january-evening");
        assertThat(c.caches()).containsKeys("user_stats", "leaderboard");
    }

    private static double hits(ConditionAnswer answer, String keyClass) {
        return answer.caches().stream()
                .filter(c -> c.keyClass().equals(keyClass))
                .findFirst()
                .orElseThrow()
                .hitRatio()
                .mid();
    }

    private static double cores(ConditionAnswer answer, String station) {
        return answer.cpu().stream()
                .filter(s -> s.station().equals(station))
                .findFirst()
                .orElseThrow()
                .cores()
                .mid();
    }
}
