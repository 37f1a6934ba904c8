package me.musclemap.api;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of api. */
@Command(name = "api", mixinStandardHelpOptions = true, description = "MuscleMap's API as the scaling plan describes it.")
public final class Main {
    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
