package me.musclemap.dashboards;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of dashboards. */
@Command(name = "dashboards", mixinStandardHelpOptions = true, description = "Grafana dashboards from one model of panels.")
public final class Main {
    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
