package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import me.musclemap.load.drive.Accounts;
import me.musclemap.load.drive.OneUser;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/** What the lab does for a command; each answers with the exit code of the process. */
public final class Commands {
    private static final String GENERATOR_MAIN = "me.musclemap.load.drive.GeneratorMain";
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISSED = 3;
    private static final int NOT_VALID = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LabConfig config;
    private final Programs programs;
    private final PrintStream out;
    private final PrintStream err;

    /** Commands in this environment; results go to {@code out}, progress to {@code err}. */
    public Commands(LabConfig config, PrintStream out, PrintStream err) {
        this.config = config;
        this.programs = new Programs(config, GENERATOR_MAIN);
        this.out = out;
        this.err = err;
    }

    /** Runs a scenario by its name, with nothing asked for beyond what every run is told. */
    public int run(String name, Options options, boolean json, boolean quiet) {
        return run(name, options, Asked.nothing(), options.users(), json, quiet);
    }

    /**
     * Runs a scenario by its name.
     *
     * @param datasetUsers how many users the person wants in the data set, or null: as many as the scenario needs
     */
    public int run(
            String name, Options options, Asked asked, @Nullable Long datasetUsers, boolean json, boolean quiet) {
        var scenario = Arrays.stream(Scenario.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> LabException.wrongArguments("unknown scenario '" + name + "': use one of "
                        + Arrays.stream(Scenario.values()).map(Enum::name).collect(Collectors.joining(", "))));
        if (options.full() && scenario != Scenario.calibrate) {
            throw LabException.wrongArguments("--full: only a calibration has restarts; leave it out for " + name);
        }
        int phases = MeasuringRun.phases(scenario, options);
        var progress = new Progress(err, Progress.styleOf(json, quiet), phases);
        var setup = RunSetup.of(config, programs, options, scenario, asked, datasetUsers);
        return answer(new MeasuringRun(setup, progress), progress, json);
    }

    /** Goes on with an interrupted full calibration, named by its id or its directory. */
    public int resume(String interrupted, boolean json, boolean quiet) {
        var named = Path.of(interrupted);
        var directory = named.getNameCount() == 1 && !Files.exists(named)
                ? config.runs().resolve(named)
                : named;
        // Restarts that are done are not begun again; their phases are skipped in the count too.
        var progress = new Progress(err, Progress.styleOf(json, quiet), Campaign.phasesLeft(directory));
        return answer(new MeasuringRun(RunSetup.resume(config, programs, directory), progress), progress, json);
    }

    /** Plays one session of one user, and shows each request and its answer; no record is written. */
    public int debug(Options options, Asked asked) {
        var workload = Workload.load(options.workloadFile(config.home()));
        var progress = new Progress(err, Progress.styleOf(false, false), 1);
        var target = options.target();
        if (target != null) {
            return debugAt(target, workload, options, asked, progress);
        }
        try (var lab = Lab.open(config, progress::note)) {
            var logs = lab.workDirectory().resolve("logs");
            var cores = Cores.shared(Cores.allowed());
            var stack = Stack.start(lab, config, programs, cores, options, null, logs, progress);
            var user = new OneUser(
                    workload, stack.api(), Optional.of(stack.rum()), options.seed(), Optional.empty(), true, out);
            return user.play() == 0 ? DONE : FAILED;
        }
    }

