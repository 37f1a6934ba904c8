package me.musclemap.capacity;

import java.util.Locale;
import me.musclemap.capacity.command.BacktestCommand;
import me.musclemap.capacity.command.ClaimsCommand;
import me.musclemap.capacity.command.FitCommand;
import me.musclemap.capacity.command.ForecastCommand;
import me.musclemap.capacity.command.PlanCommand;
import me.musclemap.capacity.command.PredictCommand;
import me.musclemap.capacity.command.WhatIfCommand;
import me.musclemap.capacity.solve.SolveCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of capacity. */
@Command(
        name = "capacity",
        mixinStandardHelpOptions = true,
        version = "capacity 0.1.0",
        description = "Fit, solve, plan and predict.")
public final class Main {
    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        // Numbers are written one way, wherever the machine stands.
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new Main())
                .addSubcommand(new FitCommand())
                .addSubcommand(new SolveCommand())
                .addSubcommand(new PredictCommand())
                .addSubcommand(new BacktestCommand())
                .addSubcommand(new PlanCommand())
                .addSubcommand(new WhatIfCommand())
                .addSubcommand(new ForecastCommand())
                .addSubcommand(new ClaimsCommand())
                .execute(args));
    }
}
