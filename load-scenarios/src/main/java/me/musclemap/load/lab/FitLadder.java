package me.musclemap.load.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import me.musclemap.load.workload.Workload;

/**
 * Which loads a calibration drives. Fit windows: rates from 15 % to 60 % of the knee spread evenly, the mixes in turn so that
 * each is seen low and high, all in an order drawn from the seed so that no drift of the machine looks like load. Held-out
 * windows: another mix above what is fitted, and the workload's own up to and beyond the knee, which is measured there.
 */
final class FitLadder {
    private static final double LOW = 0.15;
    private static final double HIGH = 0.60;
    private static final double HELD_OUT_LOW = 0.65;
    private static final double HELD_OUT_HIGH = 0.90;
    private static final double KNEE_LOW = 0.80;
    /** The probe comes while code is still being compiled: what it calls the knee is rather too low than too high. */
    private static final double KNEE_HIGH = 1.10;
    /** Of one core's knee, where there are two: the generator has to stay light. */
    private static final double TWO_CORES_LOW = 0.40;

    private static final double TWO_CORES_HIGH = 1.30;

    /** A rung: a mix, at a share of the knee. */
    record Rung(String mixName, double shareOfKnee) {}

    private FitLadder() {}

    static List<Rung> rungs(List<String> mixNames, int fit, long seed) {
        var rungs = new ArrayList<Rung>();
        for (int i = 0; i < fit; i++) {
            rungs.add(new Rung(mixNames.get(i % mixNames.size()), spread(LOW, HIGH, i, fit)));
        }
        Collections.shuffle(rungs, new Random(seed));
        return List.copyOf(rungs);
    }

    /** The held-out mixes in turn, then the own mix around the knee, the highest last: what it leaves behind spoils nothing. */
    static List<Rung> heldOut(List<String> mixNames, int windows, int kneeWindows) {
        var rungs = new ArrayList<Rung>();
        for (int i = 0; i < windows; i++) {
            rungs.add(new Rung(mixNames.get(i % mixNames.size()), spread(HELD_OUT_LOW, HELD_OUT_HIGH, i, windows)));
        }
        for (int i = 0; i < kneeWindows; i++) {
            rungs.add(new Rung(Workload.OWN_MIX, spread(KNEE_LOW, KNEE_HIGH, i, kneeWindows)));
        }
        return List.copyOf(rungs);
    }

    /** Held-out windows on two cores, as shares of what one carries: the own mix and the held-out ones in turn. */
    static List<Rung> onTwoCores(List<String> mixNames, int windows) {
        var mixes = new ArrayList<>(List.of(Workload.OWN_MIX));
        mixNames.stream().filter(name -> !mixes.contains(name)).forEach(mixes::add);
        var rungs = new ArrayList<Rung>();
        for (int i = 0; i < windows; i++) {
            rungs.add(new Rung(mixes.get(i % mixes.size()), spread(TWO_CORES_LOW, TWO_CORES_HIGH, i, windows)));
        }
        return List.copyOf(rungs);
    }

    private static double spread(double from, double to, int i, int n) {
        return n == 1 ? (from + to) / 2 : from + (to - from) * i / (n - 1);
    }
}
