package me.musclemap.load.lab;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.WholeFile;
import me.musclemap.load.record.Window;
import me.musclemap.load.scenario.Abuse;
import me.musclemap.load.scenario.ByRegion;
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.validity.ScenarioChecks;
import me.musclemap.load.workload.Workload;

/** A scenario with an objective: warm-up, the scenario itself, its verdict, and whether that is worth anything. Not thread-safe. */
final class ObjectiveRun {
    /** How it ended. */
    record Ended(Verdict verdict, Validity validity) {}

    private final RunSetup setup;
    private final Recorder recorder;
    private final Rig rig;
    private final SecondsLog seconds;
    private final Progress progress;

    ObjectiveRun(RunSetup setup, Recorder recorder, Rig rig, SecondsLog seconds, Progress progress) {
        this.setup = setup;
        this.recorder = recorder;
        this.rig = rig;
        this.seconds = seconds;
        this.progress = progress;
    }

    Ended drive(Restart restart) {
        var before = rig.identity();
        var warmUp = warmUp(restart);
        progress.begin(setup.scenario().name());
        var verdict = withItsQuestions(scenario(warmUp));
        progress.end(verdict.met() ? "objective met" : "objective missed");
        write(verdict);
        boolean unchanged = setup.scenario() == Scenario.failover || before.equals(rig.identity());
        var observations = new ScenarioChecks.Observations(
                warmUp.settled() ? Optional.empty() : Optional.of(warmUp.words()),
                rig.conductor().ofGenerator(),
                unchanged);
        double stretch = setup.load().stretch();
        var checks = new ScenarioChecks(recorder.record(), observations, mix -> setup.ratePerUser(mix) / stretch);
        return new Ended(verdict, checks.validity());
    }

    private Calibration.WarmUp warmUp(Restart restart) {
        progress.begin("warm up");
        boolean light = setup.options().target() != null || setup.scenario() == Scenario.million;
        var warmUp = light ? lightWarmUp() : steeredWarmUp(restart);
        seconds.settle(rig.conductor());
        progress.end(warmUp.words());
        return warmUp;
    }

    private Calibration.WarmUp steeredWarmUp(Restart restart) {
        var calibration = new Calibration(
                rig.conductor(),
                setup.workload(),
                restart,
                setup.pace(),
                setup.options().seed(),
                recorder,
                conditions -> new Calibration.Sealed(null, "a scenario predicts nothing"),
                () -> {},
                List.of(),
                progress);
        rig.lendGeneratorsCores();
        // No other mix follows: its users are all of them.
        var warmUp = calibration.warmUp(
                setup.workload().ownMix().mostPerSecond(restart.dataset().users()));
        rig.keepToOwnCores();
        rig.proveCores();
        return warmUp;
    }

    /** Where the target's CPU is not seen, or its users are all needed, a short stretch at the scenario's own rate has to do. */
    private Calibration.WarmUp lightWarmUp() {
        double perSecond = setup.load().perSecond();
        if (setup.scenario() == Scenario.million) {
            return new Calibration.WarmUp(true, 0, "20 s at the scenario's own rate come first", perSecond);
        }
        double rate = Math.max(0.5, perSecond / 2);
        double stretch = setup.options().quick() ? 2 : 8;
        rig.conductor().drive(Windows.Plan.of(Window.Role.WARM_UP, Workload.OWN_MIX, rate, stretch));
        requireTarget();
        return new Calibration.WarmUp(true, stretch, "%.0f s at half the rate".formatted(stretch), rate);
    }

    private Verdict scenario(Calibration.WarmUp warmUp) {
        var load = setup.load();
        var workload = setup.workload();
        double usersPerRequest = load.stretch() / workload.requestsPerSecondPerUser();
        var plan = new ScenarioRun.Plan(
                setup.scenario().name(),
                load.perSecond(),
                load.seconds(),
                setup.asked().slo(),
                usersPerRequest);
        var conductor = rig.conductor();
        var run = new ScenarioRun(conductor, workload, plan, recorder, seconds, this::requireTarget, progress);
        return switch (setup.scenario()) {
            case ramp -> run.ramp();
            case spike -> run.spike();
            case stress -> run.stress();
            case soak -> run.soak();
            case failover -> failover(run, plan);
            case million ->
                new MillionRun(
                                conductor,
                                workload,
                                plan,
                                load.stretch(),
                                rig.generator(),
                                setup.options().quick() ? 2 : 20,
                                progress)
                        .run(conductor::reports);
            default ->
                new KneeRun(
                                conductor,
                                workload,
                                plan,
                                setup.options().seed(),
                                recorder,
                                seconds,
                                this::requireTarget,
                                progress)
                        .run(setup.options().target() == null ? 0.5 * warmUp.fullCorePerSecond() : 2);
        };
    }

    /** What the workload was made to ask, beside the objective: whether abuse was stopped, and how it looks from each region. */
    private Verdict withItsQuestions(Verdict verdict) {
        var windows = recorder.record().windows().stream()
                .filter(window -> window.role() == Window.Role.SCENARIO && window.excluded() == null)
                .toList();
        var abuse = Abuse.in(windows, setup.workload());
        var regions = ByRegion.in(windows, setup.asked().slo(), ScenarioRun.headline(setup.workload()));
        var withRegions = regions.map(each -> each.addedTo(verdict)).orElse(verdict);
        return abuse.map(each -> each.addedTo(withRegions)).orElse(withRegions);
    }

    private Verdict failover(ScenarioRun run, ScenarioRun.Plan plan) {
        var stack = Objects.requireNonNull(rig.stack(), "a failover has a stack of its own");
        var place = new FailoverRun.Place(
                stack.api(),
                stack.signingKey(),
                setup.options().seed(),
                setup.writesFile(),
                () -> rig.conductor().rest(1));
        return new FailoverRun(run, setup.workload(), plan, setup.asked(), stack.breaker(), place, progress).run();
    }

    /** Fails with one line when a target that ran when it all began is no longer there. */
    private void requireTarget() {
        var target = setup.options().target();
        if (target != null) {
            Targets.requireStill(target, recorder.record(), rig.conductor().failures());
        }
    }

    private void write(Verdict verdict) {
        var file = setup.directory().resolve("verdict.json");
        try {
            WholeFile.write(file, verdict.json().toPrettyString() + "\n");
        } catch (IOException e) {
            throw LabException.failed(file + ": cannot be written (" + e.getMessage()
                    + "): the record so far is kept as partial; make room and run again");
        }
    }
}
