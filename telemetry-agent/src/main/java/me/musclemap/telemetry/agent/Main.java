package me.musclemap.telemetry.agent;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of agent. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = "The host agent: CPU seconds of every station, from /proc.")
public final class Main {
    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
