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
import java.util.Optional;
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
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.traces.TraceReceiver;
import me.musclemap.load.validity.CalibrationChecks;
import me.musclemap.load.validity.ScenarioChecks;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/** One measuring run of a scenario, from the free cores to the finished record. */
final class MeasuringRun {
    /** What is asked for by name. */
    enum Scenario {
        calibrate,
        smoke,
        ramp,
        knee,
        spike,
        stress,
        soak,
        failover,
        million;

        /** Whether it has an objective, and ends with a verdict on it. */
        boolean hasObjective() {
            return this != calibrate && this != smoke;
        }
    }

    /** Java programs of the system under test. */
    private static final List<String> WARMED_ON_BOTH = List.of("api", "rum");

    /** What a program ends with whose result is not valid. */
    private static final int NOT_VALID = 4;

    /** Sessions are what a million is about; sockets are capped by the file limit, and are another scenario's. */
    private static final int MILLION_SOCKETS = 1000;

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
    private final Asked asked;
    private final Load load;
    private final SecondsLog seconds;
    private @Nullable Verdict verdict;
    private @Nullable Validity validity;

    MeasuringRun(LabConfig config, Programs programs, Options options, Scenario scenario, Progress progress) {
        this(config, programs, options, scenario, progress, Asked.nothing(), options.users());
    }

    /** @param datasetUsers how many users the person wants in the data set, or null: as many as the scenario needs */
    MeasuringRun(
            LabConfig config,
            Programs programs,
            Options asOptions,
            Scenario scenario,
            Progress progress,
            Asked asked,
            @Nullable Long datasetUsers) {
        this.config = config;
        this.programs = programs;
        this.scenario = scenario;
        this.progress = progress;
        this.asked = asked;
        seconds = new SecondsLog(progress);
        workloadFile = asOptions.workloadFile(config.home());
        workload = Workload.load(workloadFile);
        boolean target = asOptions.target() != null;
        if (target && workload.needsSeededData()) {
            throw LabException.wrongArguments("--workload=" + workload.name()
                    + ": it needs conversations that only a data set of ours has; choose another for --target");
        }
        if (scenario == Scenario.calibrate && !target) {
            requireUsersToCalibrate(asOptions.users());
        }
        load = scenario.hasObjective()
                ? Load.of(scenario, asked, workload, datasetUsers, target)
                : new Load(0, 0, 0, target ? accountsForSmoke() : asOptions.users(), 1);
        options = asOptions.sized(load.datasetUsers(), asOptions.workouts());
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
        asked = Asked.nothing();
        load = new Load(0, 0, 0, options.users(), 1);
        seconds = new SecondsLog(progress);
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
                Profile.of(before.profile()),
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
        if (scenario != Scenario.calibrate) {
            return scenario.hasObjective() ? 3 : 2;
        }
        return Campaign.restarts(options).stream().mapToInt(Restart::phases).sum();
    }

    /** Where the record goes. */
    Path directory() {
        return directory;
    }

    private long accountsForSmoke() {
        var users = asked.users();
        return users == null ? Load.ACCOUNTS : users;
    }

    /** A calibration that cannot even warm up says so before it starts anything. */
    private void requireUsersToCalibrate(long users) {
        double perUser = workload.requestsPerSecondPerUser();
        if (users * perUser < Calibration.FIRST_PER_SECOND) {
            throw LabException.wrongArguments(String.format(
                    java.util.Locale.ROOT,
                    "--users=%d: at this workload's pace they make %.1f requests/s, and a calibration begins at %.0f: use --users %d or more",
                    users,
                    users * perUser,
                    Calibration.FIRST_PER_SECOND,
                    (long) Math.ceil(Calibration.FIRST_PER_SECOND / perUser / 0.9)));
        }
    }

