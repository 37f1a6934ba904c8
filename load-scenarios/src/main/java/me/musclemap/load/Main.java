package me.musclemap.load;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import me.musclemap.load.bench.BenchCommand;
import me.musclemap.load.bench.BenchException;
import me.musclemap.load.compare.CompareCommand;
import me.musclemap.load.compare.CompareException;
import me.musclemap.load.drive.GeneratorException;
import me.musclemap.load.lab.Commands;
import me.musclemap.load.lab.CostProfile;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.lab.LabException;
import me.musclemap.load.lab.Options;
import me.musclemap.load.lab.Profile;
import me.musclemap.load.lab.Version;
import me.musclemap.load.merge.MergeCommand;
import me.musclemap.load.merge.ShardCommand;
import me.musclemap.load.merge.ShardException;
import me.musclemap.load.record.RecordException;
import me.musclemap.load.replay.ImportCommand;
import me.musclemap.load.replay.ReplayCommand;
import me.musclemap.load.replay.ReplayException;
import me.musclemap.load.workload.Workload;
import me.musclemap.load.workload.WorkloadException;
import me.musclemap.load.workload.WorkloadInWords;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of load-scenarios: the lab's commands, scenarios and workloads. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionText.class,
        description = "Runs scenarios, shows workloads.",
        subcommands = {
            Main.Demo.class,
            Main.Up.class,
            RunCommand.class,
            Main.WorkloadWords.class,
            CompareCommand.class,
            ShardCommand.class,
            MergeCommand.class,
            ReplayCommand.class,
            ImportCommand.class,
            BenchCommand.class
        })