    private int debugAt(URI target, Workload workload, Options options, Asked asked, Progress progress) {
        Targets.require(target, options.ownsTarget(), Scenario.smoke);
        if (workload.needsSeededData()) {
            throw LabException.wrongArguments("--workload=" + workload.name()
                    + ": it needs conversations that only a data set of ours has; choose another for --target");
        }
        var accounts = new TargetAccounts(target, asked.varyClientAddress(), progress::note);
        var given = asked.accounts();
        if (given != null) {
            RunAccounts.requireEnough(given, 1);
        }
        var file = given == null ? config.runs().resolve("debug-account.csv") : given;
        if (given == null) {
            try {
                Files.createDirectories(config.runs());
            } catch (IOException e) {
                throw LabException.failed(config.runs() + ": cannot be made: " + e.getMessage());
            }
            accounts.create(1, "debug-" + Long.toString(System.currentTimeMillis(), 36), file);
        }
        var first = new Accounts(Accounts.read(file).all().subList(0, 1));
        try {
            var user = new OneUser(
                    workload,
                    target,
                    Optional.empty(),
                    options.seed(),
                    Optional.of(file),
                    asked.varyClientAddress(),
                    out);
            return user.play() == 0 ? DONE : FAILED;
        } finally {
            accounts.cleanUp(first, given == null, file);
        }
    }

    private int answer(MeasuringRun run, Progress progress, boolean json) {
        progress.note(headline(run, run.options()));
        var record = run.execute();
        boolean valid = record.validity().verdict() != Validity.Outcome.notValid;
        if (!valid) {
            report(run.directory(), progress);
        }
        boolean met = run.verdict().map(Verdict::met).orElse(true);
        if (json) {
            var answer = answer(record, run.directory());
            run.verdict().ifPresent(verdict -> answer.set("scenario", verdict.json()));
            out.println(answer);
        } else {
            say(record, run.directory());
            run.verdict().ifPresent(verdict -> say(verdict, valid));
        }
        return valid ? met ? DONE : MISSED : NOT_VALID;
    }

    /** Of a run that is not valid the figures are shown, and no verdict is made of them. */
    private void say(Verdict verdict, boolean valid) {
        out.println();
        out.println(
                valid
                        ? verdict.met() ? "Objective met." : "Objective missed."
                        : "No verdict: the run is not valid, for the reasons above. What was seen all the same:");
        verdict.sentences().forEach(out::println);
    }

    /** Everything: calibrate, plan, alerts, dashboards, report. */
    public int demo(Options options, boolean json, boolean quiet) {
        int measuring = MeasuringRun.phases(Scenario.calibrate, options);
        var progress = new Progress(err, Progress.styleOf(json, quiet), measuring + 2);
        var setup = RunSetup.of(config, programs, options, Scenario.calibrate, Asked.nothing(), options.users());
        var run = new MeasuringRun(setup, progress);
        progress.note(headline(run, options));
        var record = run.execute();
        var directory = run.directory();
        boolean valid = record.validity().verdict() != Validity.Outcome.notValid;
        var plan =
                record.windows().isEmpty() ? new OneShot.Answer(NOT_VALID, "", "") : plan(directory, valid, progress);
        boolean planned = plan.exitCode() == DONE;
        progress.begin("report");
        // A model that refuses leaves a file without a rate: nothing to make rules or limits of.
        if (planned && Files.isRegularFile(directory.resolve("capacity.json"))) {
            room("alerts", List.of("render", directory.toString()), directory, "alerts.log");
            room("dashboards", List.of("render", directory.toString()), directory, "dashboards.log");
        }
        var pages = room("reports", List.of(directory.toString()), directory, "reports.log")
                .strip();
        progress.end(pages.lines().filter(line -> line.startsWith("/")).collect(Collectors.joining(" · ")));
        if (json) {
            var answer = answer(record, directory);
            pages.lines().forEach(answer.putArray("report")::add);
            out.println(answer.put("text", valid && planned ? plan.stdout() : ""));
        } else {
            out.println();
            if (!valid) {
                say(record, directory);
            }
            // Of a run that is not valid no capacity is claimed, whatever the model made of it.
            out.print(valid && planned ? plan.stdout() : "");
            out.println(pages);
        }
        return valid && planned ? DONE : NOT_VALID;
    }

