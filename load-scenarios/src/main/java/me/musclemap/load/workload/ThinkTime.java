package me.musclemap.load.workload;

import java.util.random.RandomGenerator;

/** How long a user pauses after an answer, as a distribution over seconds. Immutable. */
public sealed interface ThinkTime {
    /** No pause at all. */
    ThinkTime NONE = new Constant(0);

    /** The mean pause in seconds. */
    double meanSeconds();

    /** One pause in seconds, drawn from {@code random}. */
    double seconds(RandomGenerator random);

    /**
     * The whole length in seconds of the pause that a moment chosen at random falls into: long pauses catch more moments, so the
     * density is that of a pause times its length, over the mean. Source: Feller, An Introduction to Probability Theory, volume 2, I.4.
     */
    double secondsSeenFromWithin(RandomGenerator random);

    /** The probability that a pause is longer than {@code seconds}. */
    double probabilityLongerThan(double seconds);

    /**
     * How often something that comes every {@code periodSeconds} happens within a pause, on average: the sum of the chances that the
     * pause outlives the first, second, third … time.
     */
    default double expectedTicks(double periodSeconds) {
        var sum = 0.0;
        for (var k = 1; k < 1_000_000; k++) {
            var longer = probabilityLongerThan(k * periodSeconds);
            sum += longer;
            if (longer < 1e-12) {
                break;
            }
        }
        return sum;
    }

    /** In words, for a person. */
    String words();

    /** Always the same pause. */
    record Constant(double seconds) implements ThinkTime {
        @Override
        public double meanSeconds() {
            return seconds;
        }

        @Override
        public double seconds(RandomGenerator random) {
            return seconds;
        }

        @Override
        public double secondsSeenFromWithin(RandomGenerator random) {
            return seconds;
        }

        @Override
        public double probabilityLongerThan(double t) {
            return seconds > t ? 1 : 0;
        }

        @Override
        public String words() {
            return seconds == 0 ? "no pause" : "%.0f s".formatted(seconds);
        }
    }

    /** Any pause between two bounds is equally likely. */
    record Uniform(double fromSeconds, double toSeconds) implements ThinkTime {
        @Override
        public double meanSeconds() {
            return (fromSeconds + toSeconds) / 2;
        }

        @Override
        public double seconds(RandomGenerator random) {
            return fromSeconds + random.nextDouble() * (toSeconds - fromSeconds);
        }

        @Override
        public double secondsSeenFromWithin(RandomGenerator random) {
            var low = fromSeconds * fromSeconds;
            var high = toSeconds * toSeconds;
            return Math.sqrt(low + random.nextDouble() * (high - low));
        }

        @Override
        public double probabilityLongerThan(double t) {
            return Math.min(1, Math.max(0, (toSeconds - t) / (toSeconds - fromSeconds)));
        }

        @Override
        public String words() {
            return "%.0f to %.0f s".formatted(fromSeconds, toSeconds);
        }
    }

    /** Memoryless. */
    record Exponential(double meanSeconds) implements ThinkTime {
        @Override
        public double seconds(RandomGenerator random) {
            return -meanSeconds * Math.log(1 - random.nextDouble());
        }

        @Override
        public double secondsSeenFromWithin(RandomGenerator random) {
            return seconds(random) + seconds(random);
        }

        @Override
        public double probabilityLongerThan(double t) {
            return Math.exp(-t / meanSeconds);
        }

        @Override
        public String words() {
            return "%.0f s on average, exponential".formatted(meanSeconds);
        }
    }

    /**
     * The logarithm is normal, as it is for reading times.
     *
     * @param sigma standard deviation of the logarithm; 0.5 to 1 is usual
     */
    record LogNormal(double meanSeconds, double sigma) implements ThinkTime {
        private double mu() {
            return Math.log(meanSeconds) - sigma * sigma / 2;
        }

        @Override
        public double seconds(RandomGenerator random) {
            return Math.exp(mu() + sigma * normal(random));
        }

        @Override
        public double secondsSeenFromWithin(RandomGenerator random) {
            return Math.exp(mu() + sigma * sigma + sigma * normal(random));
        }

        @Override
        public double probabilityLongerThan(double t) {
            return t <= 0 ? 1 : 1 - normalCdf((Math.log(t) - mu()) / sigma);
        }

        @Override
        public String words() {
            return "%.0f s on average, log-normal".formatted(meanSeconds);
        }

        /** Box and Muller's method: two uniforms to one normal, the same on every JDK. */
        private static double normal(RandomGenerator random) {
            var radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
            return radius * Math.cos(2 * Math.PI * random.nextDouble());
        }

        /** Source: Marsaglia, Evaluating the Normal Distribution, Journal of Statistical Software 11(4), 2004. */
        private static double normalCdf(double x) {
            if (Math.abs(x) > 8) {
                return x < 0 ? 0 : 1;
            }
            var sum = x;
            var term = x;
            for (var i = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && i < 400; i += 2) {
                term *= x * x / i;
                sum += term;
            }
            return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        }
    }
}
