package me.musclemap.load.merge;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.lab.Options;
import me.musclemap.load.lab.Version;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;
import me.musclemap.load.schedule.Shard;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code load shard}: one of several generators that play one schedule between them. */
@Command(
        name = "shard",
        mixinStandardHelpOptions = true,
        versionProvider = ShardCommand.VersionText.class,
        description = {
            "Drives one of several shards of a run at a fixed rate; 'load merge' puts them together.",
            "Every shard gets the same options but for --shard and --out. Rates are those of the whole run.",
            "Exit codes: 0 done, 1 failed or started too late, 2 wrong arguments, 4 the shard is not valid."
        })
public final class ShardCommand implements Callable<Integer> {
    private static final Pattern SHARD = Pattern.compile("(\\d{1,5})/(\\d{1,5})");
    private static final int NOT_VALID = 4;

    private final Supplier<LabConfig> config;
    private final PrintStream out;
    private final PrintStream err;

    @Option(names = "--shard", required = true, paramLabel = "I/N", description = "Which of how many, the first is 0")
    private String shard = "";

    @Option(names = "--target", required = true, paramLabel = "URL", description = "What is driven")
    private URI target = URI.create("");

    @Option(names = "--rum", paramLabel = "URL", description = "Where web vitals go. Default: the target")
    private @Nullable URI rum;

    @Option(names = "--i-own-this-target", description = "The target is not this machine, and it is mine to load")
    private boolean owned;

    @Option(
            names = "--start-at",
            paramLabel = "INSTANT",
            description =
                    "The common start, in epoch milliseconds or as 2026-11-22T20:00:00Z. Default, for one shard: in 15 s")
    private @Nullable String startAt;

    @Option(
            names = "--rate",
            required = true,
            split = ",",
            paramLabel = "R",
            description = "Requests per second of the whole run, one window each")
    private List<Double> rates = new ArrayList<>();

    @Option(
            names = "--duration",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description = "Of each window. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "15",
            paramLabel = "SECONDS",
            description = "Before them, not counted. Default: ${DEFAULT-VALUE}")
    private double warmUpSeconds;

    @Option(
            names = "--workload",
            defaultValue = "musclemap-day",
            description = "One of ours by name, or a file. Default: ${DEFAULT-VALUE}")
    private String workload = "";

    @Option(
            names = "--mix",
            defaultValue = Workload.OWN_MIX,
            description = "A mix of the workload. Default: ${DEFAULT-VALUE}")
    private String mix = "";

    @Option(names = "--seed", defaultValue = "7", description = "The same in all shards. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--dataset-seed",
            defaultValue = "7",
            description = "The seed that the target's users were made from. Default: ${DEFAULT-VALUE}")
    private long datasetSeed;

    @Option(
            names = "--users",
            defaultValue = "100000",
            description = "Users that the target has. Default: ${DEFAULT-VALUE}")
    private int users;

    @Option(
            names = "--signing-key",
            paramLabel = "FILE",
            description = "The target's key, to mint tokens with; without it residents log in")
    private @Nullable Path signingKey;

    @Option(
            names = "--clock-limit",
            defaultValue = "50",
            paramLabel = "MILLIS",
            description = "How far this clock may be from the target's. Default: ${DEFAULT-VALUE}")
    private long clockLimitMillis;

    @Option(
            names = "--heap",
            defaultValue = "1024",
            paramLabel = "MIB",
            description = "The generator's heap. Default: ${DEFAULT-VALUE}")
    private int heapMegabytes;

    @Option(
            names = "--max-in-flight",
            defaultValue = "1000",
            description = "Requests in flight at one moment. Default: ${DEFAULT-VALUE}")
    private int maxInFlight;

    @Option(names = "--arrivals", description = "Also note every arrival in arrivals.txt")
    private boolean arrivals;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the shard's record goes")
    private Path directory = Path.of("");

    /** Results go to {@code out}, progress to {@code err}. */
    public ShardCommand(Supplier<LabConfig> config, PrintStream out, PrintStream err) {
        this.config = config;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        var which = shard();
        requireOwned();
        var here = config.get();
        var file = Options.workloadFile(workload, here.home());
        var read = Workload.load(file);
        var plan = new ShardPlan(
                which, start(which), target, workload, read.sha256(), seed, datasetSeed, users, stretches(read));
        var clock = clock(which);
        var run = new ShardRun(plan, read, directory.toAbsolutePath(), err);
        var record = run.drive(
                new ShardRun.Here(
                        here.java(),
                        file,
                        Optional.ofNullable(rum).map(URI::toString),
                        Optional.ofNullable(signingKey).map(Path::toAbsolutePath),
                        heapMegabytes,
                        maxInFlight,
                        arrivals,
                        Version.of(here.home())),
                clock);
        return say(record, which);
    }

