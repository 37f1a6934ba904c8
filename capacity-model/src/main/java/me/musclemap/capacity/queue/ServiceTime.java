package me.musclemap.capacity.queue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.special.Gamma;

/**
 * The distribution of a service time, in seconds. Implementations are immutable and thread-safe; the random generator
 * is not shared.
 */
public interface ServiceTime {
    /** Mean seconds. */
    double mean();

    /** Variance as a share of the squared mean. */
    double squaredVariation();

    /** Mean of the third power. */
    double thirdMoment();

    /** The seconds that a share {@code p} of the services does not exceed, for {@code p} in (0, 1). */
    double quantile(double p);

    /** One service time. */
    double sample(SplittableRandom random);

    /** Exponential with the given mean. */
    static ServiceTime exponential(double mean) {
        return gamma(mean, 1);
    }

    /** Always the same. */
    static ServiceTime constant(double seconds) {
        return empirical(new double[] {seconds});
    }

    /** No time at all. */
    static ServiceTime nothing() {
        return new EmpiricalTime(new double[] {0});
    }

    /** Gamma with the given mean and squared variation; Erlang-k where the variation is 1/k. */
    static ServiceTime gamma(double mean, double squaredVariation) {
        return new GammaTime(mean, squaredVariation);
    }

    /** Lognormal with the given mean and squared variation. */
    static ServiceTime lognormal(double mean, double squaredVariation) {
        return new LognormalTime(mean, squaredVariation);
    }

    /**
     * A mixture of two exponentials that contribute the same mean work ("balanced means").
     *
     * @param squaredVariation at least 1
     */
    static ServiceTime hyperexponential(double mean, double squaredVariation) {
        return new HyperexponentialTime(mean, squaredVariation);
    }

    /** Each of the observed times with the same probability. */
    static ServiceTime empirical(double[] seconds) {
        return EmpiricalTime.of(seconds);
    }

    private static void require(double mean, double squaredVariation, double least) {
        if (!(mean > 0) || Double.isInfinite(mean)) {
            throw new IllegalArgumentException("mean service=" + mean + " s: must be finite and positive");
        }
        if (!(squaredVariation >= least) || Double.isInfinite(squaredVariation)) {
            throw new IllegalArgumentException(
                    "squared variation=" + squaredVariation + ": must be finite and at least " + least);
        }
    }

    /** Gamma. */
    record GammaTime(double mean, double squaredVariation) implements ServiceTime {
        /** Checks the parameters. */
        public GammaTime {
            require(mean, squaredVariation, Double.MIN_NORMAL);
        }

        @Override
        public double thirdMoment() {
            return mean * mean * mean * (1 + squaredVariation) * (1 + 2 * squaredVariation);
        }

        @Override
        public double quantile(double p) {
            if (squaredVariation == 1) {
                return -mean * Math.log1p(-p);
            }
            double shape = 1 / squaredVariation;
            return Roots.falling(
                    t -> t == 0 ? 1 : Gamma.regularizedGammaQ(shape, t * shape / mean), 1 - p, mean * (1 + shape));
        }

        @Override
        public double sample(SplittableRandom random) {
            if (squaredVariation == 1) {
                return mean * random.nextExponential();
            }
            double shape = 1 / squaredVariation;
            long stages = Math.round(shape);
            if (stages <= 16 && Math.abs(shape - stages) < 1e-9 * shape) {
                double product = 1;
                for (long stage = 0; stage < stages; stage++) {
                    product *= 1 - random.nextDouble();
                }
                return -mean * squaredVariation * Math.log(product);
            }
            return mean * squaredVariation * standard(shape, random);
        }

        /** Source: G. Marsaglia and W. W. Tsang 2000; below 1, the boost by a power of a uniform. */
        private static double standard(double shape, SplittableRandom random) {
            if (shape < 1) {
                return standard(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
            }
            double d = shape - 1.0 / 3;
            double c = 1 / Math.sqrt(9 * d);
            while (true) {
                double x = random.nextGaussian();
                double v = Math.pow(1 + c * x, 3);
                if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                    return d * v;
                }
            }
        }
    }

