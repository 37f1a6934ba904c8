package me.musclemap.load.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.RunRecords;
import me.musclemap.load.record.Validity;
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.traces.TraceReceiver;
import me.musclemap.load.validity.CalibrationChecks;
import org.jspecify.annotations.Nullable;

/** One measuring run of a scenario, from the free cores to the finished record. Not thread-safe. */
final class MeasuringRun {
    private static final String INTERRUPTED = "restart: it was interrupted, and begun again";

    private final RunSetup setup;
    private final Progress progress;
    private final SecondsLog seconds;
    private ObjectiveRun.@Nullable Ended ended;

    MeasuringRun(RunSetup setup, Progress progress) {
        this.setup = setup;
        this.progress = progress;
        seconds = new SecondsLog(progress);
    }

    /** What the run is asked to be. */
    Options options() {
        return setup.options();
    }

    /** How many phases a person sees of it. */
    static int phases(Scenario scenario, Options options) {
        if (scenario != Scenario.calibrate) {
            return scenario.hasObjective() ? 3 : 2;
        }
        return Campaign.restarts(options).stream().mapToInt(Restart::phases).sum();
    }

    /** Where the record goes. */
    Path directory() {
        return setup.directory();
    }

    /** How the scenario ended; empty before, and for scenarios without an objective. */
    Optional<Verdict> verdict() {
        return Optional.ofNullable(ended).map(ObjectiveRun.Ended::verdict);
    }

    /** Drives the scenario and gives the finished record. */
    RunRecord execute() {
        var options = setup.options();
        var target = options.target();
        if (target != null) {
            Targets.require(target, options.ownsTarget(), setup.scenario());
        }
        makeDirectory();
        var campaign = setup.resumed() ? Campaign.resume(directory(), options) : Campaign.begin(directory(), options);
        campaign.save();
        var allowed = Cores.allowed();
        boolean pinned = Cores.canPin(allowed);
        var cores = pinned && !options.shareCores() ? Cores.apart(allowed) : Cores.shared(allowed);
        var recorder = new Recorder(
                directory(),
                setup.resumed()
                        ? interrupted(
                                RunRecords.read(directory()), campaign.outcome().done())
                        : FirstRecord.of(setup, cores));
        if (!pinned && !options.shareCores()) {
            progress.note("no free core for the generator: the run is not valid");
            recorder.complete(CalibrationChecks.noFreeCore(allowed.size()), System.currentTimeMillis());
            return recorder.record();
        }
        try {
            while (true) {
                var restart = campaign.next();
                if (restart.isEmpty()) {
                    break;
                }
                measure(cores, recorder, campaign, restart.get());
            }
        } finally {
            new RunAccounts(setup, progress).cleanUp();
            if (!cores.shared()) {
                Cores.moveSelf(allowed);
            }
        }
        recorder.complete(validity(recorder, campaign), System.currentTimeMillis());
        return recorder.record();
    }

    private Validity validity(Recorder recorder, Campaign campaign) {
        if (ended != null) {
            return ended.validity();
        }
        var checks = new CalibrationChecks(recorder.record(), campaign.observations(), setup::ratePerUser);
        return setup.scenario() == Scenario.smoke ? checks.smoke() : checks.validity();
    }

    /**
     * The record as it was cut short: what its last restart began counts no more. Only windows that an earlier restart sealed
     * stand: they are driven once, whatever they say.
     *
     * @param done restarts that came to their end
     */
    static RunRecord interrupted(RunRecord before, int done) {
        return Changed.of(before)
                .windows(before.windows().stream()
                        .map(window -> window.restart() >= done
                                        && window.index() < RunRecord.LATER_INDEX
                                        && window.excluded() == null
                                ? window.without(INTERRUPTED)
                                : window)
                        .toList())
                // They are written on: a hash of what they were would refuse the record if this is cut short too.
                .files(List.of())
                .periodic(before.periodicWork().stream()
                        .map(work -> work.restart() >= done ? work.without(INTERRUPTED) : work)
                        .toList())
                .record();
    }

