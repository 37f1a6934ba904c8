package me.musclemap.load.compare;

import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * Comparisons of a build with itself, made by the thousand from log ratios that were measured: how often the rule raises a false alarm,
 * and how many pairs it needs to see a true change. Deterministic for a seed.
 *
 * <p>Ratios are drawn in blocks of neighbours, so that a drift stays in, and each pair's order changes as that of a campaign does.
 */
final class Campaigns {
    static final int COUNT = 2000;
    private static final int BLOCK = 4;
    /** Nobody drives more pairs for a build. */
    static final int MOST_PAIRS = 24;

    private static final int SEARCH_COUNT = 500;
    private static final double POWER = 0.9;

    private final double[] measured;
    private final Rule rule;
    private final long seed;

    /** @param measured log ratios of two runs of one build, in the order in which they were driven */
    Campaigns(double[] measured, Rule rule, long seed) {
        this.measured = measured.clone();
        this.rule = rule;
        this.seed = seed;
    }

    /** The share of {@value #COUNT} campaigns of this many pairs that call a candidate a regression which is this share worse. */
    double alarms(int pairs, double trueChange) {
        return alarms(COUNT, pairs, trueChange);
    }

    private double alarms(int count, int pairs, double trueChange) {
        var random = new SplittableRandom(seed);
        double shift = Math.log1p(trueChange);
        int alarms = 0;
        for (int campaign = 0; campaign < count; campaign++) {
            if (rule.judge(campaign(pairs, shift, random)) == Rule.Finding.REGRESSION) {
                alarms++;
            }
        }
        return alarms / (double) count;
    }

    private double[] campaign(int pairs, double shift, SplittableRandom random) {
        var differences = new double[pairs];
        int order = random.nextInt(2);
        int from = 0;
        for (int pair = 0; pair < pairs; pair++) {
            if (pair % BLOCK == 0) {
                from = random.nextInt(measured.length);
            }
            double ratio = measured[(from + pair % BLOCK) % measured.length];
            differences[pair] = shift + ((pair + order) % 2 == 0 ? ratio : -ratio);
        }
        return differences;
    }

    /** The fewest pairs with which nine campaigns in ten see a candidate that is this share worse; empty beyond {@value #MOST_PAIRS}. */
    OptionalInt pairsNeeded(double trueChange) {
        for (int pairs = rule.fewestPairs(); pairs <= MOST_PAIRS; pairs++) {
            if (alarms(SEARCH_COUNT, pairs, trueChange) >= POWER) {
                return OptionalInt.of(pairs);
            }
        }
        return OptionalInt.empty();
    }
}
