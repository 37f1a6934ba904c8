package me.musclemap.load.compare;

import java.util.Arrays;

/**
 * The exact sign-flip test on paired differences: if neither side were worse, each difference could as well have the other sign.
 *
 * <p>All 2^n sign patterns count, none is sampled. Source: R. A. Fisher, The Design of Experiments, 1935, section 21.
 */
final class SignFlip {
    /** More pairs than this would need more than a million sums for each half. */
    static final int MOST_PAIRS = 40;

    private SignFlip() {}

    /**
     * The share of sign patterns whose sum is at least the observed one: a one-sided probability, between 2^-n and 1.
     *
     * @throws IllegalArgumentException for no pair, or for more than {@value #MOST_PAIRS}
     */
    static double atLeast(double[] differences) {
        int pairs = differences.length;
        if (pairs < 1 || pairs > MOST_PAIRS) {
            throw new IllegalArgumentException(pairs + " pairs: the test takes 1 to " + MOST_PAIRS);
        }
        var left = sums(Arrays.copyOfRange(differences, 0, pairs / 2));
        var right = sums(Arrays.copyOfRange(differences, pairs / 2, pairs));
        double observed = Arrays.stream(differences).sum();
        double size = Arrays.stream(differences).map(Math::abs).sum();
        // Sums of the same numbers in another order differ in their last digits; equal ones must count as equal.
        double threshold = observed - 1e-12 * size;
        long atLeast = 0;
        int from = right.length;
        for (double sum : left) {
            while (from > 0 && sum + right[from - 1] >= threshold) {
                from--;
            }
            atLeast += right.length - from;
        }
        return atLeast / Math.pow(2, pairs);
    }

    /** Every sum with signs, in rising order: with each difference two sorted lists are merged. */
    private static double[] sums(double[] differences) {
        var sums = new double[1];
        for (double difference : differences) {
            double step = Math.abs(difference);
            var merged = new double[2 * sums.length];
            int lower = 0;
            int upper = 0;
            for (int i = 0; i < merged.length; i++) {
                boolean fromLower =
                        upper == sums.length || lower < sums.length && sums[lower] - step <= sums[upper] + step;
                merged[i] = fromLower ? sums[lower++] - step : sums[upper++] + step;
            }
            sums = merged;
        }
        return sums;
    }
}
