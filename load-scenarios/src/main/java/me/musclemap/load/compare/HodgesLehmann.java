package me.musclemap.load.compare;

import java.util.Arrays;

/**
 * The middle of paired differences with its exact interval: the median of the averages of all pairs of differences, and the averages
 * between which the signed-rank test would not reject.
 *
 * <p>Source: M. Hollander, D. A. Wolfe and E. Chicken, Nonparametric Statistical Methods, 3rd ed., sections 3.2 and 3.3.
 *
 * @param low {@link Double#NEGATIVE_INFINITY} when there are too few pairs for this confidence
 * @param high {@link Double#POSITIVE_INFINITY} when there are too few pairs for this confidence
 */
record HodgesLehmann(double estimate, double low, double high) {
    /** Of these differences, with a two-sided interval of at least this confidence, 0 to 1. */
    static HodgesLehmann of(double[] differences, double confidence) {
        int pairs = differences.length;
        if (pairs == 0) {
            throw new IllegalArgumentException("no pair");
        }
        var averages = new double[pairs * (pairs + 1) / 2];
        int at = 0;
        for (int i = 0; i < pairs; i++) {
            for (int j = i; j < pairs; j++) {
                averages[at++] = (differences[i] + differences[j]) / 2;
            }
        }
        Arrays.sort(averages);
        int middle = averages.length / 2;
        double estimate = averages.length % 2 == 1 ? averages[middle] : (averages[middle - 1] + averages[middle]) / 2;
        int outside = outside(pairs, (1 - confidence) / 2);
        return outside == 0
                ? new HodgesLehmann(estimate, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
                : new HodgesLehmann(estimate, averages[outside - 1], averages[averages.length - outside]);
    }

    /** The largest k with P(W &lt;= k - 1) at most {@code tail}: the k-th average from either end bounds the interval. */
    private static int outside(int pairs, double tail) {
        var ways = ways(pairs);
        double below = 0;
        int k = 0;
        while (k < ways.length && (below += ways[k]) <= tail * Math.pow(2, pairs) * (1 + 1e-12)) {
            k++;
        }
        return k;
    }

    /** How many subsets of the ranks 1 to n have each sum. */
    private static double[] ways(int pairs) {
        var ways = new double[pairs * (pairs + 1) / 2 + 1];
        ways[0] = 1;
        int highest = 0;
        for (int rank = 1; rank <= pairs; rank++) {
            for (int sum = highest; sum >= 0; sum--) {
                ways[sum + rank] += ways[sum];
            }
            highest += rank;
        }
        return ways;
    }
}
