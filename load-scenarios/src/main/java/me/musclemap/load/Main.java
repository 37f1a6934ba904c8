package me.musclemap.load;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of load. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Workloads, scenarios, the lab and the recorder.")
public final class Main {
    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
