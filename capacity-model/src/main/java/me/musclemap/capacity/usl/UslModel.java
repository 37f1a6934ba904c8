package me.musclemap.capacity.usl;

import java.util.OptionalDouble;

/**
 * The universal scalability law: {@code X(N) = gamma N / (1 + alpha (N - 1) + beta N (N - 1))}.
 *
 * <p>Source: N. J. Gunther, Guerrilla Capacity Planning, 2007.
 *
 * @param alpha contention, not negative
 * @param beta coherency, not negative
 * @param gamma throughput of one, per second, above 0
 */
public record UslModel(double alpha, double beta, double gamma) {
    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public UslModel {
        if (!(alpha >= 0) || !(beta >= 0) || !(gamma > 0) || Double.isInfinite(alpha + beta + gamma)) {
            throw new IllegalArgumentException("alpha=" + alpha + " beta=" + beta + " gamma=" + gamma
                    + ": give finite numbers, alpha and beta not negative, gamma above 0");
        }
    }

    /** Requests per second at {@code concurrency}. */
    public double throughputAt(double concurrency) {
        return gamma * concurrency / slowdown(concurrency);
    }

    /** Seconds of one request at {@code concurrency}, by Little's law. */
    public double latencyAt(double concurrency) {
        return slowdown(concurrency) / gamma;
    }

    private double slowdown(double n) {
        return 1 + alpha * (n - 1) + beta * n * (n - 1);
    }

    /** The concurrency with the highest throughput; empty where throughput never falls, or falls from the start. */
    public OptionalDouble peakConcurrency() {
        return beta > 0 && alpha < 1 ? OptionalDouble.of(Math.sqrt((1 - alpha) / beta)) : OptionalDouble.empty();
    }

    /**
     * The highest throughput: at the peak, or the limit that contention sets and that is never reached; empty where there
     * is no bound.
     */
    public OptionalDouble throughputMax() {
        OptionalDouble peak = peakConcurrency();
        if (peak.isPresent()) {
            return OptionalDouble.of(throughputAt(peak.getAsDouble()));
        }
        if (beta > 0) { // falls from the start: the most is what the smallest load gets
            return OptionalDouble.of(throughputAt(1));
        }
        return throughputLimit();
    }

    /** The throughput that contention alone would allow; empty without contention. */
    public OptionalDouble throughputLimit() {
        return alpha > 0 ? OptionalDouble.of(gamma / alpha) : OptionalDouble.empty();
    }

    /** The concurrency at which the linear rise would meet the limit; empty without contention. */
    public OptionalDouble optimalConcurrency() {
        return alpha > 0 ? OptionalDouble.of(1 / alpha) : OptionalDouble.empty();
    }

    /** The smallest concurrency that gives {@code throughput} per second; empty if none does. */
    public OptionalDouble concurrencyAtThroughput(double throughput) {
        // beta X N^2 + ((alpha - beta) X - gamma) N + (1 - alpha) X = 0, the smaller root that is not negative
        double a = beta * throughput;
        double b = (alpha - beta) * throughput - gamma;
        double c = (1 - alpha) * throughput;
        if (throughput == 0) {
            return OptionalDouble.of(0);
        }
        double discriminant = b * b - 4 * a * c;
        OptionalDouble peak = throughputMax();
        if (discriminant < 0 && peak.isPresent() && throughput <= peak.getAsDouble() * (1 + 1e-12)) {
            discriminant = 0; // the peak itself, missed by rounding
        }
        if (!(discriminant >= 0) || b >= 0) {
            return OptionalDouble.empty();
        }
        double root = 2 * c / (-b + Math.sqrt(discriminant));
        return root >= 0 ? OptionalDouble.of(root) : OptionalDouble.empty();
    }

    /** The concurrency at which a request takes {@code seconds}; empty below the shortest latency, or if all take it. */
    public OptionalDouble concurrencyAtLatency(double seconds) {
        // beta N^2 + (alpha - beta) N + (1 - alpha - gamma R) = 0: one root is positive while the constant is negative
        double b = alpha - beta;
        double c = 1 - alpha - gamma * seconds;
        if (c > 0 || (beta == 0 && alpha == 0)) {
            return OptionalDouble.empty();
        }
        double root = Math.sqrt(b * b - 4 * beta * c);
        double concurrency = b > 0 ? -2 * c / (b + root) : (root - b) / (2 * beta);
        return Double.isFinite(concurrency) && concurrency > 0
                ? OptionalDouble.of(concurrency)
                : OptionalDouble.empty();
    }
}