public final class Main implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;

    private final PrintStream out;

    private Main(PrintStream out) {
        this.out = out;
    }

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        // Numbers are written one way, wherever the machine stands.
        Locale.setDefault(Locale.ROOT);
        System.exit(execute(args, System.getenv(), System.out, System.err));
    }

    static int execute(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
        CommandLine.IFactory wiring = new Wiring(environment, out, err);
        int code = new CommandLine(new Main(out), wiring)
                .setOut(new java.io.PrintWriter(out, true, java.nio.charset.StandardCharsets.UTF_8))
                .setErr(new java.io.PrintWriter(err, true, java.nio.charset.StandardCharsets.UTF_8))
                .setExecutionExceptionHandler((problem, line, parsed) -> exitCode(problem, err))
                .execute(args);
        if (out.checkError()) {
            err.println("headroom: standard output refuses the result: is its disk full, or its reader gone?");
            return FAILED;
        }
        return code;
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, out);
        return WRONG_ARGUMENTS;
    }

    private static int exitCode(Exception problem, PrintStream err) throws Exception {
        if (problem instanceof LabException lab) {
            var message = String.valueOf(lab.getMessage());
            if (!message.isBlank()) {
                err.println("headroom: " + message);
            }
            return lab.exitCode();
        }
        if (problem instanceof GeneratorException) {
            err.println("headroom: " + problem.getMessage());
            return FAILED;
        }
        if (problem instanceof WorkloadException) {
            err.println("headroom: " + problem.getMessage());
            return WRONG_ARGUMENTS;
        }
        if (problem instanceof RecordException record) {
            err.println("headroom: " + record.getMessage());
            return record.isMalformed() ? WRONG_ARGUMENTS : FAILED;
        }
        if (problem instanceof CompareException compare) {
            err.println("headroom: " + compare.getMessage());
            return compare.exitCode();
        }
        if (problem instanceof ShardException shard) {
            err.println("headroom: " + shard.getMessage());
            return shard.exitCode();
        }
        if (problem instanceof ReplayException replay) {
            err.println("headroom: " + replay.getMessage());
            return replay.exitCode();
        }
        if (problem instanceof BenchException bench) {
            err.println("headroom: " + bench.getMessage());
            return bench.exitCode();
        }
        throw problem;
    }

    /** What every command that starts the stack is told. */
    static final class StackOptions {
        static final long USUAL_USERS = 100_000;

        @Option(
                names = "--workload",
                defaultValue = "musclemap-day",
                description = "One of ours by name, or a file. Default: ${DEFAULT-VALUE}")
        String workload = "";

        @Option(names = "--users", description = "Users in the data set. Default: 100000")
        @Nullable
        Long users;

        @Option(
                names = "--workouts",
                defaultValue = "-1",
                description = "Workouts in the data set. Default: two a user")
        long workouts;

        @Option(
                names = "--seed",
                defaultValue = "7",
                description = "Draws the data, the arrivals and the order of windows. Default: ${DEFAULT-VALUE}")
        long seed;

        @Option(
                names = "--cost-profile",
                defaultValue = "reference",
                description =
                        "What the API's operations cost: reference, or production (as measured in the real product). Default: ${DEFAULT-VALUE}")
        String costProfile = "";

        @Option(names = "--json", description = "Machine-readable answer on stdout, progress as JSON lines on stderr")
        boolean json;

        @Option(names = "--quiet", description = "No progress")
        boolean quiet;

        Options options(
                boolean full,
                boolean quick,
                boolean measuring,
                boolean shareCores,
                Profile profile,
                @Nullable URI target,
                boolean owned) {
            return options(
                    users == null ? USUAL_USERS : users, full, quick, measuring, shareCores, profile, target, owned);
        }

        Options options(
                long users,
                boolean full,
                boolean quick,
                boolean measuring,
                boolean shareCores,
                Profile profile,
                @Nullable URI target,
                boolean owned) {
            return new Options(
                    workload,
                    users,
                    workouts < 0 ? 2 * users : workouts,
                    seed,
                    full,
                    quick,
                    measuring,
                    shareCores,
                    profile,
                    CostProfile.of(costProfile),
                    target,
                    owned);
        }
    }

    /** What a measuring command is told beyond the stack. */
    static final class RunOptions {
        @Option(
                names = "--full",
                description = "Seven restarts at three data sizes, about 35 minutes: intervals hold from run to run")
        boolean full;

        @Option(names = "--quick", description = "Short windows: a smoke of the whole line, indicative at best")
        boolean quick;

        @Option(
                names = "--share-cores",
                description = "Run without a core of the generator's own; the result is indicative")
        boolean shareCores;

        @Option(
                names = "--runs",
                paramLabel = "DIR",
                description = "Where run records go. Default: HEADROOM_RUNS, or runs/ in the clone")
        @Nullable
        Path runs;

        @Option(
                names = "--profile",
                defaultValue = "embedded",
                description =
                        "The system under test: embedded, or vps (the plan's first machine, from installed programs)")
        String profile = "";

        Profile profile() {
            return Profile.of(profile);
        }

        LabConfig in(LabConfig config) {
            return runs == null ? config : config.withRuns(runs);
        }
    }

    /** {@code demo}. */
    @Command(
            name = "demo",
            mixinStandardHelpOptions = true,
            versionProvider = VersionText.class,
            description = "Everything on the embedded stack: calibrate, plan, alerts, dashboards, report.")
    static final class Demo implements Callable<Integer> {
        private final Wiring wiring;

        @Mixin
        private StackOptions stack = new StackOptions();

        @Mixin
        private RunOptions run = new RunOptions();

        Demo(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() {
            var options = stack.options(run.full, run.quick, true, run.shareCores, run.profile(), null, false);
            return wiring.commands(run).demo(options, stack.json, stack.quiet);
        }
    }

    /** {@code up}. */
    @Command(
            name = "up",
            mixinStandardHelpOptions = true,
            versionProvider = VersionText.class,
            description = "The stack, until Ctrl-C.")
    static final class Up implements Callable<Integer> {
        private final Wiring wiring;

        @Mixin
        private StackOptions stack = new StackOptions();

        Up(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() {
            return wiring.commands()
                    .up(
                            stack.options(false, false, false, true, Profile.embedded, null, false),
                            stack.json,
                            stack.quiet);
        }
    }

    /** {@code load workload}. */
    @Command(
            name = "workload",
            mixinStandardHelpOptions = true,
            versionProvider = VersionText.class,
            description = "What one user does in a workload, in words.")
    static final class WorkloadWords implements Callable<Integer> {
        private final Wiring wiring;

        @Parameters(
                arity = "0..1",
                paramLabel = "FILE|NAME",
                defaultValue = "musclemap-day",
                description = "Default: ${DEFAULT-VALUE}")
        private String workload = "";

        @Option(names = "--json", description = "The whole workload after defaults, with the rates that follow")
        private boolean json;

        WorkloadWords(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() {
            var read =
                    Workload.load(Options.workloadFile(workload, wiring.config().home()));
            wiring.out.println(
                    json
                            ? read.resolvedJson().toString()
                            : new WorkloadInWords(read).text().stripTrailing());
            return 0;
        }
    }

    /** The version of this build. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"headroom load " + Version.number()};
        }
    }

    /** Gives the commands what they need; picocli makes them through it. */
    static final class Wiring implements CommandLine.IFactory {
        private final Map<String, String> environment;
        private final PrintStream out;
        private final PrintStream err;

        Wiring(Map<String, String> environment, PrintStream out, PrintStream err) {
            this.environment = environment;
            this.out = out;
            this.err = err;
        }

        LabConfig config() {
            return LabConfig.from(environment);
        }

        Commands commands() {
            return new Commands(config(), out, err);
        }

        Commands commands(RunOptions run) {
            return new Commands(run.in(config()), out, err);
        }

        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == Demo.class) {
                return type.cast(new Demo(this));
            }
            if (type == Up.class) {
                return type.cast(new Up(this));
            }
            if (type == RunCommand.class) {
                return type.cast(new RunCommand(this));
            }
            if (type == WorkloadWords.class) {
                return type.cast(new WorkloadWords(this));
            }
            if (type == CompareCommand.class) {
                return type.cast(new CompareCommand(this::config, out, err));
            }
            if (type == ShardCommand.class) {
                return type.cast(new ShardCommand(this::config, out, err));
            }
            if (type == MergeCommand.class) {
                return type.cast(new MergeCommand(out));
            }
            if (type == ReplayCommand.class) {
                return type.cast(new ReplayCommand(this::config, out));
            }
            if (type == ImportCommand.class) {
                return type.cast(new ImportCommand(this::config, out));
            }
            var bench = BenchCommand.made(type, this::config, out, err);
            return bench.isPresent()
                    ? bench.get()
                    : CommandLine.defaultFactory().create(type);
        }
    }
}
