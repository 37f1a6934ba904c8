package me.musclemap.load;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import me.musclemap.load.lab.Asked;
import me.musclemap.load.lab.LabException;
import me.musclemap.load.scenario.Slo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code load run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionText.class,
        description = {
            "Runs a scenario, writes its record, and ends with a verdict.",
            "smoke      a few seconds of every mix: shows that everything works",
            "calibrate  what a capacity model is fitted to",
            "ramp       from a tenth of the rate up to all of it",
            "knee       the highest rate that meets the objective, with an interval; collapse and recovery",
            "spike      five times the rate for a while: does it come back?",
            "stress     higher and higher until it collapses, and back",
            "soak       the same rate for long: does anything drift?",
            "failover   a component is killed in the middle and started again",
            "million    1,000,000 sessions at once in one JVM, at a rate that the target carries",
            "Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 objective missed, 4 not valid."
        })
final class RunCommand implements Callable<Integer> {
    private static final Pattern DURATION = Pattern.compile("([0-9]*\\.?[0-9]+)(ms|s|m|h)?");
    private static final List<String> WITHOUT_OBJECTIVE = List.of("smoke", "calibrate");
    private static final List<String> COMPONENTS = List.of("postgres", "redis", "api");

    private final Main.Wiring wiring;

    @Parameters(arity = "0..1", paramLabel = "SCENARIO", description = "One of the above")
    private String scenario = "";

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Goes on with an interrupted calibrate --full: its id, or its directory")
    private @Nullable String interrupted;

    @Mixin
    private Main.StackOptions stack = new Main.StackOptions();

    @Mixin
    private Main.RunOptions run = new Main.RunOptions();

    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            description =
                    "Requests per second. --users then is not given; for a scenario other than smoke and calibrate, --users are users "
                            + "in session, and give the rate by their own pace")
    private @Nullable Double rate;

    @Option(
            names = "--dataset-users",
            paramLabel = "N",
            description = "Users in the data set. Default: 100000, or as many as the rate needs")
    private @Nullable Long datasetUsers;

    @Option(names = "--duration", paramLabel = "TIME", description = "How long, for example 90s, 10m or 2h")
    private @Nullable String duration;

    @Option(
            names = "--slo",
            paramLabel = "OBJECTIVES",
            description = "What has to hold: limits of p50, p95, p99, max and errors. Default: p99<1s,errors<1%%")
    private @Nullable String slo;

    @Option(
            names = "--kill",
            paramLabel = "COMPONENT",
            description = "failover: postgres, redis or api. Default: postgres")
    private @Nullable String kill;

    @Option(names = "--outage", paramLabel = "TIME", description = "failover: how long it stays down. Default: 5s")
    private @Nullable String outage;

    @Option(
            names = "--target",
            paramLabel = "URL",
            description = "A deployment that is already running, instead of the embedded stack")
    private @Nullable URI target;

    @Option(names = "--i-own-this-target", description = "The target is not this machine, and it is mine to load")
    private boolean owned;

    @Option(
            names = "--accounts",
            paramLabel = "FILE",
            description = "Accounts at the target, lines of email,password. Default: accounts are created, one a user")
    private @Nullable Path accounts;

    @Option(
            names = "--vary-client-address",
            description =
                    "Show the target another X-Forwarded-For for each user, so that a limiter that trusts it sees many clients")
    private boolean varyClientAddress;

    @Option(names = "--view", description = "Show the run on a local page while it goes on")
    private boolean view;

    @Option(
            names = "--debug",
            description =
                    "Play one session of one user instead, and show each request and its answer; pauses are not waited for")
    private boolean debug;

    RunCommand(Main.Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        if (interrupted != null) {
            if (!scenario.isEmpty() && !scenario.equals("calibrate")) {
                throw LabException.wrongArguments("--resume: only calibrate can be resumed, not " + scenario);
            }
            return wiring.commands(run).resume(interrupted, stack.json, stack.quiet);
        }
        if (scenario.isEmpty()) {
            throw LabException.wrongArguments(
                    "no scenario: use one of smoke, calibrate, ramp, knee, spike, stress, soak, failover, "
                            + "million, or --resume RUN");
        }
        boolean plain = WITHOUT_OBJECTIVE.contains(scenario);
        if (plain) {
            refuse();
        }
        Long users = plain && target == null ? null : stack.users;
        Long inDataset = plain && target == null ? stack.users : datasetUsers;
        if (target == null && accounts != null) {
            throw LabException.wrongArguments(
                    "--accounts=" + accounts + ": the embedded stack has its own users; add --target");
        }
        if (target == null && varyClientAddress) {
            throw LabException.wrongArguments(
                    "--vary-client-address: on the embedded stack it is always so; add --target");
        }
        var asked = new Asked(
                users,
                rate,
                duration == null ? null : seconds("--duration", duration),
                objectives(),
                component(),
                outage == null ? 5 : seconds("--outage", outage),
                accounts,
                varyClientAddress,
                view);
        long size = inDataset == null ? Main.StackOptions.USUAL_USERS : inDataset;
        var options = stack.options(size, run.full, run.quick, true, run.shareCores, run.profile(), target, owned);
        if (debug) {
            return wiring.commands(run).debug(options, asked);
        }
        return wiring.commands(run).run(scenario, options, asked, inDataset, stack.json, stack.quiet);
    }

    /** What only means something where there is an objective. */
    private void refuse() {
        var given = new ArrayList<String>();
        if (rate != null) {
            given.add("--rate");
        }
        if (duration != null) {
            given.add("--duration");
        }
        if (slo != null) {
            given.add("--slo");
        }
        if (kill != null || outage != null) {
            given.add("--kill and --outage");
        }
        if (datasetUsers != null) {
            given.add("--dataset-users (--users is the same here)");
        }
        if (!given.isEmpty()) {
            throw LabException.wrongArguments(String.join(", ", given) + ": " + scenario
                    + " has no objective to hold; leave it out, or run another scenario");
        }
    }

    private Slo objectives() {
        try {
            return Slo.parse(slo == null ? Asked.DEFAULT_SLO : slo);
        } catch (IllegalArgumentException e) {
            throw LabException.wrongArguments("--slo=" + slo + ": " + e.getMessage());
        }
    }

    private String component() {
        if (kill == null) {
            return COMPONENTS.get(0);
        }
        if (!COMPONENTS.contains(kill)) {
            throw LabException.wrongArguments("--kill=" + kill + ": use one of " + String.join(", ", COMPONENTS));
        }
        if (!scenario.equals("failover")) {
            throw LabException.wrongArguments("--kill=" + kill + ": only failover kills something");
        }
        return kill;
    }

    private static double seconds(String option, String text) {
        var read = DURATION.matcher(text.strip());
        if (!read.matches()) {
            throw LabException.wrongArguments(option + "=" + text + ": write a time such as 90s, 10m or 2h");
        }
        double factor = switch (read.group(2) == null ? "s" : read.group(2)) {
            case "ms" -> 0.001;
            case "m" -> 60;
            case "h" -> 3600;
            default -> 1;
        };
        return Double.parseDouble(read.group(1)) * factor;
    }
}
