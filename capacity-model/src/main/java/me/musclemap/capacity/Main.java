package me.musclemap.capacity;

import me.musclemap.capacity.command.FitCommand;
import me.musclemap.capacity.command.PredictCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of capacity. */
@Command(name = "capacity", mixinStandardHelpOptions = true, description = "Fit, solve, plan and predict.")
public final class Main {
    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main())
                .addSubcommand(new PredictCommand())
                .addSubcommand(new FitCommand())
                .execute(args));
    }
}
