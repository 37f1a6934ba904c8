package me.musclemap.load.scenario;

import java.util.ArrayList;
import java.util.List;

/** The stages of each scenario whose rates are known beforehand, from its rate and its length. */
public final class Stages {
    /** Steps of a ramp. */
    static final int RAMP_STEPS = 10;

    /** How much a spike is above what was there before it. */
    public static final double SPIKE_TIMES = 5;

    private static final int SOAK_PARTS = 12;
    private static final double SHORTEST_PART = 5;

    private Stages() {}

    /** From a tenth of the rate up to all of it, in equal steps. */
    public static List<Stage> ramp(double perSecond, double seconds) {
        int steps = (int) Math.max(2, Math.min(RAMP_STEPS, Math.floor(seconds / 3)));
        var stages = new ArrayList<Stage>();
        for (int i = 1; i <= steps; i++) {
            stages.add(new Stage("step" + i, perSecond * i / steps, seconds / steps));
        }
        return stages;
    }

    /** A quarter of the time as before, a quarter at five times the rate, half of it to come back. */
    public static List<Stage> spike(double perSecond, double seconds) {
        return List.of(
                new Stage("before", perSecond, seconds / 4),
                new Stage("spike", perSecond * SPIKE_TIMES, seconds / 4),
                new Stage("after", perSecond, seconds / 2));
    }

    /** The same rate all the time, in parts that can be compared. */
    public static List<Stage> soak(double perSecond, double seconds) {
        int parts = (int) Math.max(2, Math.min(SOAK_PARTS, Math.floor(seconds / SHORTEST_PART)));
        var stages = new ArrayList<Stage>();
        for (int i = 1; i <= parts; i++) {
            stages.add(new Stage("part" + i, perSecond, seconds / parts));
        }
        return stages;
    }

    /** Before, in which a component falls at the end; broken, which it begins with; and after. */
    public static List<Stage> failover(double perSecond, double seconds) {
        return List.of(new Stage("before", perSecond, seconds / 4), new Stage("failover", perSecond, seconds * 3 / 4));
    }
}
