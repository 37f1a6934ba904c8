package me.musclemap.reports;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of report. */
@Command(name = "report", mixinStandardHelpOptions = true, description = "The capacity report, HTML and PDF.")
public final class Main {
    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