    private int say(RunRecord record, Shard which) {
        boolean valid = record.validity().verdict() != Validity.Outcome.notValid;
        out.println("shard " + which.index() + " of " + which.count() + ": " + (valid ? "done" : "not valid"));
        for (var check : record.validity().checks()) {
            if (check.outcome() != Validity.Finding.ok) {
                out.println("  " + check.name() + ": " + check.message());
            }
        }
        out.println("record " + directory.resolve("run.json"));
        return valid ? 0 : NOT_VALID;
    }

    private Shard shard() {
        var found = SHARD.matcher(shard);
        if (!found.matches()) {
            throw ShardException.wrong(
                    "--shard=" + shard + ": write which of how many, the first is 0, for example 0/4");
        }
        try {
            return new Shard(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)));
        } catch (IllegalArgumentException e) {
            throw ShardException.wrong(
                    "--shard=" + shard + ": the first is 0, the last " + "one less than how many there are");
        }
    }

    private void requireOwned() {
        var host = target.getHost();
        if (host == null || target.getScheme() == null || !target.getScheme().startsWith("http")) {
            throw ShardException.wrong("--target=" + target + ": write an address such as http://127.0.0.1:3000");
        }
        try {
            if (!owned && !InetAddress.getByName(host).isLoopbackAddress()) {
                throw ShardException.wrong("--target=" + target
                        + ": this is not this machine; add --i-own-this-target if it is yours to load");
            }
        } catch (UnknownHostException e) {
            throw ShardException.failed("--target=" + target + ": the name " + host + " is not known: correct it");
        }
    }

    private long start(Shard which) {
        if (startAt == null) {
            if (which.count() > 1) {
                throw ShardException.wrong(
                        "--start-at: missing; all " + which.count() + " shards must be told the same instant");
            }
            return System.currentTimeMillis() + 15_000;
        }
        try {
            return startAt.matches("\\d{12,14}")
                    ? Long.parseLong(startAt)
                    : Instant.parse(startAt).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw ShardException.wrong(
                    "--start-at=" + startAt + ": write epoch milliseconds, or an instant such as 2026-11-22T20:00:00Z");
        }
    }

    private List<ShardPlan.Stretch> stretches(Workload read) {
        if (read.mix(mix).isEmpty()) {
            throw ShardException.wrong("--mix=" + mix + ": the workload " + read.name() + " has "
                    + String.join(", ", read.mixesByName().keySet()));
        }
        positive("--duration", seconds);
        var stretches = new ArrayList<ShardPlan.Stretch>();
        for (var rate : rates) {
            positive("--rate", rate);
            if (stretches.isEmpty() && warmUpSeconds > 0) {
                stretches.add(new ShardPlan.Stretch("warm-up", warmUpSeconds, mix, rate));
            }
            stretches.add(new ShardPlan.Stretch("scenario", seconds, mix, rate));
        }
        return stretches;
    }

    private static void positive(String option, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw ShardException.wrong(option + "=" + value + ": use more than 0");
        }
    }

    private Validity.Check clock(Shard which) {
        var offset = new ClockCheck().against(target);
        if (offset.offsetMillis().isEmpty()) {
            return new Validity.Check(
                    "clock",
                    which.count() > 1 ? Validity.Finding.indicative : Validity.Finding.ok,
                    null,
                    clockLimitMillis / 1000.0,
                    Validity.Cause.target,
                    "the target gives no date: how far the clocks are apart is not known");
        }
        long millis = offset.offsetMillis().getAsLong();
        if (Math.abs(millis) - offset.errorMillis() > clockLimitMillis) {
            throw ShardException.failed(String.format(
                    Locale.ROOT,
                    "this clock is %d ms (±%d) from that of %s, more than --clock-limit=%d: set it right (NTP), or the shards do"
                            + " not start together",
                    millis,
                    offset.errorMillis(),
                    target,
                    clockLimitMillis));
        }
        return new Validity.Check(
                "clock",
                Validity.Finding.ok,
                millis / 1000.0,
                clockLimitMillis / 1000.0,
                Validity.Cause.machine,
                millis + " ms (±" + offset.errorMillis() + ") from the target's clock");
    }

    /** The version of this build. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"headroom load " + Version.number()};
        }
    }
}
