package me.musclemap.capacity.condition;

import java.util.function.DoubleUnaryOperator;

/**
 * Something that gives out.
 *
 * @param name cpu, p99, dbPool or redisCore
 * @param limit in words, with its number
 * @param used what share of the limit a headline rate uses: rises with it, 1 at the limit
 */
record Ceiling(String name, String limit, DoubleUnaryOperator used) {
    /** A rate that stands for any: no limit is reached up to it. */
    static final double RATE_MAX = 1e12;

    /** The headline rate at which the limit is reached; {@link #RATE_MAX} where none does. */
    double perSecond() {
        if (used.applyAsDouble(RATE_MAX) < 1) {
            return RATE_MAX;
        }
        double low = 0;
        double high = 1;
        while (used.applyAsDouble(high) < 1) {
            low = high;
            high *= 2;
        }
        for (int round = 0; round < 40 && high - low > 1e-6 * high; round++) {
            double middle = (low + high) / 2;
            if (used.applyAsDouble(middle) < 1) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
