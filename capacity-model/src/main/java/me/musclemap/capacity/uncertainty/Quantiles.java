package me.musclemap.capacity.uncertainty;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** The 10, 50 and 90 percentile of the draws of one figure: plan on the lowest. */
public record Quantiles(double p10, double p50, double p90) {
    public Quantiles {
        if (!(p10 <= p50 && p50 <= p90)) {
            throw new IllegalArgumentException("quantiles out of order: " + p10 + ", " + p50 + ", " + p90);
        }
    }

    /** Of at least one draw. */
    public static Quantiles of(double[] draws) {
        double[] sorted = draws.clone();
        Arrays.sort(sorted);
        return new Quantiles(quantile(sorted, 0.1), quantile(sorted, 0.5), quantile(sorted, 0.9));
    }

    /** The same through a rising function. */
    public Quantiles map(DoubleUnaryOperator rising) {
        return new Quantiles(rising.applyAsDouble(p10), rising.applyAsDouble(p50), rising.applyAsDouble(p90));
    }

    /**
     * The quantile of sorted values, interpolated.
     *
     * <p>Source: Hyndman and Fan (1996), definition 7.
     */
    public static double quantile(double[] sorted, double p) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values to take a quantile of");
        }
        double at = p * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        double share = at - below;
        return share == 0 ? sorted[below] : sorted[below] + share * (sorted[above] - sorted[below]);
    }
}
