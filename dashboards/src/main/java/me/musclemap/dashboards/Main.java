package me.musclemap.dashboards;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import me.musclemap.alerts.CommandException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of dashboards. */
@Command(
        name = "dashboards",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Grafana dashboards from one model of panels.")
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
        return new CommandLine(new Main())
                .addSubcommand(new RenderCommand())
                .addSubcommand(new CheckCommand(environment))
                .setExecutionExceptionHandler((e, line, parsed) -> report(e, line.getErr()));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: render or check");
    }

    private static int report(Exception e, PrintWriter err) throws Exception {
        if (e instanceof CommandException expected) {
            err.println("dashboards: " + expected.getMessage());
            return expected.exitCode();
        }
        throw e;
    }

    /** The version of the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"Headroom dashboards " + (version == null ? "(not packaged)" : version)};
        }
    }
}