    /** The stack, until a signal or until one of its programs dies. */
    public int up(Options options, boolean json, boolean quiet) {
        var progress = new Progress(err, Progress.styleOf(json, quiet), 1);
        try (var lab = Lab.open(config, progress::note)) {
            try {
                var logs = lab.workDirectory().resolve("logs");
                var stack = Stack.start(
                        lab, config, programs, Cores.shared(Cores.allowed()), options, null, logs, progress);
                var urls = JSON.createObjectNode();
                urls.put("api", stack.api().toString()).put("rum", stack.rum().toString());
                if (json) {
                    var line = JSON.createObjectNode().put("ready", true);
                    line.set("urls", urls);
                    out.println(line);
                } else {
                    out.println(stack.words());
                    out.println("api  " + stack.api());
                    out.println("rum  " + stack.rum());
                    out.println("Ctrl-C stops everything.");
                }
                out.flush();
                while (true) {
                    lab.check();
                    Thread.sleep(500);
                }
            } catch (LabException e) {
                throw lab.isSignalled() ? LabException.failed("") : e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return DONE;
            }
        }
    }

    private String headline(MeasuringRun run, Options options) {
        var cores = Cores.allowed();
        var where = options.shareCores() || cores.size() < 2
                ? "cores shared"
                : "system under test on core " + cores.get(0) + ", generator on core " + cores.get(1);
        return "Headroom " + Version.number() + " · JDK " + programs.javaVersion() + " · " + where + " · run "
                + run.directory().getFileName();
    }

    /** The model's words on the run. Of a run that is not valid the model may have none. */
    private OneShot.Answer plan(Path directory, boolean valid, Progress progress) {
        progress.begin("plan");
        var command = programs.room("capacity-model", Programs.ROOM, List.of("plan", directory.toString()));
        var log = directory.resolve("logs/plan.log");
        var answer = OneShot.attempt("capacity plan", List.of(), command, log, () -> false);
        if (answer.exitCode() != DONE && answer.exitCode() != NOT_VALID && valid) {
            throw LabException.failed("capacity plan: ended with exit code " + answer.exitCode() + ": "
                    + OneShot.lastLine(answer.stderr()) + " (log: " + log + ")");
        }
        progress.end(
                answer.exitCode() == DONE
                        ? "demands fitted, phases solved, claims judged"
                        : "no plan: " + OneShot.lastLine(answer.stderr()));
        return answer;
    }

    private void report(Path directory, Progress progress) {
        progress.note(room("reports", List.of(directory.toString()), directory, "reports.log")
                .strip());
    }

    private String room(String room, List<String> arguments, Path directory, String log) {
        var command = programs.room(room, Programs.ROOM, arguments);
        return OneShot.run(room, List.of(), command, directory.resolve("logs").resolve(log), () -> false);
    }

    private void say(RunRecord record, Path directory) {
        out.println("run " + record.id() + ": " + words(record.validity().verdict()));
        for (var check : record.validity().checks()) {
            if (check.outcome() != Validity.Finding.ok) {
                var cause = check.cause() == null ? "" : " (cause: " + check.cause() + ")";
                out.println("  " + check.name() + ": " + check.message() + cause);
            }
        }
        out.println("record " + directory.resolve("run.json"));
    }

    private static String words(Validity.Outcome outcome) {
        return switch (outcome) {
            case valid -> "valid";
            case indicative -> "indicative";
            case notValid -> "not valid";
        };
    }

    private static ObjectNode answer(RunRecord record, Path directory) {
        var answer = JSON.createObjectNode();
        answer.put("id", record.id()).put("directory", directory.toString());
        answer.put("status", record.status().name());
        answer.put("verdict", record.validity().verdict().name());
        var failed = answer.putArray("checks");
        var others = new ArrayList<>(record.validity().checks());
        others.removeIf(check -> check.outcome() == Validity.Finding.ok);
        others.forEach(check -> failed.addObject()
                .put("name", check.name())
                .put("outcome", check.outcome().name())
                .put("cause", check.cause() == null ? null : check.cause().name())
                .put("message", check.message()));
        return answer;
    }
}
