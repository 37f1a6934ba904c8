package me.musclemap.load.knee;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How far from its limit the worst objective is at each rate, as a curve that never falls, and where it crosses the limit. Immutable.
 *
 * <p>Margins are cut at ±1, so that one step that went wrong moves the curve by what one step weighs and no more; then the curve is the
 * rising one nearest to them. Source: Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under Order Restrictions, 1972
 * (pooling of adjacent violators). The interval takes all levels again and again at random. Source: Efron and Tibshirani, An
 * Introduction to the Bootstrap, 1993 (percentile interval).
 */
public final class ResponseCurve {
    /** Farther from the limit than this says no more than "far". */
    private static final double CUT = 1;

    private static final int DRAWS = 2000;
    private static final double TAIL = 0.025;

    /**
     * What one level showed.
     *
     * @param margin logarithm of figure over limit of the worst objective; 0 and above misses
     */
    public record Level(double perSecond, double margin) {
        public Level {
            if (!(perSecond > 0) || Double.isNaN(margin)) {
                throw new IllegalArgumentException(perSecond + "/s with margin " + margin);
            }
        }
    }

    /**
     * Where the objective stops to hold.
     *
     * @param low end of the 95 % interval; 0 when it may lie below the lowest level
     * @param high end of the 95 % interval; infinite when it may lie above the highest level
     * @param found false when no level, or every level, met the objective
     */
    public record Crossing(double perSecond, double low, double high, boolean found) {}

    private final List<Level> levels;

    /** The curve through these levels, in any order. */
    public ResponseCurve(List<Level> levels) {
        if (levels.size() < 2) {
            throw new IllegalArgumentException("a curve needs two levels, there are " + levels.size());
        }
        this.levels = List.copyOf(levels);
    }

    /** The crossing with its interval; {@code random} draws the levels that are taken again. */
    public Crossing crossing(RandomGenerator random) {
        double whole = crossing(levels);
        boolean found = whole > 0 && Double.isFinite(whole);
        var drawn = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            var again = new ArrayList<Level>(levels.size());
            for (int k = 0; k < levels.size(); k++) {
                again.add(levels.get(random.nextInt(levels.size())));
            }
            drawn[i] = crossing(again);
        }
        Arrays.sort(drawn);
        return new Crossing(
                whole,
                Math.min(whole, drawn[(int) (TAIL * DRAWS)]),
                Math.max(whole, drawn[(int) ((1 - TAIL) * DRAWS) - 1]),
                found);
    }

    /** 0 when the curve is above the limit everywhere, infinite when it is below everywhere. */
    private static double crossing(List<Level> levels) {
        var sorted = levels.stream()
                .sorted(Comparator.comparingDouble(Level::perSecond))
                .toList();
        var fitted = rising(sorted.stream()
                .mapToDouble(level -> Math.max(-CUT, Math.min(CUT, level.margin())))
                .toArray());
        int first = 0;
        while (first < fitted.length && fitted[first] < 0) {
            first++;
        }
        if (first == 0) {
            return 0;
        }
        if (first == fitted.length) {
            return Double.POSITIVE_INFINITY;
        }
        double low = Math.log(sorted.get(first - 1).perSecond());
        double high = Math.log(sorted.get(first).perSecond());
        double share = -fitted[first - 1] / (fitted[first] - fitted[first - 1]);
        return Math.exp(low + share * (high - low));
    }

    /** The sequence that never falls and is nearest in squares: neighbours that fall share their mean. */
    static double[] rising(double[] values) {
        var means = new double[values.length];
        var sizes = new int[values.length];
        int blocks = 0;
        for (double value : values) {
            means[blocks] = value;
            sizes[blocks] = 1;
            blocks++;
            while (blocks > 1 && means[blocks - 2] > means[blocks - 1]) {
                int size = sizes[blocks - 2] + sizes[blocks - 1];
                means[blocks - 2] =
                        (means[blocks - 2] * sizes[blocks - 2] + means[blocks - 1] * sizes[blocks - 1]) / size;
                sizes[blocks - 2] = size;
                blocks--;
            }
        }
        var fitted = new double[values.length];
        int at = 0;
        for (int b = 0; b < blocks; b++) {
            Arrays.fill(fitted, at, at + sizes[b], means[b]);
            at += sizes[b];
        }
        return fitted;
    }
}
