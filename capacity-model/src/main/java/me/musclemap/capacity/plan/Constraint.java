package me.musclemap.capacity.plan;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * Something that gives out.
 *
 * @param name cpu, dbPool, memory, sockets, localPorts, bandwidth, eventLoop, port, databaseMemory or p99
 * @param limit in words, with its number
 * @param largestConsumer the station that uses most of it, where that is known
 * @param used share of the limit that is used at a headline rate; rises with it, 1 at the limit
 */
public record Constraint(String name, String limit, Optional<String> largestConsumer, DoubleUnaryOperator used) {
    private static final double RATE_MAX = 1e10;

    /** The headline rate at which the limit is reached; 0 where it is passed without a request, infinite where no rate does. */
    public double capacity() {
        if (used.applyAsDouble(0) >= 1) {
            return 0;
        }
        if (used.applyAsDouble(RATE_MAX) < 1) {
            return Double.POSITIVE_INFINITY;
        }
        double low = 0;
        double high = 1;
        while (used.applyAsDouble(high) < 1) {
            low = high;
            high *= 2;
        }
        for (int round = 0; round < 40 && high - low > 1e-7 * high; round++) {
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
