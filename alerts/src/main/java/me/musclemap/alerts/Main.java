package me.musclemap.alerts;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import me.musclemap.alerts.backtest.BacktestCommand;
import me.musclemap.alerts.gate.GateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of alerts. */
@Command(
        name = "alerts",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Alert rules with thresholds from the capacity model.")
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        // Numbers are written one way, wherever the machine stands.
        Locale.setDefault(Locale.ROOT);
        System.exit(commandLine(System.getenv()).execute(args));
    }

    /** The command line with this environment; for tests too. */
    static CommandLine commandLine(Map<String, String> environment) {
        var line = new CommandLine(new Main())
                .addSubcommand(new RenderCommand())
                .addSubcommand(new CheckCommand(environment))
                .addSubcommand(new BacktestCommand(environment))
                .addSubcommand(new GateCommand())
                .setExecutionExceptionHandler((e, failed, parsed) -> report(e, failed.getErr()));
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().versionProvider(new Version()));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: render, check, backtest or gate");
    }

    private static int report(Exception e, PrintWriter err) throws Exception {
        if (e instanceof CommandException expected) {
            err.println("alerts: " + expected.getMessage());
            return expected.exitCode();
        }
        throw e;
    }

    /** The version of the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"Headroom alerts " + (version == null ? "(not packaged)" : version)};
        }
    }
}