    /** Lognormal. */
    final class LognormalTime implements ServiceTime {
        private final double mean;
        private final double squaredVariation;
        private final double sigma;
        private final double median;

        LognormalTime(double mean, double squaredVariation) {
            require(mean, squaredVariation, 0);
            this.mean = mean;
            this.squaredVariation = squaredVariation;
            this.sigma = Math.sqrt(Math.log1p(squaredVariation));
            this.median = mean / Math.sqrt(1 + squaredVariation);
        }

        @Override
        public double mean() {
            return mean;
        }

        @Override
        public double squaredVariation() {
            return squaredVariation;
        }

        @Override
        public double thirdMoment() {
            return Math.pow(mean * (1 + squaredVariation), 3);
        }

        @Override
        public double quantile(double p) {
            return median * Math.exp(-sigma * Math.sqrt(2) * Erf.erfcInv(2 * p));
        }

        @Override
        public double sample(SplittableRandom random) {
            return median * Math.exp(sigma * random.nextGaussian());
        }
    }

    /** Two exponentials with balanced means. */
    record HyperexponentialTime(double mean, double squaredVariation) implements ServiceTime {
        /** Checks the parameters. */
        public HyperexponentialTime {
            require(mean, squaredVariation, 1);
        }

        private double share() {
            return (1 + Math.sqrt((squaredVariation - 1) / (squaredVariation + 1))) / 2;
        }

        @Override
        public double thirdMoment() {
            double p = share();
            return 0.75 * mean * mean * mean * (1 / (p * p) + 1 / ((1 - p) * (1 - p)));
        }

        @Override
        public double quantile(double p) {
            double share = share();
            return Roots.falling(
                    t -> share * Math.exp(-2 * share * t / mean) + (1 - share) * Math.exp(-2 * (1 - share) * t / mean),
                    1 - p,
                    mean);
        }

        @Override
        public double sample(SplittableRandom random) {
            double p = share();
            double branch = random.nextDouble() < p ? p : 1 - p;
            return mean / (2 * branch) * random.nextExponential();
        }
    }

    /** Observed times. */
    final class EmpiricalTime implements ServiceTime {
        private final double[] sorted;
        private final double mean;
        private final double second;
        private final double third;

        private EmpiricalTime(double[] sorted) {
            this.sorted = sorted;
            this.mean = Arrays.stream(sorted).average().orElse(0);
            this.second = Arrays.stream(sorted).map(s -> s * s).average().orElse(0);
            this.third = Arrays.stream(sorted).map(s -> s * s * s).average().orElse(0);
        }

        static EmpiricalTime of(double[] seconds) {
            double[] sorted = seconds.clone();
            Arrays.sort(sorted);
            if (sorted.length == 0
                    || !(sorted[0] >= 0)
                    || !(sorted[sorted.length - 1] > 0)
                    || Double.isInfinite(sorted[sorted.length - 1])) {
                throw new IllegalArgumentException(
                        sorted.length + " service times: give at least one, finite and not negative, with one above 0");
            }
            return new EmpiricalTime(sorted);
        }

        @Override
        public double mean() {
            return mean;
        }

        @Override
        public double squaredVariation() {
            return mean == 0 ? 0 : Math.max(0, second / (mean * mean) - 1);
        }

        @Override
        public double thirdMoment() {
            return third;
        }

        @Override
        public double quantile(double p) {
            return sorted[(int) Math.min(sorted.length - 1.0, Math.floor(p * sorted.length))];
        }

        @Override
        public double sample(SplittableRandom random) {
            return sorted.length == 1 ? sorted[0] : sorted[random.nextInt(sorted.length)];
        }
    }
}
