package me.musclemap.capacity.simulate;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * A simulated number and how far it may be off.
 *
 * @param value the estimate
 * @param halfWidth half the width of the 95 % confidence interval, by Student over the replications
 */
public record Estimate(double value, double halfWidth) {
    private static final double CONFIDENCE = 0.95;

    /** The estimate {@code value}, with the scatter of {@code replications}, of which there are at least two. */
    static Estimate of(double value, double[] replications) {
        int n = replications.length;
        double mean = 0;
        for (double one : replications) {
            mean += one / n;
        }
        double squares = 0;
        for (double one : replications) {
            squares += (one - mean) * (one - mean);
        }
        double student = new TDistribution(n - 1.0).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
        return new Estimate(value, student * Math.sqrt(squares / (n - 1) / n));
    }

    /** Whether {@code other} lies in the interval, widened by {@code share} of the value. */
    public boolean agreesWith(double other, double share) {
        return Math.abs(other - value) <= halfWidth + share * Math.abs(value);
    }
}
