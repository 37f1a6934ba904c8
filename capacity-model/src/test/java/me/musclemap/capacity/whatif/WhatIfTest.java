package me.musclemap.capacity.whatif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import me.musclemap.capacity.measure.ExampleRecord;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.plan.Phase;
import me.musclemap.capacity.plan.PhaseLoad;
import me.musclemap.capacity.plan.PhaseStudy;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.plan.Storm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WhatIfTest {
    private static final String MEASURED = "reference-embedded";
    private static PhaseStudy study;

    @BeforeAll
    static void fitTheExample() throws IOException {
        study = PhaseStudy.of(new RunRecordReader(ExampleRecord.source()).read(), 20);
    }

    private static Question question(String phase, String stack) {
        return new Question(study, Phases::shipped, Map.of(), phase, stack);
    }

    @Test
    void coresOfAPhaseAreThoseOfTheTierThatRunsTheApi() {
        Phases phases = Phases.shipped(Map.of("phases.2.cores", "8", "phases.phase3.machines", "*3"));
        assertThat(phases.phases().get(1).tiers().get(0).cores()).isEqualTo(8);
        assertThat(phases.phases().get(1).tiers().get(1).cores()).isEqualTo(2);
        assertThat(phases.phases().get(2).tiers().get(0).machines()).isEqualTo(6);
    }

    @Test
    void anUnknownKeyNamesTheNearOnes() {
        assertThatThrownBy(() -> Phases.shipped(Map.of("assumptions.cpuLimt", "0.5")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("no cpuLimt there: near are cpuLimit");
        assertThatThrownBy(() -> Phases.shipped(Map.of("phases.2.coers", "8")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("near are");
        assertThatThrownBy(() -> Phases.shipped(Map.of("phases.2.cores", "*lots")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("write a factor as *2");
        assertThatThrownBy(() -> Phases.shipped(Map.of("phases.2.cores", "0")))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("above zero");
    }

    @Test
    void aChangeIsComparedDrawByDraw() {
        Difference same = Difference.of(study, Phases.shipped(Map.of()), Phases.shipped(Map.of()));
        assertThat(same.rows()).allSatisfy(row -> assertThat(row.ratio()).isEqualTo(1));
        Difference more = Difference.of(study, Phases.shipped(Map.of()), Phases.shipped(Map.of("phases.1.cores", "4")));
        Difference.Row first = more.rows().get(0);
        // Twice the cores: the CPU that bound carries twice as much, in each draw.
        assertThat(first.ratio()).isCloseTo(2, within(0.05));
        assertThat(first.gained().orElseThrow().p10()).isGreaterThan(0);
        assertThat(more.rows().get(2).ratio()).as("another phase").isEqualTo(1);
    }

    @Test
    void aChangeThatLeavesNothingOrComesFromNothingIsSaidWithoutInfinities() {
        Phases planned = Phases.shipped(Map.of());
        Phases far = Phases.shipped(Map.of("phases.phase3.regions.europe.writeSeconds", "0.2"));
        for (Difference difference : List.of(Difference.of(study, planned, far), Difference.of(study, far, planned))) {
            assertThat(difference.rows())
                    .filteredOn(r -> r.phase().equals("phase3"))
                    .allSatisfy(row -> assertThat(row.before().carriesNothing())
                            .isNotEqualTo(row.after().carriesNothing()));
            assertThat(difference.rows())
                    .filteredOn(r -> !r.phase().equals("phase3"))
                    .noneMatch(r -> r.before().carriesNothing() || r.after().carriesNothing());
            assertThat(WhatIfDocument.of(difference).toString())
                    .doesNotContain("NaN")
                    .doesNotContain("Infinity");
        }
    }

    @Test
    void leversThatShedLoadGainNoLessThanThoseThatOnlyThinIt() {
        Levers levers = Levers.of(question("phase1", ""));
        java.util.function.ToDoubleFunction<String> gained = name -> levers.rows().stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow()
                .gained()
                .p50();
        assertThat(gained.applyAsDouble("telemetry shed"))
                .isGreaterThan(gained.applyAsDouble("one telemetry post in ten"));
        assertThat(gained.applyAsDouble("polls shed")).isGreaterThan(gained.applyAsDouble("polls half as often"));
        assertThat(gained.applyAsDouble("telemetry and polls shed"))
                .isGreaterThan(Math.max(gained.applyAsDouble("telemetry shed"), gained.applyAsDouble("polls shed")));
    }

    @Test
    void usersWhoAskTwiceAsOftenAreHalfAsMany() {
        Tornado tornado = Tornado.of(question("phase1", MEASURED));
        Tornado.Row requests = tornado.rows().stream()
                .filter(r -> r.input().equals("workload.requests"))
                .findFirst()
                .orElseThrow();
        assertThat(requests.usersAtHigh()).isCloseTo(tornado.bestUsers() / 2, within(0.02 * tornado.bestUsers()));
        assertThat(requests.usersAtLow()).isGreaterThan(1.9 * tornado.bestUsers());
        assertThat(tornado.rows())
                .isSortedAccordingTo(
                        Comparator.comparingDouble(Tornado.Row::swing).reversed());
        assertThat(tornado.rows()).extracting(Tornado.Row::input).contains("speed of a rented core", "CPU per request");
        assertThat(tornado.withoutEffect()).noneMatch(i -> i.startsWith("phases.phase2"));
    }

    @Test
    void leversAreRankedByWhatTheyGain() {
        Levers levers = Levers.of(question("phase1", ""));
        assertThat(levers.rows())
                .isSortedAccordingTo(
                        Comparator.comparingDouble((Levers.Row r) -> r.gained().p50())
                                .reversed());
        assertThat(gain(levers, "twice the cores for the API")).isCloseTo(1, within(0.06));
        assertThat(gain(levers, "request tracing off")).isBetween(0.1, 0.4);
        assertThat(gain(levers, "twice the database connections")).isZero();
        assertThat(gain(Levers.of(question("phase1", MEASURED)), "request tracing off"))
                .isZero();
        assertThat(gain(Levers.of(question("phase2", MEASURED)), "twice the database connections"))
                .isGreaterThan(0.1);
    }

    private static double gain(Levers levers, String name) {
        return levers.rows().stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow()
                .gainedRatio();
    }

    @Test
    void aStormLeavesTheBacklogThatItsWorkAndTheCoresMake() {
        Question question = question("phase1", MEASURED);
        Storm storm = new Storm("log-ins", 1, 1, false, Map.of("login", 1.0), 60, 0, Storm.CacheState.WARM);
        double users = 0.5 * question.bestUsers();
        StormStudy answer = StormStudy.of(question, "login", storm, users);
        StormStudy.Resource cores = answer.resources().get(0);
        // By hand: work of the log-ins over what the cores have left beside the ordinary load.
        PhaseLoad load = question.study().load(question.phases(), question.phase(), question.stack());
        PhaseLoad.Origin calm = load.origin(users * question.perUser());
        Phase.Tier tier = question.phase().tiers().get(0);
        double usual = sum(load.busy(tier, calm.rates(), calm.databaseWork()).busyCores());
        double[] stormy = calm.rates().clone();
        int login = question.study().run().classes().stream()
                .map(c -> c.name())
                .toList()
                .indexOf("login");
        stormy[login] += users / 60;
        double offered = sum(load.busy(tier, stormy, calm.databaseWork()).busyCores());
        double lasts = 60 + (offered - tier.cores()) * 60 / (tier.cores() - usual);
        assertThat(cores.highest().p50()).isCloseTo(offered / tier.cores(), within(0.15 * offered / tier.cores()));
        assertThat(cores.lastsSeconds().p50()).isCloseTo(lasts, within(0.35 * lasts));
        assertThat(answer.givesOut()).contains("cores of vps");
    }

    private static Storm storm(Phases phases, String name) {
        return Objects.requireNonNull(phases.storms().get(name), name);
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    @Test
    void aSmallStormOverFewUsersBreaksNothing() {
        Question question = question("phase1", "");
        Phases phases = question.phases();
        for (String name : List.of("login", "reconnect", "january", "redis-cold", "redis-gone")) {
            StormStudy calm = StormStudy.of(question, name, storm(phases, name), 50);
            assertThat(calm.givesOut()).as(name).isEmpty();
        }
    }

    @Test
    void aCacheThatIsAwayCostsTheDatabaseUntilItIsBack() {
        Question question = question("phase1", MEASURED);
        double users = 0.8 * question.bestUsers();
        double calm = postgres(StormStudy.of(
                question, "none", new Storm("", 1, 0, false, Map.of(), 0, 10, Storm.CacheState.WARM), users));
        double cold = postgres(StormStudy.of(question, "redis-cold", storm(question.phases(), "redis-cold"), users));
        double gone = postgres(StormStudy.of(question, "redis-gone", storm(question.phases(), "redis-gone"), users));
        assertThat(cold).isGreaterThan(1.2 * calm);
        assertThat(gone).isGreaterThanOrEqualTo(cold);
    }

    /** The database's part of the worst second, in shares of the cores. */
    private static double postgres(StormStudy storm) {
        StormStudy.Resource cores = storm.resources().get(0);
        return cores.highest().p50() * cores.byStation().getOrDefault("postgres", 0.0);
    }

    @Test
    void whatIsCheapestCarriesTheUsersAndNothingCheaperWasPassedOver() {
        Question question = question("phase2", "");
        Cheapest few = Cheapest.of(question, 5_000, 0.9);
        Cheapest many = Cheapest.of(question, 20_000, 0.9);
        Cheapest sure = Cheapest.of(question, 20_000, 0.98);
        Cheapest.Found best = many.found().get(0);
        assertThat(best.probability()).isGreaterThanOrEqualTo(0.9);
        assertThat(best.bindingUsed()).isLessThanOrEqualTo(1);
        assertThat(few.found().get(0).dollarsPerMonth()).isLessThan(best.dollarsPerMonth());
        assertThat(sure.found().get(0).dollarsPerMonth()).isGreaterThanOrEqualTo(best.dollarsPerMonth());
        assertThat(many.found()).isSortedAccordingTo(Comparator.comparingDouble(Cheapest.Found::dollarsPerMonth));
    }

    @Test
    void aProcessOnSharedCoresGetsWhatIsLeft() {
        assertThat(PhaseLoad.loopsCarry(1, 1, 0)).isCloseTo(1, within(1e-9));
        assertThat(PhaseLoad.loopsCarry(1, 1, 0.4)).isCloseTo(0.6, within(1e-9));
        assertThat(PhaseLoad.loopsCarry(2, 1, 0)).isCloseTo(1, within(1e-9));
        assertThat(PhaseLoad.loopsCarry(2, 2, 0.5)).isBetween(1.2, 1.5);
        assertThat(PhaseLoad.loopsCarry(2, 60, 0.5)).isCloseTo(1.5, within(0.01));
    }

    @Test
    void replicasCarryReadsAndShardsCarryWrites() {
        String tiers =
                "[{name: origins, machines: 4, cores: 64, memoryGigabytes: 64, stations: [api, redis, rum, other], source: a test},"
                        + " {name: database, machines: %d, shards: %d, cores: 1, memoryGigabytes: 64, stations: [postgres], source: a test}]";
        Map<String, String> much =
                Map.of("phases.phase2.databaseConnections", "100000", "assumptions.connectionBytes", "0");
        double one = carried(much, tiers.formatted(1, 1));
        double replicas = carried(much, tiers.formatted(4, 1));
        double shards = carried(much, tiers.formatted(4, 4));
        assertThat(replicas).isGreaterThan(1.2 * one).isLessThan(4 * one);
        assertThat(shards).isGreaterThan(replicas);
    }

    private static double carried(Map<String, String> settings, String tiers) {
        return question("phase2", MEASURED)
                .with(settings)
                .with(Map.of("phases.phase2.tiers", tiers, "phases.phase2.bandwidthTerabytesPerMonth", "10000"))
                .bestUsers();
    }

    @Test
    void aLostMachineLeavesWhatTheOthersCarry() {
        var answer = study.answer(
                Phases.shipped(Map.of()), Phases.shipped(Map.of()).phases().get(2));
        var losses = answer.stacks().get(1).losses();
        assertThat(losses).extracting(l -> l.tier()).containsExactly("origins", "database");
        assertThat(losses.get(0).shareLeft()).isBetween(0.4, 1.0);
        var alone = study.answer(
                Phases.shipped(Map.of()), Phases.shipped(Map.of()).phases().get(0));
        assertThat(alone.stacks().get(0).losses().get(0).shareLeft()).isZero();
    }

    @Test
    void everyUseIsSaidAtTheAnswerAndTheNearestIsFull() {
        var stack = study.answer(
                        Phases.shipped(Map.of()),
                        Phases.shipped(Map.of()).phases().get(0))
                .stacks()
                .get(0);
        assertThat(stack.uses())
                .extracting(u -> u.name())
                .contains("cpu", "dbPool", "memory", "sockets", "bandwidth", "port");
        assertThat(stack.uses().stream().mapToDouble(u -> u.atAnswer()).max().orElse(0))
                .isCloseTo(1, within(1e-6));
        assertThat(stack.p99Seconds()).isNotEqualTo(OptionalDouble.empty());
        assertThat(stack.disk().orElseThrow().daysToFull().orElseThrow()).isGreaterThan(1);
        assertThat(stack.caches().reachesDatabase()).isLessThan(stack.caches().reachesOrigin());
    }
}
