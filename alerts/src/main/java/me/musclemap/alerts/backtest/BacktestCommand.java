package me.musclemap.alerts.backtest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import me.musclemap.alerts.InputException;
import me.musclemap.alerts.tools.Tool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code alerts backtest}: would the rules have fired on what a run recorded. */
@Command(
        name = "backtest",
        mixinStandardHelpOptions = true,
        description = {
            "Run the rules over what a run recorded, with promtool: which would have fired, and how long before users were hurt.",
            "Exit codes: 0 in time, 1 promtool is not there or fails, 2 the run or the rules are broken, 3 too late."
        })
public final class BacktestCommand implements Callable<Integer> {
    private static final int TOO_LATE = 3;

    private final Map<String, String> environment;

    @Parameters(
            paramLabel = "RUN_DIR",
            description = "directory of a run, with run.json, metrics.om and stations.ndjson")
    @SuppressWarnings("NullAway.Init")
    private Path runDirectory;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "the rules to run (default: alerts/headroom.rules.yml of the run)")
    private @Nullable Path rules;

    @Option(
            names = "--mix",
            defaultValue = "",
            description = "only windows of this mix (default: the one in which the load went highest)")
    @SuppressWarnings("NullAway.Init")
    private String mix;

    @Option(
            names = "--minutes",
            defaultValue = "20",
            description = "how long each level is held (default: ${DEFAULT-VALUE})")
    private int minutes;

    @Option(names = "--promtool", paramLabel = "PATH", description = "promtool's file (default: from PATH)")
    private @Nullable Path promtool;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** @param environment for {@code PATH} */
    public BacktestCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        if (minutes < 6 || minutes > 240) {
            throw new InputException("--minutes=" + minutes
                    + ": use 6 to 240; the rules look back over five minutes and wait up to ten");
        }
        var tool = Tool.find("promtool", promtool, environment.getOrDefault("PATH", ""));
        if (tool.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "alerts: promtool is not on PATH: install it (Debian: apt-get install prometheus), or name it"
                                    + " with --promtool");
            return 1;
        }
        var file = rules == null ? runDirectory.resolve("alerts/headroom.rules.yml") : rules;
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file; render it with 'headroom alerts render " + runDirectory
                    + "', or name one with --rules");
        }
        var run = RecordedRun.of(runDirectory);
        var alerts = Firings.alertsIn(file);
        var samples = Samples.read(runDirectory.resolve("metrics.om"), Firings.namesIn(file));
        var ramp = Ramp.of(run, samples, StationLines.read(runDirectory.resolve("stations.ndjson")), mix, minutes);
        var backtest = Backtest.of(run, ramp, Firings.of(ramp, file, tool.get()), alerts);
        var out = spec.commandLine().getOut();
        out.print(json ? backtest.json() + "\n" : backtest.text());
        out.flush();
        return backtest.cameTooLate() ? TOO_LATE : 0;
    }
}
