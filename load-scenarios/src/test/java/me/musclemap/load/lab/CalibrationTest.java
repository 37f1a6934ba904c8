package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.PeriodicWork;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.RunRecords;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.Window;
import me.musclemap.load.schedule.Residents;
import me.musclemap.load.schedule.Shard;
import me.musclemap.load.validity.CalibrationChecks;
import me.musclemap.load.validity.OfGenerator;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
    private static final Workload DAY =
            Workload.load(Path.of(System.getProperty("repo.root"), "load-scenarios/workloads/musclemap-day.yaml"));
    private static final String SEAL = "ab".repeat(32);

    @TempDir
    private Path directory;

    private static final List<Chore> CHORES = List.of(
            new Chore(PeriodicWork.VIEW_REFRESH, 300, Optional::empty), new Chore("checkpoint", 300, Optional::empty));

    private List<Chore> chores = CHORES;
    private String refusal = "";
    private final List<String> sealedAfter = new ArrayList<>();

    @Test
    void windowsComeInTheOrderThatKeepsThemHonest() {
        var record = calibrate(new Simulated());
        var roles = new ArrayList<Window.Role>();
        for (var window : record.windows()) {
            if (roles.isEmpty() || roles.get(roles.size() - 1) != window.role()) {
                roles.add(window.role());
            }
        }
        assertThat(roles)
                .containsExactly(
                        Window.Role.WARM_UP,
                        Window.Role.IDLE,
                        Window.Role.PROBE,
                        Window.Role.FIT,
                        Window.Role.HELD_OUT);
    }

    @Test
    void thePredictionIsSealedBeforeTheFirstHeldOutWindowAndEachAnswersIt() {
        var record = calibrate(new Simulated());
        assertThat(sealedAfter).containsExactly("fit");
        assertThat(byRole(record, Window.Role.HELD_OUT)).hasSize(6).allSatisfy(window -> {
            assertThat(window.answers()).isEqualTo(SEAL);
            assertThat(window.scheduledPerSecond()).isBetween(0.6 * 180, 1.15 * 180);
        });
        assertThat(byRole(record, Window.Role.HELD_OUT).stream().map(Window::mixName))
                .containsExactly("evening", "evening", "evening", "workload", "workload", "workload");
        assertThat(byRole(record, Window.Role.FIT))
                .noneMatch(window -> window.mixName().equals("evening"));
    }

    @Test
    void fitWindowsVaryInRateAndMixAndAreNotInOrderOfRate() {
        var fit = byRole(calibrate(new Simulated()), Window.Role.FIT);
        var rates = fit.stream().map(Window::scheduledPerSecond).toList();
        assertThat(rates).isNotEqualTo(rates.stream().sorted().toList()).hasSize(14);
        assertThat(rates.stream().mapToDouble(Double::doubleValue).min().orElseThrow())
                .isLessThan(0.2 * 180);
        assertThat(new HashSet<>(fit.stream().map(Window::mixName).toList())).hasSize(6);
    }

    @Test
    void theSameSeedGivesTheSameOrder() {
        var first = byRole(calibrate(new Simulated()), Window.Role.FIT).stream()
                .map(Window::mixName)
                .toList();
        var second = byRole(calibrate(new Simulated()), Window.Role.FIT).stream()
                .map(Window::mixName)
                .toList();
        assertThat(second).isEqualTo(first);
    }

    @Test
    void aWindowWithStealIsRepeatedAtMostTwiceAndThenLeftOut() {
        var system = new Simulated();
        system.stolen = Set.of("fit");
        var record = calibrate(system);
        var fit = byRole(record, Window.Role.FIT);
        assertThat(fit).allMatch(window -> "machine: steal".equals(window.excluded()));
        assertThat(fit).hasSize(14 + Pace.DEMO.repeatsAtMost());
        assertThat(fit.get(1).repeatOf()).isEqualTo(fit.get(0).index());
        assertThat(fit.get(2).repeatOf()).isEqualTo(fit.get(0).index());
        assertThat(fit.get(3).repeatOf()).isNull();
        var check = checks(record).checks().stream()
                .filter(each -> each.name().equals("fitWindows"))
                .findFirst()
                .orElseThrow();
        assertThat(check.outcome()).isEqualTo(Validity.Finding.notValid);
        assertThat(check.cause()).isEqualTo(Validity.Cause.machine);
    }

    @Test
    void heldOutWindowsAreNeverRepeated() {
        var system = new Simulated();
        system.stolen = Set.of("held-out");
        assertThat(byRole(calibrate(system), Window.Role.HELD_OUT))
                .hasSize(6)
                .allMatch(window -> window.excluded() != null);
    }

    @Test
    void aWarmUpThatKeepsDriftingNeverSettles() {
        var system = new Simulated();
        system.drift = 1.3;
        assertThat(checks(calibrate(system)).checks())
                .filteredOn(check -> check.name().equals("warmUpSettled"))
                .singleElement()
                .satisfies(check -> assertThat(check.outcome()).isEqualTo(Validity.Finding.notValid));
    }

    @Test
    void aGoodRestartIsIndicativeBecauseItIsOnlyOne() {
        var validity = checks(calibrate(new Simulated()));
        assertThat(validity.verdict()).isEqualTo(Validity.Outcome.indicative);
        assertThat(validity.checks())
                .filteredOn(check -> check.outcome() != Validity.Finding.ok)
                .extracting(Validity.Check::name)
                .containsExactly("restarts");
    }

    @Test
    void whatComesAtIntervalsIsMeasuredByItselfAfterAllWindowsAndMakesItsCheckPass() {
        var system = new Simulated();
        var record = calibrate(system);
        assertThat(record.periodicWork()).extracting(PeriodicWork::name).containsExactly("viewRefresh", "checkpoint");
        assertThat(system.choresAfter).as("windows driven before it").containsOnly(record.windowCount());
        assertThat(viewRefresh(record)).satisfies(check -> {
            assertThat(check.outcome()).isEqualTo(Validity.Finding.ok);
            assertThat(check.message()).contains("measured apart: 5.0 CPU seconds each, every 300 s");
        });
    }

    @Test
    void aRefreshThatTheMachineSpoiltOrThatNobodyDidLeavesTheRunIndicative() {
        var system = new Simulated();
        system.stolen = Set.of("viewRefresh");
        assertThat(viewRefresh(calibrate(system))).satisfies(check -> {
            assertThat(check.outcome()).isEqualTo(Validity.Finding.indicative);
            assertThat(check.cause()).isEqualTo(Validity.Cause.machine);
            assertThat(check.message()).contains("machine: steal", "their cost is not in the demands");
        });
        chores = List.of(new Chore(PeriodicWork.VIEW_REFRESH, 300, () -> Optional.of("another instance is at it")));
        assertThat(viewRefresh(calibrate(new Simulated())).message()).contains("target: another instance is at it");
        chores = List.of();
        assertThat(viewRefresh(calibrate(new Simulated()))).satisfies(check -> {
            assertThat(check.outcome()).isEqualTo(Validity.Finding.indicative);
            assertThat(check.message()).contains("were not refreshed during the run");
        });
    }

    @Test
    void aGoodRunOfEnoughRestartsIsValid() {
        var recorder = new Recorder(directory, TestRecords.first(DAY));
        var campaign = Campaign.begin(directory, FULL);
        drive(campaign, recorder, 8);
        recorder.update(record -> Changed.of(record).restarts(8).record());
        var record = recorder.record();
        assertThat(record.periodicWork().stream()
                        .filter(work -> work.name().equals("viewRefresh"))
                        .map(work -> work.restart() + ":" + work.dataset().users()))
                .as("at three sizes, and not on two cores")
                .containsExactly("0:100000", "1:100000", "2:100000", "3:100000", "4:50000", "5:100000", "6:200000");
        assertThat(record.periodicWork()).extracting(PeriodicWork::window).doesNotHaveDuplicates();
        var so = campaign.observations();
        var observations = new CalibrationChecks.Observations(
                so.warmedUp(),
                so.warmUp(),
                so.kneeReached(),
                so.knee(),
                so.notPredicted(),
                so.targetUnchanged(),
                so.failures(),
                so.spoiltByMachine(),
                so.generator(),
                false);
        var validity = validity(record, observations);
        assertThat(validity.checks()).allMatch(check -> check.outcome() == Validity.Finding.ok, "every check passes");
        assertThat(validity.verdict()).isEqualTo(Validity.Outcome.valid);
    }

    @Test
    void theIdleMachineIsTakenOffAndNothingIsLessThanNothing() {
        assertThat(Conductor.aboveIdle(
                        Map.of("postgres", 5.0, "api", 0.05, "redis", 0.3), Map.of("postgres", 0.1, "api", 0.02), 6))
                .containsEntry("postgres", 4.4)
                .containsEntry("api", 0.0)
                .containsEntry("redis", 0.3);
    }

    private Validity.Check viewRefresh(RunRecord record) {
        return checks(record).checks().stream()
                .filter(check -> check.name().equals("viewRefresh"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aModelThatRefusesEndsTheRunAsNotValidWithItsReason() {
        refusal = "the mixes do not differ";
        var record = calibrate(new Simulated());
        assertThat(byRole(record, Window.Role.HELD_OUT)).isEmpty();
        assertThat(checks(record).checks())
                .filteredOn(check -> check.outcome() == Validity.Finding.notValid)
                .singleElement()
                .satisfies(check -> assertThat(check.message()).contains("the mixes do not differ"));
    }

    @Test
    void aCalibrationNeverAsksForMoreUsersThanTheDataSetHas() {
        var system = new Simulated();
        system.restart = Restart.one(30_000, 0).get(0);
        system.residents = new Residents(DAY, 7, 30_000, Shard.WHOLE);
        system.speed = 100;
        var record = calibrate(system);
        assertThat(byRole(record, Window.Role.HELD_OUT)).hasSize(6);
        var most = DAY.mostPerSecondOfEveryMix(30_000);
        assertThat(record.windows()).anyMatch(window -> window.scheduledPerSecond() > 0.99 * most);
        assertThat(java.util.Objects.requireNonNull(result).placement().rule())
                .contains("so many users ask for no more at their own pace");
    }

    @Test
    void failedRequestsMakeTheRunNotValid() {
        var system = new Simulated();
        system.failedRatio = 0.02;
        assertThat(checks(calibrate(system)).checks())
                .filteredOn(check -> check.outcome() == Validity.Finding.notValid)
                .singleElement()
                .satisfies(check -> assertThat(check.cause()).isEqualTo(Validity.Cause.target));
    }

    @Test
    void aFullCampaignFitsAtTwoSizesSealsOnceAndAnswersAtAThirdAndOnTwoCores() {
        var recorder = new Recorder(directory, TestRecords.first(DAY));
        var campaign = Campaign.begin(directory, FULL);
        drive(campaign, recorder, 8);
        var record = recorder.record();
        assertThat(byRole(record, Window.Role.FIT))
                .extracting(window -> window.dataset().users())
                .contains(50_000L, 100_000L)
                .doesNotContain(200_000L);
        assertThat(sealedAfter).containsExactly("fit");
        assertThat(byRole(record, Window.Role.HELD_OUT))
                .hasSize(18)
                .allMatch(window -> SEAL.equals(window.answers()))
                .extracting(window -> window.dataset().users())
                .containsOnly(100_000L, 200_000L);
        assertThat(record.windows().stream()
                        .filter(window -> window.restart() == 7 && window.role() == Window.Role.HELD_OUT)
                        .map(Window::mixName))
                .as("on two cores the own mix and the held-out one in turn")
                .containsExactly("workload", "evening", "workload", "evening", "workload", "evening");
        assertThat(byRole(record, Window.Role.PROBE))
                .as("one probe places the ladder of all, another the held-out windows")
                .allMatch(window -> window.restart() == 0 || window.restart() == 5);
        assertThat(record.probe()).isNotNull();
        assertThat(record.windows().stream()
                        .filter(window -> window.dataset().users() == 100_000 && window.role() == Window.Role.FIT)
                        .map(Window::restart)
                        .distinct())
                .hasSize(5);
        assertThat(campaign.next()).isEmpty();
    }

    @Test
    void onTwoCoresALateGeneratorSpoilsNothingAndAnUnsettledWarmUpOnlyItsOwnWindows() {
        var recorder = new Recorder(directory, TestRecords.first(DAY));
        var campaign = Campaign.begin(directory, FULL);
        drive(campaign, recorder, 7);
        late = Conductor.SLIP + " p99 40 ms";
        drive(campaign, recorder, 1);
        late = null;
        assertThat(lastOf(recorder.record())).hasSize(6).allMatch(window -> window.excluded() == null);
        var unsettled = new Recorder(directory, TestRecords.first(DAY));
        var again = Campaign.begin(directory, FULL);
        drive(again, unsettled, 7);
        drift = 1.3;
        drive(again, unsettled, 1);
        assertThat(lastOf(unsettled.record()))
                .hasSize(6)
                .allMatch(window -> String.valueOf(window.excluded()).contains("never settled"));
        assertThat(again.outcome().warmedUp()).isTrue();
    }

    private static List<Window> lastOf(RunRecord record) {
        return byRole(record, Window.Role.HELD_OUT).stream()
                .filter(window -> window.restart() == 7)
                .toList();
    }

    @Test
    void whereTheGeneratorSharesTheCoresAnyhowThereIsNoRestartOnTwo() {
        assertThat(Restart.full(100, 200, true)).noneMatch(Restart::onTwoCores).hasSize(7);
        assertThat(Restart.full(100, 200, false))
                .hasSize(8)
                .last()
                .satisfies(last -> assertThat(last.onTwoCores()).isTrue());
    }

    @Test
    void anInterruptedCampaignGoesOnWithTheRestartThatWasCutShort() {
        var recorder = new Recorder(directory, TestRecords.first(DAY));
        drive(Campaign.begin(directory, FULL), recorder, 3);
        var goesOn = Campaign.resume(directory, FULL);
        assertThat(goesOn.next().orElseThrow().number()).isEqualTo(3);
        assertThat(goesOn.outcome().placement()).isNotNull();
        drive(goesOn, recorder, 5);
        assertThat(goesOn.next()).isEmpty();
        assertThat(byRole(recorder.record(), Window.Role.HELD_OUT)).hasSize(18);
    }

    /** What is written on has no hash that would refuse the record when the run is cut short once more. */
    @Test
    void aRunThatGoesOnCanBeCutShortAgain() throws IOException {
        var stations = Files.writeString(directory.resolve("stations.ndjson"), "{}\n");
        var recorder = new Recorder(directory, TestRecords.first(DAY));
        drive(Campaign.begin(directory, FULL), recorder, 2);
        recorder.complete(recorder.record().validity(), 1);
        assertThat(recorder.record().files()).isNotEmpty();
        var goesOn = MeasuringRun.interrupted(RunRecords.read(directory), 1);
        var again = new Recorder(directory, goesOn);
        Files.writeString(stations, "{}\n", StandardOpenOption.APPEND);
        assertThat(RunRecords.read(directory).windows())
                .hasSameSizeAs(again.record().windows());
        assertThat(goesOn.windows())
                .filteredOn(window -> window.restart() == 1)
                .isNotEmpty()
                .allMatch(window -> window.excluded() != null);
    }

    @Test
    void aSealedWindowThatWasDrivenBeforeAnInterruptionIsNotDrivenAgain() {
        var recorder = new Recorder(directory, TestRecords.first(DAY));
        var campaign = Campaign.begin(directory, FULL);
        drive(campaign, recorder, 6);
        var last = campaign.next().orElseThrow();
        var system = new Simulated();
        system.recorder = recorder;
        system.restart = last;
        system.drive(campaign.outcome().later().get(0).answering(SEAL));
        drive(campaign, recorder, 1);
        assertThat(byRole(recorder.record(), Window.Role.HELD_OUT))
                .hasSize(12)
                .extracting(Window::index)
                .doesNotHaveDuplicates();
    }

    private static final Options FULL = new Options(
            "musclemap-day",
            100_000,
            200_000,
            7,
            true,
            false,
            true,
            false,
            Profile.embedded,
            CostProfile.reference,
            null,
            false);

    private @Nullable String late;
    private double drift = 1;

    private void drive(Campaign campaign, Recorder recorder, int restarts) {
        for (int i = 0; i < restarts; i++) {
            var restart = campaign.next().orElseThrow();
            var system = new Simulated();
            system.recorder = recorder;
            system.restart = restart;
            system.late = late;
            system.drift = drift;
            var progress = new Progress(new PrintStream(PrintStream.nullOutputStream()), Progress.Style.QUIET, 4);
            Calibration.Predictor predictor = conditions -> {
                sealedAfter.add("fit");
                assertThat(conditions.path("conditions")).hasSize(18);
                assertThat(conditions.at("/conditions/11/dataset/users").asLong())
                        .isEqualTo(200_000);
                assertThat(conditions.at("/conditions/11/cores").asInt()).isEqualTo(1);
                assertThat(conditions.at("/conditions/17/cores").asInt()).isEqualTo(2);
                assertThat(conditions.at("/conditions/17/generator").asBoolean())
                        .isTrue();
                return new Calibration.Sealed(new RunRecord.Prediction("prediction.json", SEAL, 0), "");
            };
            var so = campaign.outcome();
            var calibration = new Calibration(
                    system, DAY, restart, Pace.DEMO, 7, recorder, predictor, () -> {}, CHORES, progress);
            campaign.done(calibration.run(so.placement(), so.later()), true, Map.of(), 0, Map.of());
        }
    }

    private Calibration.@Nullable Result result;

    private RunRecord calibrate(Simulated system) {
        var recorder = new Recorder(directory, TestRecords.first(DAY));
        system.recorder = recorder;
        var progress = new Progress(new PrintStream(PrintStream.nullOutputStream()), Progress.Style.QUIET, 4);
        Calibration.Predictor predictor = conditions -> {
            var windows = recorder.record().windows();
            sealedAfter.add(windows.get(windows.size() - 1).role().word());
            assertThat(conditions.path("conditions")).hasSize(6);
            assertThat(conditions.at("/conditions/0/operations/Login").asDouble())
                    .isGreaterThan(0.01);
            assertThat(conditions.at("/conditions/0/window").asInt()).isEqualTo(windows.size());
            return refusal.isEmpty()
                    ? new Calibration.Sealed(new RunRecord.Prediction("prediction.json", SEAL, 0), "")
                    : new Calibration.Sealed(null, refusal);
        };
        result = new Calibration(
                        system, DAY, system.restart, Pace.DEMO, 7, recorder, predictor, () -> {}, chores, progress)
                .run(null, List.of());
        return recorder.record();
    }

    @Test
    void aGeneratorThatStoodStillOrHadNoPortSpoilsItAndIsNamedFirst() {
        var record = calibrate(new Simulated());
        int fit = byRole(record, Window.Role.FIT).get(3).index();
        int warmUp = byRole(record, Window.Role.WARM_UP).get(0).index();
        var well = new OfGenerator(0.02, 0, 900, 20_000);
        assertThat(checks(record, Map.of(fit, well, warmUp, new OfGenerator(3, 900, 0, 0)))
                        .verdict())
                .as("a pause in the warm-up is in no figure")
                .isEqualTo(checks(record).verdict());
        var still = checks(record, Map.of(fit, new OfGenerator(0.35, 0, 900, 20_000)));
        assertThat(still.verdict()).isEqualTo(Validity.Outcome.notValid);
        assertThat(still.checks().stream().limit(4).map(Validity.Check::name))
                .containsExactly("scheduleSlip", "generatorCpu", "generatorPauses", "socketsAndPorts");
        assertThat(still.checks())
                .filteredOn(check -> check.outcome() == Validity.Finding.notValid)
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.name()).isEqualTo("generatorPauses");
                    assertThat(check.cause()).isEqualTo(Validity.Cause.generator);
                });
        for (var without : List.of(new OfGenerator(0, 5_000, 900, 20_000), new OfGenerator(0, 0, 19_000, 20_000))) {
            assertThat(checks(record, Map.of(fit, without)).checks())
                    .filteredOn(check -> check.outcome() == Validity.Finding.notValid)
                    .extracting(Validity.Check::name)
                    .containsExactly("socketsAndPorts");
        }
    }

    @Test
    void whatTheGeneratorSaidOfItselfIsKeptFromRestartToRestart() {
        var one = new OfGenerator(0.1, 0, 1, 2);
        var outcome = Campaign.Outcome.none()
                .with(Smoke.RESULT, true, Map.of(), 0, Map.of(3, one))
                .with(Smoke.RESULT, true, Map.of(), 0, Map.of(9, one));
        assertThat(outcome.generator()).containsOnlyKeys(3, 9);
    }

    private Validity checks(RunRecord record) {
        return checks(record, Map.of());
    }

    private Validity checks(RunRecord record, Map<Integer, OfGenerator> generator) {
        var seen = java.util.Objects.requireNonNull(result);
        var observations = new CalibrationChecks.Observations(
                seen.warmedUp(),
                seen.warmUp(),
                seen.placement().reached(),
                seen.placement().rule(),
                seen.notPredicted(),
                true,
                Map.of(),
                0,
                generator,
                false);
        return validity(record, observations);
    }

    private static Validity validity(RunRecord record, CalibrationChecks.Observations observations) {
        return new CalibrationChecks(
                        record, observations, mix -> DAY.mix(mix).orElseThrow().requestsPerSecondPerUser())
                .validity();
    }

    private static List<Window> byRole(RunRecord record, Window.Role role) {
        return record.windows().stream().filter(window -> window.role() == role).toList();
    }

    /** One core that a request of any mix takes 5 ms of. */
    private static final class Simulated implements Windows {
        private static final double CPU_SECONDS = 0.005;
        private @Nullable Recorder recorder;
        private Restart restart = Restart.one(100_000, 200_000).get(0);
        private Set<String> stolen = Set.of();
        private double failedRatio;
        private @Nullable String late;
        private double drift = 1;
        private double cost = CPU_SECONDS;
        private double speed = 1;
        private @Nullable Residents residents;
        private final List<Integer> choresAfter = new ArrayList<>();

        @Override
        public PeriodicWork once(Chore chore) {
            var to = java.util.Objects.requireNonNull(recorder);
            choresAfter.add(to.record().windowCount());
            var refused = chore.done().get();
            var work = new PeriodicWork(
                    chore.name(),
                    chore.everySeconds(),
                    restart.number(),
                    RunRecord.PERIODIC_INDEX + to.record().periodicWork().size(),
                    0,
                    6,
                    restart.dataset(),
                    Map.of("api", 0.25, "postgres", 4.75),
                    0,
                    refused.map(why -> "target: " + why)
                            .orElse(stolen.contains(chore.name()) ? "machine: steal" : null));
            to.update(record -> {
                var all = new ArrayList<>(record.periodicWork());
                all.add(work);
                return Changed.of(record).periodic(all).record();
            });
            return work;
        }

        @Override
        public Measured drive(Plan plan) {
            var to = java.util.Objects.requireNonNull(recorder);
            if (residents != null) {
                recruit(residents, plan);
            }
            if (plan.role() == Window.Role.WARM_UP) {
                cost *= drift;
            } else {
                cost = CPU_SECONDS;
            }
            double rate = plan.perSecond();
            double busy = Math.min(0.999, rate * cost / speed);
            double served = Math.min(rate, 0.98 * speed / cost);
            double seconds = plan.seconds();
            long count = Math.round(served * seconds);
            long failed = Math.round(count * failedRatio);
            double p99 = 0.02 / (1 - busy);
            var latency = rate == 0 ? null : new Window.Latency(count, p99 / 4, p99 / 5, p99 / 2, p99, p99);
            boolean spoilt = stolen.contains(plan.role().word());
            var window = new Window(
                    plan.index() == null ? to.record().nextIndex() : plan.index(),
                    restart.number(),
                    plan.role(),
                    0,
                    seconds,
                    plan.mixName(),
                    restart.onTwoCores() ? 2 : 1,
                    restart.dataset(),
                    rate,
                    rate,
                    served,
                    rate,
                    95_000,
                    0,
                    Map.of("MyStats", count - failed),
                    Map.of("MyStats", failed),
                    new Window.Latencies(latency, latency),
                    rate == 0 ? null : 0.001,
                    new Window.GeneratorHealth(0.2, 0),
                    spoilt ? 0.05 : 0,
                    plan.repeatOf(),
                    plan.answers(),
                    null);
            to.add(window);
            return new Measured(window, busy, 0, 0, spoilt ? "machine: steal" : late);
        }

        private static void recruit(Residents residents, Plan plan) {
            try {
                residents.recruit(residents.needed(DAY.mix(plan.mixName()).orElseThrow(), plan.perSecond()));
            } catch (Residents.TooFewUsersException e) {
                throw new AssertionError(plan + ": " + e.getMessage(), e);
            }
        }

        @Override
        public void exclude(int index, String why) {
            var to = java.util.Objects.requireNonNull(recorder);
            Conductor.exclude(to, index, why);
        }

        @Override
        public void rest(double seconds) {}

        @Override
        public int coreCount() {
            return 1;
        }
    }
}