    /** How the scenario ended; empty before, and for scenarios without an objective. */
    Optional<Verdict> verdict() {
        return Optional.ofNullable(verdict);
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
            cleanUp();
            if (!cores.shared()) {
                Cores.moveSelf(allowed);
            }
        }
        if (validity != null) {
            recorder.complete(validity, System.currentTimeMillis());
            return recorder.record();
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
                try (var scraper = Scraper.start(directory.resolve("metrics.om"), running.metrics());
                        var watcher = watcher(running, scraper)) {
                    drive(lab, cores, recorder, running, campaign, restart);
                    running.generator().stop();
                    if (watcher != null && verdict != null && validity != null) {
                        watcher.end(verdict, validity.verdict() != Validity.Outcome.notValid);
                    }
                }
            } catch (LabException e) {
                throw lab.isSignalled() ? LabException.failed("") : e;
            }
        } catch (IOException e) {
            throw LabException.failed(String.valueOf(e.getMessage()));
        }
    }

    /** The page, where one was asked for. */
    private @Nullable Watcher watcher(Running running, Scraper scraper) {
        if (!asked.view()) {
            return null;
        }
        var stack = running.stack();
        return Watcher.start(
                scenario.name(),
                id,
                asked.slo(),
                progress,
                seconds,
                stack == null ? Map.of() : stack.stations(),
                () -> Optional.of(scraper));
    }

    /** Everything that was started for the run. */
    private record Running(
            Conductor conductor,
            Generator generator,
            @Nullable Stack stack,
            Map<String, URI> metrics,
            Map<String, Long> processes,
            String build,
            String words) {}

    private Running start(Lab lab, Cores cores, Recorder recorder, Restart restart, URI traces, Path logs) {
        var processes = new LinkedHashMap<String, Long>();
        var target = options.target();
        if (target != null) {
            useAccounts(target);
            var at = new Generator.Target(target, null, null, options.seed(), options.users());
            var generator = generator(lab, cores, at, logs);
            processes.put("generator", generator.pid());
            return running(
                    lab, cores, recorder, restart, generator, null, null, Map.of(), processes, "target " + target);
        }
        var size = restart.dataset();
        var stack = Stack.start(
                lab, config, programs, cores, options.sized(size.users(), size.workouts()), traces, logs, progress);
        recorder.update(record -> Changed.of(record)
                .dataset(restart.number() == 0 ? stack.dataset() : record.dataset())
                .jvms(stack.jvms())
                .pools(stack.pools())
                .stack(new RunRecord.Stack(
                        options.profile().stack(), options.profile().scope(), stack.components()))
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
                stack.apiItself(),
                directory.resolve("stations.ndjson"),
                logs.resolve("agent.log"));
        processes.put("agent", agent.pid());
        var metrics = Map.of(
                "api", stack.apiItself().resolve("/metrics"), "rum", stack.rum().resolve("/metrics"));
        return running(lab, cores, recorder, restart, generator, agent, stack, metrics, processes, stack.words());
    }

    private Generator generator(Lab lab, Cores cores, Generator.Target at, Path logs) {
        return Generator.start(
                lab,
                programs,
                cores,
                at,
                workloadFile,
                options.seed(),
                play(),
                directory,
                logs.resolve("generator.log"),
                seconds);
    }

    private Generator.Play play() {
        boolean million = scenario == Scenario.million;
        return new Generator.Play(
                load.stretch(),
                million,
                options.target() == null ? null : accountsFile(),
                options.target() == null || asked.varyClientAddress(),
                scenario == Scenario.failover ? writes() : null,
                million ? MILLION_SOCKETS : null,
                million ? Programs.MILLION : Programs.GENERATOR);
    }

    /** Given ones are checked, others are created: no target is thought to have users of ours. */
    private void useAccounts(URI target) {
        var given = asked.accounts();
        if (given == null) {
            targetAccounts(target).create((int) options.users(), id, accountsFile());
            return;
        }
        int there = me.musclemap.load.drive.Accounts.read(given).all().size();
        if (there < options.users()) {
            throw LabException.wrongArguments("--accounts=" + given + ": it has " + there + " accounts, and "
                    + options.users() + " users are asked for: add accounts, or use --users " + there + " or less");
        }
    }

    private TargetAccounts targetAccounts(URI target) {
        return new TargetAccounts(target, asked.varyClientAddress(), progress::note);
    }

    private Path accountsFile() {
        var given = asked.accounts();
        return given == null ? directory.resolve("accounts.csv") : given;
    }

    /** Whatever the run ended with. */
    private void cleanUp() {
        var target = options.target();
        if (target != null && Files.isRegularFile(accountsFile())) {
            targetAccounts(target)
                    .cleanUp(
                            me.musclemap.load.drive.Accounts.read(accountsFile()),
                            asked.accounts() == null,
                            accountsFile());
        }
    }

    private Path writes() {
        return directory.resolve("logs/acknowledged-sets.txt");
    }

    private Running running(
            Lab lab,
            Cores cores,
            Recorder recorder,
            Restart restart,
            Generator generator,
            @Nullable Agent agent,
            @Nullable Stack stack,
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
                stack,
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
        if (scenario.hasObjective()) {
            validity = new Objective(cores, recorder, running).drive(restart, births);
            campaign.done(Smoke.RESULT, true, conductor.failures(), conductor.spoiltByMachine());
            return;
        }
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

    /** A scenario with an objective: warm-up, the scenario itself, its verdict, and whether that is worth anything. */
    private final class Objective {
        private final Cores cores;
        private final Recorder recorder;
        private final Running running;

        Objective(Cores cores, Recorder recorder, Running running) {
            this.cores = cores;
            this.recorder = recorder;
            this.running = running;
        }

        Validity drive(Restart restart, Map<String, Long> births) {
            var warmUp = warmUp(restart);
            progress.begin(scenario.name());
            var ended = scenario(warmUp);
            verdict = ended;
            progress.end(ended.met() ? "objective met" : "objective missed");
            write(ended);
            boolean unchanged = scenario == Scenario.failover || births.equals(births(running.processes()));
            var observations = new ScenarioChecks.Observations(
                    warmUp.settled() ? Optional.empty() : Optional.of(warmUp.words()), ofGenerator(), unchanged);
            return new ScenarioChecks(recorder.record(), observations, mix -> ratePerUser(mix) / load.stretch())
                    .validity();
        }

        private Calibration.WarmUp warmUp(Restart restart) {
            progress.begin("warm up");
            Calibration.WarmUp warmUp;
            if (options.target() != null || scenario == Scenario.million) {
                warmUp = lightWarmUp();
            } else {
                var calibration = new Calibration(
                        running.conductor(),
                        workload,
                        restart,
                        options.quick() ? Pace.QUICK : Pace.DEMO,
                        options.seed(),
                        recorder,
                        conditions -> new Calibration.Sealed(null, "a scenario predicts nothing"),
                        () -> {},
                        progress);
                WARMED_ON_BOTH.forEach(name -> lend(cores, running, name));
                warmUp = calibration.warmUp();
                WARMED_ON_BOTH.forEach(name -> pin(cores, running, name));
                proveCores(recorder, running.processes());
            }
            progress.end(warmUp.words());
            return warmUp;
        }

        /** Where the target's CPU is not seen, or its users are all needed, a short stretch at the scenario's own rate has to do. */
        private Calibration.WarmUp lightWarmUp() {
            if (scenario == Scenario.million) {
                return new Calibration.WarmUp(true, 0, "20 s at the scenario's own rate come first", load.perSecond());
            }
            double rate = Math.max(0.5, load.perSecond() / 2);
            double stretch = options.quick() ? 2 : 8;
            running.conductor().drive(Windows.Plan.of(Window.Role.WARM_UP, Workload.OWN_MIX, rate, stretch));
            requireTarget();
            return new Calibration.WarmUp(true, stretch, "%.0f s at half the rate".formatted(stretch), rate);
        }

        private Verdict scenario(Calibration.WarmUp warmUp) {
            double usersPerRequest = load.stretch() / workload.requestsPerSecondPerUser();
            var plan = new ScenarioRun.Plan(
                    scenario.name(), load.perSecond(), load.seconds(), asked.slo(), usersPerRequest);
            var conductor = running.conductor();
            var run = new ScenarioRun(conductor, workload, plan, recorder, seconds, this::requireTarget, progress);
            return switch (scenario) {
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
                                    running.generator(),
                                    options.quick() ? 2 : 20,
                                    progress)
                            .run(conductor::reports);
                default ->
                    new KneeRun(
                                    conductor,
                                    workload,
                                    plan,
                                    options.seed(),
                                    recorder,
                                    seconds,
                                    this::requireTarget,
                                    progress)
                            .run(options.target() == null ? 0.5 * warmUp.fullCorePerSecond() : 2);
            };
        }

        private Verdict failover(ScenarioRun run, ScenarioRun.Plan plan) {
            var stack = Objects.requireNonNull(running.stack(), "a failover has a stack of its own");
            var place = new FailoverRun.Place(
                    stack.api(),
                    stack.signingKey(),
                    options.seed(),
                    writes(),
                    () -> running.conductor().rest(1));
            return new FailoverRun(run, workload, plan, asked, stack.breaker(), place, progress).run();
        }

        /** Fails with one line when a target that ran when it all began is no longer there. */
        private void requireTarget() {
            var target = options.target();
            if (target != null) {
                Targets.requireStill(
                        target, recorder.record(), running.conductor().failures());
            }
        }

        private Map<Integer, ScenarioChecks.OfGenerator> ofGenerator() {
            var all = new LinkedHashMap<Integer, ScenarioChecks.OfGenerator>();
            running.conductor()
                    .reports()
                    .forEach((index, said) -> all.put(
                            index,
                            new ScenarioChecks.OfGenerator(
                                    said.at("/generator/gcMaxPauseSeconds").asDouble(),
                                    said.path("generatorFaults").asLong(),
                                    said.at("/generator/openFiles").asLong(),
                                    said.at("/generator/mostFiles").asLong())));
            return all;
        }

        private void write(Verdict ended) {
            var file = directory.resolve("verdict.json");
            try {
                Files.writeString(file, ended.json().toPrettyString() + "\n");
            } catch (IOException e) {
                throw LabException.failed(file + ": cannot be written (" + e.getMessage()
                        + "): the record so far is kept as partial; make room and run again");
            }
        }
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
        var stations = options.profile().stations(cores.shared());
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
                options.target() == null ? options.profile().name() : "target",
                new RunRecord.Stack(
                        options.target() == null ? options.profile().stack() : "target",
                        options.target() == null ? options.profile().scope() : "what answers at " + options.target(),
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
