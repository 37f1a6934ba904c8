package me.musclemap.load.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunId;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.RunRecords;
import me.musclemap.load.record.Sha256;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.Window;
import me.musclemap.load.traces.TraceReceiver;
import me.musclemap.load.validity.CalibrationChecks;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/** One measuring run of a scenario, from the free cores to the finished record. */
final class MeasuringRun {
    /** What is asked for by name. */
    enum Scenario {
        calibrate,
        smoke
    }

    /** Java programs of the system under test. */
    private static final List<String> WARMED_ON_BOTH = List.of("api", "rum");

    /** What a program ends with whose result is not valid. */
    private static final int NOT_VALID = 4;

    private static final String STACK_NAME = "reference-embedded";
    private static final String STACK_SCOPE = "API, PostgreSQL and Redis only";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LabConfig config;
    private final Programs programs;
    private final Options options;
    private final Scenario scenario;
    private final Progress progress;
    private final Workload workload;
    private final Path workloadFile;
    private final Path directory;
    private final String id;
    private final boolean resumed;

    MeasuringRun(LabConfig config, Programs programs, Options options, Scenario scenario, Progress progress) {
        this.config = config;
        this.programs = programs;
        this.options = options;
        this.scenario = scenario;
        this.progress = progress;
        workloadFile = options.workloadFile(config.home());
        workload = Workload.load(workloadFile);
        id = RunId.next(Instant.now(), new SplittableRandom());
        directory = config.runs().resolve(id);
        resumed = false;
    }

    /** Goes on with an interrupted run. */
    private MeasuringRun(
            LabConfig config, Programs programs, Options options, Progress progress, RunRecord before, Path directory) {
        this.config = config;
        this.programs = programs;
        this.options = options;
        this.scenario = Scenario.calibrate;
        this.progress = progress;
        workloadFile = options.workloadFile(config.home());
        workload = Workload.load(workloadFile);
        id = before.id();
        this.directory = directory;
        resumed = true;
    }

    /** The interrupted full calibration in this directory, which goes on where it stopped if nothing changed meanwhile. */
    static MeasuringRun resume(LabConfig config, Programs programs, Path directory, Progress progress) {
        var before = RunRecords.read(directory);
        if (before.status() == RunRecord.Status.complete) {
            throw LabException.wrongArguments(directory + ": this run came to its end: there is nothing to resume");
        }
        var asked = Campaign.asked(directory);
        var options = new Options(
                asked.workload(),
                before.dataset().users(),
                before.dataset().workouts(),
                before.seed(),
                asked.full(),
                asked.quick(),
                true,
                before.cores().shared(),
                null,
                false);
        var run = new MeasuringRun(config, programs, options, progress, before, directory);
        run.requireSame("host", before.host().fingerprint(), HostFacts.read().fingerprint());
        run.requireSame(
                "commit", before.headroom().commit(), Version.of(config.home()).commit());
        run.requireSame("workload", before.workload().sha256(), run.workload.sha256());
        return run;
    }

    private void requireSame(String what, String before, String now) {
        if (!before.equals(now)) {
            throw LabException.wrongArguments(directory + ": its " + what + " is " + before + ", now it is " + now
                    + ": restarts of one run are of one system; start the calibration anew");
        }
    }

    /** What the run is asked to be. */
    Options options() {
        return options;
    }

    /** How many phases a person sees of it. */
    static int phases(Scenario scenario, Options options) {
        return scenario == Scenario.smoke
                ? 2
                : Campaign.restarts(options).stream().mapToInt(Restart::phases).sum();
    }

    /** Where the record goes. */
    Path directory() {
        return directory;
    }