    /** One restart, from the stack's start to its end. Between two of them another run may have the cores. */
    private void measure(Cores apart, Recorder recorder, Campaign campaign, Restart restart) {
        var cores = restart.onTwoCores() ? apart.together() : apart;
        // The lab ends first: what stops sends the last of its spans.
        try (var traces = TraceReceiver.start(directory().resolve("traces.ndjson"));
                var lab = Lab.open(setup.config(), progress::note)) {
            try {
                lab.takeCores(setup.config(), progress::note);
                if (restart.onTwoCores()) {
                    Cores.moveSelf(cores.systemUnderTest());
                } else {
                    cores.pinSelf();
                }
                measureSecondCore(lab, cores, recorder);
                progress.begin("start");
                var rig = Rig.start(setup, lab, cores, recorder, restart, traces.url(), seconds, progress);
                progress.end(rig.words());
                recorder.update(record ->
                        Changed.of(record).restarts(restart.number() + 1).record());
                try (var scraper = Scraper.start(directory().resolve("metrics.om"), rig.metrics());
                        var watcher = watcher(rig, scraper)) {
                    drive(lab, cores, recorder, rig, campaign, restart);
                    rig.generator().stop();
                    if (watcher != null && ended != null) {
                        watcher.end(ended.verdict(), ended.validity().verdict() != Validity.Outcome.notValid);
                    }
                }
            } catch (LabException e) {
                throw lab.isSignalled() ? LabException.failed("") : e;
            }
        } catch (IOException e) {
            throw LabException.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Once a calibration, while nothing else runs: what the model needs to plan for more cores than it sees. */
    private void measureSecondCore(Lab lab, Cores cores, Recorder recorder) {
        if (setup.scenario() != Scenario.calibrate
                || setup.options().target() != null
                || cores.shared()
                || recorder.record().host().secondCore() != null) {
            return;
        }
        var measured = SecondCoreProbe.run(
                lab, setup.programs(), cores, setup.options().quick(), setup.logs());
        progress.note("second core: " + measured.words());
        measured.secondCore()
                .ifPresent(found -> recorder.update(record ->
                        Changed.of(record).host(record.host().with(found)).record()));
    }

    /** The page, where one was asked for. */
    private @Nullable Watcher watcher(Rig rig, Scraper scraper) {
        if (!setup.asked().view()) {
            return null;
        }
        var stack = rig.stack();
        return Watcher.start(
                setup.scenario().name(),
                setup.id(),
                setup.asked().slo(),
                progress,
                seconds,
                stack == null ? Map.of() : stack.stations(),
                () -> Optional.of(scraper));
    }

    private void drive(Lab lab, Cores cores, Recorder recorder, Rig rig, Campaign campaign, Restart restart) {
        var conductor = rig.conductor();
        if (setup.scenario().hasObjective()) {
            ended = new ObjectiveRun(setup, recorder, rig, seconds, progress).drive(restart);
            campaign.done(
                    Smoke.RESULT, true, conductor.failures(), conductor.spoiltByMachine(), conductor.ofGenerator());
            return;
        }
        var before = rig.identity();
        var result = setup.scenario() == Scenario.smoke
                ? smoke(recorder, conductor)
                : calibrate(lab, cores, recorder, rig, campaign, restart);
        campaign.done(
                result,
                before.equals(rig.identity()),
                conductor.failures(),
                conductor.spoiltByMachine(),
                conductor.ofGenerator());
    }

    private Calibration.Result smoke(Recorder recorder, Conductor conductor) {
        var options = setup.options();
        new Smoke(conductor, setup.workload(), recorder, progress, options.quick(), options.target() != null).run();
        return Smoke.RESULT;
    }

    private Calibration.Result calibrate(
            Lab lab, Cores cores, Recorder recorder, Rig rig, Campaign campaign, Restart restart) {
        var calibration = new Calibration(
                rig.conductor(),
                setup.workload(),
                restart,
                setup.pace(),
                setup.options().seed(),
                recorder,
                new SealedByModel(setup, lab, cores),
                rig::keepToOwnCores,
                rig.chores(),
                progress);
        rig.lendGeneratorsCores();
        var so = campaign.outcome();
        var result = calibration.run(so.placement(), so.later());
        rig.proveCores();
        return result;
    }

    private void makeDirectory() {
        try {
            Files.createDirectories(setup.logs());
        } catch (IOException e) {
            throw LabException.failed(directory() + ": cannot be made (" + e.getMessage()
                    + "): name another place with --runs or HEADROOM_RUNS");
        }
    }
}
