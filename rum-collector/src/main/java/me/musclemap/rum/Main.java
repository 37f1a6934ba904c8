package me.musclemap.rum;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of rum. */
@Command(name = "rum", mixinStandardHelpOptions = true, description = "Web-vitals intake and answers.")
public final class Main {
    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