    /** Drives the scenario and gives the finished record. */
    RunRecord execute() {
        var target = options.target();
        if (target != null) {
            Targets.require(target, options.ownsTarget(), scenario);
        }
        makeDirectory();
        var campaign = resumed ? Campaign.resume(directory, options) : Campaign.begin(directory, options);
        campaign.save();
        var allowed = Cores.allowed();
        boolean pinned = Cores.canPin(allowed);
        var cores = pinned && !options.shareCores() ? Cores.apart(allowed) : Cores.shared(allowed);
        var recorder = new Recorder(directory, resumed ? interrupted(campaign) : first(cores));
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
            if (!cores.shared()) {
                Cores.moveSelf(allowed);
            }
        }
        var checks = new CalibrationChecks(recorder.record(), campaign.observations(), this::ratePerUser);
        recorder.complete(scenario == Scenario.smoke ? checks.smoke() : checks.validity(), System.currentTimeMillis());
        return recorder.record();
    }

    /**
     * The record as it was cut short: what its last restart began counts no more. Only windows that an earlier restart sealed
     * stand: they are driven once, whatever they say.
     */
    private RunRecord interrupted(Campaign campaign) {
        var before = RunRecords.read(directory);
        int done = campaign.outcome().done();
        return Changed.of(before)
                .windows(before.windows().stream()
                        .map(window -> window.restart() >= done
                                        && window.index() < RunRecord.LATER_INDEX
                                        && window.excluded() == null
                                ? window.without("restart: it was interrupted, and begun again")
                                : window)
                        .toList())
                .record();
    }

    /** One restart, from the stack's start to its end. Between two of them another run may have the cores. */
    private void measure(Cores cores, Recorder recorder, Campaign campaign, Restart restart) {
        // The lab ends first: what stops sends the last of its spans.
        try (var traces = TraceReceiver.start(directory.resolve("traces.ndjson"));
                var lab = Lab.open(config, progress::note)) {
            try {
                lab.takeCores(config, progress::note);
                cores.pinSelf();
                progress.begin("start");
                var running = start(lab, cores, recorder, restart, traces.url(), directory.resolve("logs"));
                progress.end(running.words());
                recorder.update(record ->
                        Changed.of(record).restarts(restart.number() + 1).record());
                try (var scraper = Scraper.start(directory.resolve("metrics.om"), running.metrics())) {
                    drive(lab, cores, recorder, running, campaign, restart);
                    running.generator().stop();
                }
            } catch (LabException e) {
                throw lab.isSignalled() ? LabException.failed("") : e;
            }
        } catch (IOException e) {
            throw LabException.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Everything that was started for the run. */
    private record Running(
            Conductor conductor,
            Generator generator,
            Map<String, URI> metrics,
            Map<String, Long> processes,
            String build,
            String words) {}

    private Running start(Lab lab, Cores cores, Recorder recorder, Restart restart, URI traces, Path logs) {
        var processes = new LinkedHashMap<String, Long>();
        var target = options.target();
        if (target != null) {
            var at = new Generator.Target(target, null, null, options.seed(), options.users());
            var generator = generator(lab, cores, at, logs);
            processes.put("generator", generator.pid());
            return running(lab, cores, recorder, restart, generator, null, Map.of(), processes, "target " + target);
        }
        var size = restart.dataset();
        var stack =
                Stack.start(lab, programs, cores, options.sized(size.users(), size.workouts()), traces, logs, progress);
        recorder.update(record -> Changed.of(record)
                .dataset(restart.number() == 0 ? stack.dataset() : record.dataset())
                .jvms(stack.jvms())
                .pools(stack.pools())
                .stack(new RunRecord.Stack(STACK_NAME, STACK_SCOPE, stack.components()))
                .record());
        var at = new Generator.Target(
                stack.api(),
                stack.rum(),
                stack.signingKey(),
                options.seed(),
                stack.dataset().users());
        var generator = generator(lab, cores, at, logs);
        processes.putAll(stack.stations());
        processes.put("generator", generator.pid());
        var agent = Agent.start(
                lab,
                programs,
                cores,
                processes,
                stack.api(),
                directory.resolve("stations.ndjson"),
                logs.resolve("agent.log"));
        processes.put("agent", agent.pid());
        var metrics = Map.of(
                "api", stack.api().resolve("/metrics"), "rum", stack.rum().resolve("/metrics"));
        return running(lab, cores, recorder, restart, generator, agent, metrics, processes, stack.words());
    }

    private Generator generator(Lab lab, Cores cores, Generator.Target at, Path logs) {
        return Generator.start(
                lab,
                programs,
                cores,
                at,
                workloadFile,
                options.seed(),
                directory,
                logs.resolve("generator.log"),
                progress);
    }

    private Running running(
            Lab lab,
            Cores cores,
            Recorder recorder,
            Restart restart,
            Generator generator,
            @Nullable Agent agent,
            Map<String, URI> metrics,
            Map<String, Long> processes,
            String words) {
        long self = ProcessHandle.current().pid();
        var ours = new ArrayList<>(List.of(self, generator.pid()));
        if (agent != null) {
            ours.add(agent.pid());
        }
        var watch = new CoreWatch(cores.generator(), ours);
        var all = new LinkedHashMap<>(processes);
        all.put("lab", self);
        proveCores(recorder, all);
        return new Running(
                new Conductor(lab, generator, agent, watch, cores, recorder, restart, operations(workload)),
                generator,
                metrics,
                all,
                build(),
                words);
    }

    /** Reads from the kernel where every process may run. */
    private static void proveCores(Recorder recorder, Map<String, Long> processes) {
        var evidence = new ArrayList<RunRecord.Evidence>();
        processes.forEach((name, pid) -> evidence.add(new RunRecord.Evidence(name, pid, ProcFiles.cpusAllowed(pid))));
        recorder.update(record -> Changed.of(record)
                .cores(new RunRecord.CoreUse(
                        record.cores().systemUnderTest(),
                        record.cores().generator(),
                        record.cores().shared(),
                        evidence))
                .record());
    }

    private void drive(Lab lab, Cores cores, Recorder recorder, Running running, Campaign campaign, Restart restart) {
        var births = births(running.processes());
        var conductor = running.conductor();
        Calibration.Result result;
        if (scenario == Scenario.smoke) {
            new Smoke(conductor, workload, recorder, progress, options.quick()).run();
            result = Smoke.RESULT;
        } else {
            var calibration = new Calibration(
                    conductor,
                    workload,
                    restart,
                    options.quick() ? Pace.QUICK : Pace.DEMO,
                    options.seed(),
                    recorder,
                    conditions -> seal(lab, cores, conditions),
                    () -> WARMED_ON_BOTH.forEach(name -> pin(cores, running, name)),
                    progress);
            // JIT compilers need minutes of a core that also serves; with a second one they are done in a third of the
            // time.
            WARMED_ON_BOTH.forEach(name -> lend(cores, running, name));
            var so = campaign.outcome();
            result = calibration.run(so.placement(), so.later());
            proveCores(recorder, running.processes());
        }
        boolean unchanged =
                births.equals(births(running.processes())) && running.build().equals(build());
        campaign.done(result, unchanged, conductor.failures(), conductor.spoiltByMachine());
    }

    /** The operations that belong to a class; a socket's own pings are in none, and are no requests. */
    private static Set<String> operations(Workload workload) {
        return workload.classes().stream()
                .flatMap(fitClass -> fitClass.operations().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void lend(Cores cores, Running running, String name) {
        cores.lend(Objects.requireNonNull(running.processes().get(name), name));
    }

    private static void pin(Cores cores, Running running, String name) {
        cores.pin(Objects.requireNonNull(running.processes().get(name), name));
    }

    /** When each process began: a restart in the middle changes it. */
    private static Map<String, Long> births(Map<String, Long> processes) {
        var births = new LinkedHashMap<String, Long>();
        processes.forEach(
                (name, pid) -> births.put(name, ProcFiles.startTicks(pid).orElse(-1)));
        return births;
    }

    private String build() {
        try {
            return options.target() == null ? Sha256.of(programs.jar("reference-api")) : "";
        } catch (IOException e) {
            throw LabException.failed("reference-api: its program cannot be read: " + e.getMessage());
        }
    }

    private double ratePerUser(String mixName) {
        return workload.mix(mixName).orElseThrow().requestsPerSecondPerUser();
    }

    private Calibration.Sealed seal(Lab lab, Cores cores, ObjectNode conditions) {
        var asked = directory.resolve("conditions.json");
        var sealed = directory.resolve("prediction.json");
        try {
            Files.writeString(asked, conditions.toPrettyString() + "\n");
        } catch (IOException e) {
            throw LabException.failed(asked + ": cannot be written: " + e.getMessage());
        }
        var command = programs.room(
                "capacity-model",
                Programs.ROOM,
                List.of("predict", asked.toString(), "--run", directory.toString(), "--out", sealed.toString()));
        var log = directory.resolve("logs/predict.log");
        var answer = OneShot.attempt("capacity predict", cores.pinGenerator(), command, log, lab::isSignalled);
        if (answer.exitCode() == NOT_VALID) {
            return new Calibration.Sealed(null, OneShot.lastLine(answer.stderr()));
        }
        if (answer.exitCode() != 0) {
            throw LabException.failed("capacity predict: ended with exit code " + answer.exitCode() + ": "
                    + OneShot.lastLine(answer.stderr()) + " (log: " + log + ")");
        }
        var said = answer.stdout();
        try {
            var sha256 = JSON.readTree(said).path("sha256").asText();
            if (!Sha256.of(sealed).equals(sha256)) {
                throw LabException.failed(
                        "capacity predict: says it sealed " + sha256 + ", but " + sealed + " is another file");
            }
            return new Calibration.Sealed(
                    new RunRecord.Prediction("prediction.json", sha256, System.currentTimeMillis()), "");
        } catch (JsonProcessingException e) {
            throw LabException.failed("capacity predict: its answer is not JSON: " + said.strip());
        } catch (IOException e) {
            throw LabException.failed(sealed + ": cannot be read: " + e.getMessage());
        }
    }

    private void makeDirectory() {
        try {
            Files.createDirectories(directory.resolve("logs"));
        } catch (IOException e) {
            throw LabException.failed(directory + ": cannot be made (" + e.getMessage()
                    + "): name another place with --runs or HEADROOM_RUNS");
        }
    }

    private RunRecord first(Cores cores) {
        var own = workload.ownMix();
        var summary = new RunRecord.WorkloadSummary(
                workload.name(),
                workload.sha256(),
                workload.requestsPerSecondPerUser(),
                workload.telemetryPerSecondPerUser(),
                1 / own.sessionSeconds(),
                own.sessionSeconds(),
                own.socketShare(),
                workload.mixes().getOrDefault(Workload.OWN_MIX, Map.of()),
                workload.resolvedJson());
        var stations = cores.shared()
                ? List.of("api", "postgres", "redis", "rum", "generator", "other")
                : List.of("api", "postgres", "redis", "rum", "other");
        return new RunRecord(
                RunRecord.SCHEMA_VERSION,
                id,
                RunRecord.Status.partial,
                scenario.name(),
                options.seed(),
                1,
                System.currentTimeMillis(),
                null,
                Version.of(config.home()),
                options.target() == null ? "embedded" : "target",
                new RunRecord.Stack(
                        options.target() == null ? STACK_NAME : "target",
                        options.target() == null ? STACK_SCOPE : "what answers at " + options.target(),
                        List.of()),
                HostFacts.read(),
                options.target() == null ? Stack.jvms(programs.javaVersion()) : List.of(),
                new RunRecord.CoreUse(cores.systemUnderTest(), cores.generator(), cores.shared(), List.of()),
                summary,
                new RunRecord.Dataset(options.users(), options.workouts(), null, "unknown"),
                Calibration.classes(workload),
                List.of(new RunRecord.Resource("cpu", cores.systemUnderTest().size(), stations)),
                List.of(),
                null,
                null,
                List.<Window>of(),
                0,
                List.of(),
                new Validity(
                        Validity.Outcome.notValid,
                        List.of(new Validity.Check(
                                "complete",
                                Validity.Finding.notValid,
                                null,
                                null,
                                null,
                                "the run has not come to its end"))));
    }
}
