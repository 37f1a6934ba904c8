package me.musclemap.load.compare;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How pairs are judged. Immutable. Differences are logarithms of ratios; positive means that the candidate is worse.
 *
 * <ul>
 *   <li><i>Regression</i>: the sign-flip test rejects at {@code alpha} (one-sided) and the best estimate lies beyond the margin.
 *   <li><i>No regression</i>: the interval's upper end lies within the margin.
 *   <li><i>Undecided</i>: neither.
 * </ul>
 *
 * @param alpha the most false alarms among comparisons of a build with itself, as a share
 * @param margin the change that nobody minds, as a share: 0.05 for 5 %
 */
record Rule(double alpha, double margin) {
    private static final double POWER = 0.9;
    private static final int MOST_COUNTED = 200;

    Rule {
        if (!(alpha > 0 && alpha <= 0.2)) {
            throw new CompareException("--alpha=" + alpha + ": use more than 0 and at most 0.2, for example 0.05");
        }
        if (!(margin >= 0 && margin <= 1)) {
            throw new CompareException("--margin=" + margin * 100 + ": use percent from 0 to 100, for example 5");
        }
    }

    /** What the pairs say. */
    enum Finding {
        NO_REGRESSION,
        REGRESSION,
        UNDECIDED
    }

    /** The margin as a difference of logarithms. */
    double logMargin() {
        return Math.log1p(margin);
    }

    /** The effect with the interval that belongs to {@code alpha} on each side. */
    HodgesLehmann effect(double[] worse) {
        return HodgesLehmann.of(worse, 1 - 2 * alpha);
    }

    Finding judge(double[] worse) {
        var effect = effect(worse);
        if (effect.high() < logMargin()) {
            return Finding.NO_REGRESSION;
        }
        return effect.estimate() > logMargin() && SignFlip.atLeast(worse) <= alpha
                ? Finding.REGRESSION
                : Finding.UNDECIDED;
    }

    /** The fewest pairs that can decide anything: below, not even all signs alike are rare enough. */
    int fewestPairs() {
        return (int) Math.ceil(-Math.log(alpha) / Math.log(2) - 1e-9);
    }

    /**
     * About how many pairs more decide nine such comparisons in ten; empty for more than {@value #MOST_COUNTED}.
     *
     * @param deviation of a pair's log ratio on this machine, where it is known from comparisons of a build with itself
     */
    OptionalInt morePairs(double[] worse, OptionalDouble deviation) {
        int have = worse.length;
        double spread = Math.max(deviation(worse), deviation.orElse(0));
        double estimate = effect(worse).estimate();
        double distance = estimate > logMargin() ? estimate : logMargin() - estimate;
        for (int pairs = Math.max(fewestPairs(), have + 1); pairs <= MOST_COUNTED; pairs++) {
            double standardised = distance * Math.sqrt(pairs) / Math.max(spread, 1e-9);
            double needed = new TDistribution(null, pairs - 1).inverseCumulativeProbability(1 - alpha)
                    + new NormalDistribution(null, 0, 1).inverseCumulativeProbability(POWER);
            if (standardised >= needed) {
                return OptionalInt.of(pairs - have);
            }
        }
        return OptionalInt.empty();
    }

    /** The sample's standard deviation; 0 for fewer than two. */
    static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
    }
}
