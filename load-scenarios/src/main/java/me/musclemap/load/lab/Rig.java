package me.musclemap.load.lab;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Sha256;
import me.musclemap.load.scenario.Second;
import org.jspecify.annotations.Nullable;

/**
 * What stands for one restart: the system under test or the target that was named, the generator, the host agent, and the conductor of
 * them. Its processes belong to the lab. Not thread-safe.
 */
final class Rig {
    /** Java programs of the system under test. */
    private static final List<String> WARMED_ON_BOTH = List.of("api", "rum");

    /** Sessions are what a million is about; sockets are capped by the file limit, and are another scenario's. */
    private static final int MILLION_SOCKETS = 1000;

    /** Which processes of which build are there; a restart in the middle of a run makes another one. */
    record Identity(Map<String, Long> births, String build) {}

    private final RunSetup setup;
    private final Cores cores;
    private final Recorder recorder;
    private final Map<String, Long> processes = new LinkedHashMap<>();
    private final @Nullable Stack stack;
    private final Generator generator;
    private final Conductor conductor;

    private Rig(
            RunSetup setup,
            Lab lab,
            Cores cores,
            Recorder recorder,
            Restart restart,
            URI traces,
            SecondsLog seconds,
            Progress progress) {
        this.setup = setup;
        this.cores = cores;
        this.recorder = recorder;
        var target = setup.options().target();
        stack = target == null ? stack(lab, restart, traces, progress) : null;
        if (target != null) {
            new RunAccounts(setup, progress).prepare(target);
        }
        generator = generator(lab, stack == null ? atTarget(Objects.requireNonNull(target)) : at(stack), seconds);
        if (stack != null) {
            processes.putAll(stack.stations());
        }
        processes.put("generator", generator.pid());
        var agent = stack == null ? null : agent(lab, stack);
        long self = ProcessHandle.current().pid();
        var ours = new ArrayList<>(List.of(self, generator.pid()));
        if (agent != null) {
            processes.put("agent", agent.pid());
            ours.add(agent.pid());
        }
        processes.put("lab", self);
        var silence = silence(seconds);
        conductor = new Conductor(
                lab,
                generator,
                agent,
                new CoreWatch(cores.generator(), ours),
                cores,
                recorder,
                restart,
                setup.workload().classedOperations(),
                silence);
    }

    /** Ends a run whose target died in the middle; a failover kills on purpose, and a calibration judges its windows itself. */
    private Runnable silence(SecondsLog seconds) {
        if (setup.scenario() == Scenario.failover || setup.scenario() == Scenario.calibrate) {
            return () -> {};
        }
        var target = setup.options().target();
        var silence = target == null
                ? new Silence(Objects.requireNonNull(stack).apiItself(), "api", Targets::gone)
                : new Silence(target, "--target=" + target, Targets::gone);
        seconds.show(silence);
        return silence::check;
    }

    /** Starts all of it and waits until it answers; spans of sampled requests go to {@code traces}. */
    static Rig start(
            RunSetup setup,
            Lab lab,
            Cores cores,
            Recorder recorder,
            Restart restart,
            URI traces,
            SecondsLog seconds,
            Progress progress) {
        var rig = new Rig(setup, lab, cores, recorder, restart, traces, seconds, progress);
        rig.proveCores();
        return rig;
    }

    private Stack stack(Lab lab, Restart restart, URI traces, Progress progress) {
        var size = restart.dataset();
        var options = setup.options().sized(size.users(), size.workouts());
        var started =
                Stack.start(lab, setup.config(), setup.programs(), cores, options, traces, setup.logs(), progress);
        recorder.update(record -> Changed.of(record)
                .dataset(restart.number() == 0 ? started.dataset() : record.dataset())
                .jvms(started.jvms())
                .pools(started.pools())
                .stack(options.stack(started.components()))
                .record());
        return started;
    }

    private Generator.Target at(Stack own) {
        return new Generator.Target(
                own.api(),
                own.rum(),
                own.signingKey(),
                setup.options().seed(),
                own.dataset().users());
    }

    private Generator.Target atTarget(URI target) {
        var options = setup.options();
        return new Generator.Target(target, null, null, options.seed(), options.users());
    }

    private Generator generator(Lab lab, Generator.Target at, Consumer<Second> seconds) {
        return Generator.start(
                lab,
                setup.programs(),
                cores,
                at,
                setup.workloadFile(),
                setup.options().seed(),
                play(),
                setup.directory(),
                setup.logs().resolve("generator.log"),
                seconds);
    }

    private Generator.Play play() {
        boolean million = setup.scenario() == Scenario.million;
        boolean own = setup.options().target() == null;
        return new Generator.Play(
                setup.load().stretch(),
                million,
                own ? null : setup.accountsFile(),
                own || setup.asked().varyClientAddress(),
                setup.scenario() == Scenario.failover ? setup.writesFile() : null,
                million ? MILLION_SOCKETS : null,
                million ? Programs.MILLION : Programs.GENERATOR);
    }

    private Agent agent(Lab lab, Stack own) {
        return Agent.start(
                lab,
                setup.programs(),
                cores,
                processes,
                own.apiItself(),
                setup.directory().resolve("stations.ndjson"),
                setup.logs().resolve("agent.log"));
    }

    Conductor conductor() {
        return conductor;
    }

    Generator generator() {
        return generator;
    }

    /** The system under test; null where it is a target. */
    @Nullable
    Stack stack() {
        return stack;
    }

    /** What the system under test does at intervals when nobody measures; nothing is known of a target's. */
    List<Chore> chores() {
        return stack == null ? List.of() : stack.chores();
    }

    /** Where figures are to be had, by name of the program. */
    Map<String, URI> metrics() {
        return stack == null
                ? Map.of()
                : Map.of(
                        "api",
                        stack.apiItself().resolve("/metrics"),
                        "rum",
                        stack.rum().resolve("/metrics"));
    }

    /** What started, in one line. */
    String words() {
        return stack == null ? "target " + setup.options().target() : stack.words();
    }

    /** Compilers need minutes of a core that also serves; with a second one they are done in a third of the time. */
    void lendGeneratorsCores() {
        WARMED_ON_BOTH.forEach(name -> cores.lend(pid(name)));
    }

    /** Takes them back. */
    void keepToOwnCores() {
        WARMED_ON_BOTH.forEach(name -> cores.pin(pid(name)));
    }

    private long pid(String name) {
        return Objects.requireNonNull(processes.get(name), name);
    }

    /** Reads from the kernel where every process may run, and records it; a restart on other cores proves nothing of the run's. */
    void proveCores() {
        if (!cores.systemUnderTest().equals(recorder.record().cores().systemUnderTest())) {
            return;
        }
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

    /** Who is there at this moment. */
    Identity identity() {
        var births = new LinkedHashMap<String, Long>();
        processes.forEach(
                (name, pid) -> births.put(name, ProcFiles.startTicks(pid).orElse(-1)));
        try {
            return new Identity(
                    births, stack == null ? "" : Sha256.of(setup.programs().jar("reference-api")));
        } catch (IOException e) {
            throw LabException.failed("reference-api: its program cannot be read: " + e.getMessage());
        }
    }
}
