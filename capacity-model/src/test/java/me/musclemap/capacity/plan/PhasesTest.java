package me.musclemap.capacity.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.claims.Claims;
import me.musclemap.capacity.measure.ExampleRecord;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.PeriodicRun;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.Window;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PhasesTest {
    private static RunRecord run;

    @BeforeAll
    static void readTheExample() throws IOException {
        run = new RunRecordReader(ExampleRecord.source()).read();
    }

    private static CapacityAnswer answer(Map<String, String> settings) {
        return new Planner(run, Phases.shipped(settings), Claims.shipped(), 40, OptionalDouble.of(100))
                .answer(Optional.empty(), "");
    }

    private static double users(CapacityAnswer answer, int phase, int stack) {
        return answer.phases()
                .get(phase)
                .stacks()
                .get(stack)
                .users()
                .orElseThrow()
                .p50();
    }

    @Test
    void thePlanHasFourPhasesAndEveryNumberASource() throws IOException {
        Phases phases = Phases.shipped(Map.of());
        assertThat(phases.phases()).extracting(Phase::id).containsExactly("phase1", "phase2", "phase3", "phase4");
        assertThat(phases.phases().get(0).totalCores()).isEqualTo(2);
        ObjectMapper yaml = new YAMLMapper();
        JsonNode plan = yaml.readTree(Phases.shippedText());
        var sources = new ArrayList<String>();
        sources("", plan, sources);
        assertThat(sources).hasSizeGreaterThan(80);
        for (String source : sources) {
            for (String broken : new String[] {"left out", "empty"}) {
                JsonNode copy = plan.deepCopy();
                ObjectNode at = (ObjectNode) copy.at(source);
                if (broken.equals("empty")) {
                    at.put("source", " ");
                } else {
                    at.remove("source");
                }
                String text = yaml.writeValueAsString(copy);
                assertThatThrownBy(() -> Phases.read("p.yaml", text, Map.of()))
                        .as(source + " " + broken)
                        .isInstanceOf(MalformedInputException.class)
                        .hasMessageContaining("source");
            }
        }
    }

    /** Pointers to everything that holds a number of its own; a phase's targets and claims name their place in the plan. */
    private static void sources(String pointer, JsonNode node, List<String> found) {
        boolean stated = node.has("value") || pointer.matches("/(phases/\\d+/\\w+|prices/machines|storms)/\\w+");
        boolean cache = pointer.matches("/assumptions/originCache/\\d+");
        if (node.isObject() && (stated || cache)) {
            found.add(pointer);
            return;
        }
        if (node.isObject()) {
            node.properties().forEach(e -> sources(pointer + "/" + e.getKey(), e.getValue(), found));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            sources(pointer + "/" + i, node.get(i), found);
        }
    }

    @Test
    void everyTierStatesItsSpeedAndDiskSoThatTheyCanBeChanged() {
        Map<String, String> settings =
                Map.of("phases.1.speed", "2", "phases.1.diskGigabytes", "50", "phases.1.tiers.vps.shards", "1");
        assertThat(Phases.shipped(settings).phases().get(0).tiers().get(0).speed())
                .isEqualTo(2);
        PhaseAnswer asPlanned = phase(0, Map.of());
        PhaseAnswer faster = phase(0, settings);
        for (int stack = 0; stack < 2; stack++) {
            PhaseAnswer.OnStack before = asPlanned.stacks().get(stack);
            PhaseAnswer.OnStack after = faster.stacks().get(stack);
            assertThat(after.users().orElseThrow().p50())
                    .isGreaterThan(1.3 * before.users().orElseThrow().p50());
            assertThat(after.disk().orElseThrow().bytes())
                    .isEqualTo(before.disk().orElseThrow().bytes() / 2);
        }
    }

    /** Eight statements of a write, each across an ocean and back, are more than the objective of a second. */
    @Test
    void aPhaseThatNoRateBringsWithinTheObjectiveIsBoundByItAndNoNumberIsInfinite() throws IOException {
        Map<String, String> far = Map.of("phases.phase3.regions.europe.writeSeconds", "0.2");
        CapacityAnswer answer = answer(far);
        for (PhaseAnswer.OnStack stack : answer.phases().get(2).stacks()) {
            assertThat(stack.binding().orElseThrow().name()).isEqualTo("p99");
            assertThat(stack.binding().orElseThrow().limit()).contains("round trips to the database take up to 1.60 s");
            assertThat(stack.requestsPerSecond()).isEmpty();
            assertThat(stack.users()).isEmpty();
            assertThat(stack.whyNull().orElseThrow()).contains("no rate at all").contains("p99 of 1 s");
            assertThat(stack.headroom()).isEmpty();
            assertThat(stack.headroomNow()).isEmpty();
            assertThat(stack.losses())
                    .allSatisfy(l -> assertThat(l.shareLeft()).as(l.tier()).isZero());
        }
        JsonNode document = new ObjectMapper().readTree(new CapacityDocument(answer).bytes());
        assertThat(document.toString()).doesNotContain("Infinity").doesNotContain("NaN");
        assertThat(document.at("/phases/2/stacks/0/headroom").isNull()).isTrue();
        assertThat(document.at("/quality/reasons").toString()).doesNotContain("no finite number");
        var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(ExampleRecord.schema()));
        assertThat(schema.validate(document)).isEmpty();
    }

    @Test
    void aPhaseThatMissesTheObjectiveBeforeAnyResourceIsUsedUpNamesIt() {
        PhaseStudy study = PhaseStudy.of(run, 20);
        int[] seen = new int[2];
        for (double across = 0.09; across < 0.125; across += 0.004) {
            Phases phases =
                    Phases.shipped(Map.of("phases.phase3.regions.europe.writeSeconds", Double.toString(across)));
            List<PhaseAnswer.OnStack> stacks =
                    study.answer(phases, phases.phases().get(2)).stacks();
            for (int s = 0; s < seen.length; s++) {
                PhaseAnswer.OnStack stack = stacks.get(s);
                if (!stack.binding().orElseThrow().name().equals("p99")
                        || stack.headroom().isEmpty()) {
                    continue;
                }
                seen[s]++;
                assertThat(stack.p99Seconds().orElseThrow()).isCloseTo(1, org.assertj.core.api.Assertions.within(0.01));
                assertThat(stack.binding().orElseThrow().ratio())
                        .isCloseTo(1, org.assertj.core.api.Assertions.within(0.01));
                assertThat(stack.next()).hasSize(2).noneMatch(c -> c.name().equals("p99"));
                assertThat(stack.next().get(0).ratio()).isLessThan(1);
            }
        }
        assertThat(seen[1])
                .as("production, whose p99 rises long before its cores are full")
                .isPositive();
        assertThat(phase(0, Map.of()).stacks())
                .allSatisfy(s -> assertThat(s.binding().orElseThrow().name()).isNotEqualTo("p99"));
    }

    @Test
    void whatIsNotFiniteStandsAsNullAndIsTold() {
        ObjectNode tree = new ObjectMapper().createObjectNode();
        tree.put("one", Double.NaN).put("two", 2.0);
        tree.putArray("list").add(1.0).add(Double.NEGATIVE_INFINITY).addObject().put("in", Double.POSITIVE_INFINITY);
        var told = new ArrayList<String>();
        CapacityDocument.withoutInfinities(tree, "", told);
        assertThat(told).containsExactly("one", "list[1]", "list[2].in");
        assertThat(tree).hasToString("{\"one\":null,\"two\":2.0,\"list\":[1.0,null,{\"in\":null}]}");
    }

    private static PhaseAnswer phase(int index, Map<String, String> settings) {
        Phases phases = Phases.shipped(settings);
        return PhaseStudy.of(run, 20).answer(phases, phases.phases().get(index));
    }

    @Test
    void moreCoresNeverCarryFewerUsersAndALongerWayToTheDatabaseNeverMore() {
        CapacityAnswer asPlanned = answer(Map.of());
        CapacityAnswer moreCores = answer(Map.of("phases.1.tiers.vps.cores", "3"));
        CapacityAnswer farther = answer(Map.of(
                "phases.phase2.regions.boston.readSeconds",
                "0.05",
                "phases.phase2.regions.boston.writeSeconds",
                "0.05"));
        CapacityAnswer lessPolicy = answer(Map.of("assumptions.cpuLimit", "0.5"));
        for (int stack = 0; stack < 2; stack++) {
            assertThat(users(moreCores, 0, stack)).isGreaterThan(1.2 * users(asPlanned, 0, stack));
            assertThat(users(farther, 1, stack)).isLessThan(users(asPlanned, 1, stack));
            assertThat(users(lessPolicy, 0, stack)).isLessThan(0.8 * users(asPlanned, 0, stack));
        }
        assertThat(farther.phases()
                        .get(1)
                        .stacks()
                        .get(0)
                        .binding()
                        .orElseThrow()
                        .name())
                .isEqualTo("dbPool");
    }

    @Test
    void coresThatMindEachOtherCarryFewerUsersAndThePlanCanSayWhatTheyAre() {
        CapacityAnswer asPlanned = answer(Map.of());
        CapacityAnswer threads = answer(Map.of("assumptions.secondCore.value", "1.5"));
        CapacityAnswer whole = answer(Map.of("assumptions.secondCore.value", "1"));
        for (int stack = 0; stack < 2; stack++) {
            assertThat(users(threads, 0, stack))
                    .as("70 %% of two cores with both busy in 82 %% of their time")
                    .isBetween(0.66 * users(whole, 0, stack), 0.8 * users(whole, 0, stack));
            assertThat(users(asPlanned, 0, stack)).as("nothing was measured").isEqualTo(users(whole, 0, stack));
        }
        assertThat(asPlanned.secondCore().words()).contains("was not measured");
        assertThat(threads.secondCore().words()).contains("1.50", "as the plan states");
        assertThat(threads.policy().orElseThrow())
                .as("the machine of the run is as it was")
                .isEqualTo(asPlanned.policy().orElseThrow());
        assertThatThrownBy(() -> Phases.shipped(Map.of("assumptions.secondCore.value", "0.5")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("secondCore.value")
                .hasMessageContaining("whole cores");
        assertThatThrownBy(() -> Phases.shipped(Map.of("assumptions.secondCore.value", "pairs")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("measured");
    }

    @Test
    void aPhaseIsAnsweredAtTheDataOfItsUsersAndSaysSo() {
        int[] sizes = {200_000, 200_000, 200_000, 100_000, 400_000};
        RunRecord grows = SimulatedCampaign.restarts(SimulatedCampaign.World.plain(), sizes, 0.01, 0.2, 5);
        RunRecord flat = SimulatedCampaign.restarts(SimulatedCampaign.World.plain(), 5, 0.01, 5);
        PhaseAnswer.OnStack grown = phase1(grows);
        PhaseAnswer.OnStack same = phase1(flat);
        // 12 accounts for each of 25,000 in session, two workouts each: three times the data, 1.6 doublings of 0.2 ms.
        assertThat(grown.data().users()).isEqualTo(300_000);
        assertThat(grown.data().workouts()).isEqualTo(600_000);
        assertThat(grown.data().note()).contains("600,000 workouts").contains("100,000 to 400,000");
        assertThat(grown.users().orElseThrow().p50())
                .isLessThan(0.93 * same.users().orElseThrow().p50());
        assertThat(same.data().note()).contains("was not measured");
    }

    @Test
    void workThatComesAtIntervalsTakesItsPartOfEveryAnswerAndGrowsWithTheDataOfThePhase() {
        RunRecord without = SimulatedCampaign.record(SimulatedCampaign.World.plain(), 5);
        var refresh = new PeriodicRun(
                "viewRefresh",
                300,
                0,
                12,
                new Window.Dataset(100_000, 200_000),
                Map.of("postgres", 12.0),
                Optional.empty());
        RunRecord with = SimulatedCampaign.withPeriodic(without, List.of(refresh));
        Phases phases = Phases.shipped(Map.of());
        PhaseStudy study = PhaseStudy.of(with, 40);
        Stack stack = study.measuredStack(phases);
        int postgres = stack.stations().indexOf("postgres");
        double[] fitted = study.fitted().demand().model().background();
        assertThat(stack.best().background()[postgres] - fitted[postgres])
                .as("12 CPU seconds every 300")
                .isCloseTo(0.04, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(stack.draws().stream().map(m -> m.background()[postgres]).distinct())
                .as("its own uncertainty is in the draws")
                .hasSize(40);
        // Phase 1 plans for 300,000 accounts: three times as much.
        assertThat(stack.grownTo(600_000, 300_000).best().background()[postgres] - fitted[postgres])
                .isCloseTo(0.12, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(stack.slower(2).grownTo(600_000, 300_000).best().background()[postgres] - 2 * fitted[postgres])
                .isCloseTo(0.24, org.assertj.core.api.Assertions.within(1e-9));
        double carried = policy(with) / policy(without);
        assertThat(carried).as("0.04 of 0.7 cores less").isBetween(0.92, 0.96);
        assertThat(phase1(with).users().orElseThrow().p50())
                .isLessThan(0.97 * phase1(without).users().orElseThrow().p50());
        assertThat(phase1(with).data().note())
                .contains("refresh of the leaderboard views takes 12 % of a core at so many accounts")
                .contains("in proportion to the accounts");
        assertThat(phase1(without).data().note()).doesNotContain("refresh");
    }

    private static double policy(RunRecord of) {
        return new Planner(of, Phases.shipped(Map.of()), Claims.shipped(), 40, OptionalDouble.empty())
                .answer(Optional.empty(), "")
                .policy()
                .orElseThrow()
                .requestsPerSecond()
                .p50();
    }

    private static PhaseAnswer.OnStack phase1(RunRecord of) {
        Phases phases = Phases.shipped(Map.of());
        return PhaseStudy.of(of, 40)
                .answer(phases, phases.phases().get(0))
                .stacks()
                .get(0);
    }

    @Test
    void usersAreLeftOutBeyondFourTimesWhatWasMeasured() {
        List<PhaseAnswer> phases = answer(Map.of()).phases();
        for (PhaseAnswer.OnStack stack : phases.get(3).stacks()) {
            assertThat(stack.users()).isEmpty();
            assertThat(stack.whyNull().orElseThrow()).contains("four times");
            assertThat(stack.coresForTarget().orElseThrow()).isGreaterThan(100);
        }
        assertThat(phases.get(3).dollarsPerMonth().orElseThrow().mid()).isGreaterThan(5000);
    }

    @Test
    void oneStackIsNeverPresentedAsTheOther() {
        List<PhaseAnswer.OnStack> stacks = answer(Map.of()).phases().get(0).stacks();
        assertThat(stacks)
                .extracting(PhaseAnswer.OnStack::stack)
                .containsExactly("reference-embedded", "musclemap-node-2026-02");
        assertThat(stacks).extracting(PhaseAnswer.OnStack::label).containsExactly("scaled", "estimated");
        assertThat(stacks.get(1).users().orElseThrow().p50())
                .isLessThan(stacks.get(0).users().orElseThrow().p50());
    }

    @Test
    void sessionsAMinuteFollowFromTheRateAndWhatARequestCostsIsSetBesideProduction() throws IOException {
        CapacityAnswer answer = answer(Map.of());
        double rate = answer.policy().orElseThrow().requestsPerSecond().p50();
        double begun = answer.sessionsPerMinute().orElseThrow().p50();
        // By Little's law: users in session are sessions begun a second times how long one lasts.
        assertThat(begun / 60 * run.workload().sessionSeconds() * run.workload().requestsPerSecondPerUser())
                .isCloseTo(rate, org.assertj.core.api.Assertions.within(1e-6 * rate));
        assertThat(answer.stackRatios())
                .extracting(CapacityAnswer.StackRatio::operation)
                .contains("Me", "LogSet", "Login");
        assertThat(answer.stackRatios())
                .filteredOn(r -> r.operation().equals("Me"))
                .singleElement()
                .satisfies(me -> {
                    assertThat(me.productionSeconds())
                            .isCloseTo(0.002176 + 0.000381 + 6.4e-5, org.assertj.core.api.Assertions.within(1e-12));
                    assertThat(me.ratio())
                            .isCloseTo(
                                    me.productionSeconds() / me.measuredSeconds(),
                                    org.assertj.core.api.Assertions.within(1e-12));
                });
        JsonNode document = new ObjectMapper().readTree(new CapacityDocument(answer).bytes());
        assertThat(document.at("/capacity/sessionsPerMinute/p50").asDouble()).isEqualTo(begun);
        assertThat(document.at("/stackRatios")).hasSameSizeAs(answer.stackRatios());
        assertThat(document.at("/curve/9/check/simulatedP99Seconds").asDouble())
                .isGreaterThan(document.at("/curve/9/check/simulatedP95Seconds").asDouble());
        assertThat(new CapacityDocument(answer).verdict().sentences())
                .anyMatch(s -> s.contains("sessions begun a minute"))
                .anyMatch(s -> s.contains("times (") && s.contains("costs the production stack"));
    }

    @Test
    void headroomAtAPresentPeakIsWhatIsLeft() {
        CapacityAnswer answer = answer(Map.of());
        double capacity = answer.policy().orElseThrow().requestsPerSecond().p50();
        assertThat(answer.headroom().orElseThrow().ratio().p50())
                .isCloseTo(1 - 100 / capacity, org.assertj.core.api.Assertions.within(0.02));
    }

    @Test
    void thresholdsWarnBeforeTheyAlarm() {
        assertThat(answer(Map.of()).thresholds()).hasSizeGreaterThanOrEqualTo(8).allSatisfy(t -> {
            assertThat(t.warning()).as(t.observable()).isLessThan(t.critical());
            assertThat(t.why()).isNotBlank();
        });
    }

    @Test
    void anUnknownSettingOrKeyIsRefusedByName() {
        assertThatThrownBy(() -> Phases.shipped(Map.of("phases.9.tiers.vps.cores", "8")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("there is no 9 there");
        assertThatThrownBy(() -> Phases.shipped(Map.of("assumptions.cpuLimit", "much")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("cpuLimit");
        assertThatThrownBy(() -> Phases.read("p.yaml", "phasen: []\nassumptions: {}\n", Map.of()))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("phasen");
    }
}
