package me.musclemap.load.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The fit windows of a calibration: rates from 15 % to 60 % of the knee spread evenly, some above for the refit, the mixes
 * in turn so that each is seen low and high, all in an order drawn from the seed so that no drift of the machine looks like
 * load.
 */
final class FitLadder {
    private static final double LOW = 0.15;
    private static final double HIGH = 0.60;
    private static final double REFIT_LOW = 0.65;
    private static final double REFIT_HIGH = 0.85;

    /** A rung: a mix, at a share of the knee. */
    record Rung(String mixName, double shareOfKnee) {}

    private FitLadder() {}

    static List<Rung> rungs(List<String> mixNames, int fit, int high, long seed) {
        var rungs = new ArrayList<Rung>();
        for (int i = 0; i < fit; i++) {
            rungs.add(new Rung(mixNames.get(i % mixNames.size()), spread(LOW, HIGH, i, fit)));
        }
        for (int i = 0; i < high; i++) {
            rungs.add(new Rung(mixNames.get(i % mixNames.size()), spread(REFIT_LOW, REFIT_HIGH, i, high)));
        }
        Collections.shuffle(rungs, new Random(seed));
        return List.copyOf(rungs);
    }

    /** Shares of the knee for held-out windows: 65 % to 90 %, above what is fitted. */
    static List<Double> heldOut(int windows) {
        var shares = new ArrayList<Double>();
        for (int i = 0; i < windows; i++) {
            shares.add(spread(0.65, 0.90, i, windows));
        }
        return List.copyOf(shares);
    }

    private static double spread(double from, double to, int i, int n) {
        return n == 1 ? (from + to) / 2 : from + (to - from) * i / (n - 1);
    }
}
