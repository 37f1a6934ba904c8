package me.musclemap.capacity.predict;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import me.musclemap.capacity.measure.SimulatedCampaign.World;

/** Prints how often 90 % intervals hold the truth, world by world. The argument is the number of campaigns. */
public final class CoverageBench {
    private static final int DRAWS = 100;

    private CoverageBench() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        int campaigns = arguments.length == 0 ? 300 : Integer.parseInt(arguments[0]);
        var worlds = new LinkedHashMap<String, World>();
        worlds.put("as the model says", World.plain());
        worlds.put("cost falls under load", World.plain().withLoadMillis(0.4));
        worlds.put("heavy tails", World.plain().withNoise(0.05, 10));
        worlds.put("cheaper while it warms", World.plain().withDrift(-0.2));
        worlds.put("one mix only", World.plain().withFixedMix());
        worlds.put("hidden lock", World.plain().withLock(1.5));
        worlds.put("slows down", World.plain().withDrift(0.3));
        System.out.printf(
                "%-24s %-16s %8s %14s %13s %17s %18s%n",
                "world", "restarts", "rate", "last restart", "one to come", "twice, no growth", "twice, 0.05 ms");
        for (Map.Entry<String, World> world : worlds.entrySet()) {
            row(world.getKey(), new SimulatedCoverage(world.getValue(), 1, 0, campaigns, DRAWS), "1", false);
            for (double spread : new double[] {0, 0.05, 0.15}) {
                row(
                        world.getKey(),
                        new SimulatedCoverage(world.getValue(), 5, spread, campaigns, DRAWS),
                        String.format(Locale.ROOT, "5, %.0f %% apart", spread * 100),
                        true);
            }
        }
    }

    private static void row(String world, SimulatedCoverage coverage, String restarts, boolean several) {
        System.out.printf(
                Locale.ROOT,
                "%-24s %-16s %8s %14s %13s %17s %18s%n",
                world,
                restarts,
                percent(coverage.ofTheRate()),
                percent(coverage.ofWindowsInTheLastRestart()),
                several ? percent(coverage.ofWindowsInARestartToCome()) : "-",
                several ? percent(coverage.ofTheRateAtTwiceTheData(0)) : "-",
                several ? percent(coverage.ofTheRateAtTwiceTheData(0.05)) : "-");
        System.out.flush();
    }

    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * ratio);
    }
}
