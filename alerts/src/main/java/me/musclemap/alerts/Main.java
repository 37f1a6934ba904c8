package me.musclemap.alerts;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of alerts. */
@Command(name = "alerts", mixinStandardHelpOptions = true, description = "Alert rules with thresholds from the model.")
public final class Main {
    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
