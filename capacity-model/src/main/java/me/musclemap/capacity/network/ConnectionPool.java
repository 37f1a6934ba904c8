package me.musclemap.capacity.network;

/**
 * Poisson arrivals that hold one of {@code connections} while they are served by processors and then by one disk;
 * further arrivals wait for a connection in order. Exponential times, in seconds.
 *
 * @param arrivalsPerSecond not negative
 * @param connections at least 1
 * @param processors at least 1
 * @param processorSeconds mean service at the processors, not negative
 * @param diskSeconds mean service at the disk, not negative; not both 0
 */
public record ConnectionPool(
        double arrivalsPerSecond, int connections, int processors, double processorSeconds, double diskSeconds) {
    /** The largest pool that the Markov chain is solved for. */
    public static final int CONNECTIONS_EXACT_MAX = 200;

    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ConnectionPool {
        if (!(arrivalsPerSecond >= 0)
                || connections < 1
                || processors < 1
                || !(processorSeconds >= 0)
                || !(diskSeconds >= 0)
                || !(processorSeconds + diskSeconds > 0)
                || Double.isInfinite(arrivalsPerSecond + processorSeconds + diskSeconds)) {
            throw new IllegalArgumentException("arrivals " + arrivalsPerSecond + "/s, " + connections + " connections, "
                    + processors + " processors of " + processorSeconds + " s, disk " + diskSeconds
                    + " s: give finite numbers, not negative, with at least one connection and processor");
        }
    }

    /**
     * What the waiting requests meet.
     *
     * @param throughputPerSecond requests done
     * @param meanPoolWaitSeconds until a connection is free
     * @param meanHoldSeconds with the connection
     * @param probabilityPoolFull share of time in which every connection is held
     */
    public record Means(
            double throughputPerSecond,
            double meanPoolWaitSeconds,
            double meanHoldSeconds,
            double probabilityPoolFull) {
        /** Waiting for the connection and holding it. */
        public double meanResponseSeconds() {
            return meanPoolWaitSeconds + meanHoldSeconds;
        }
    }

    /** Requests per second of the inner network by the number of connections always held, from 0. */
    private double[] throughputByHeld() {
        Network inner = new Network(
                new double[][] {{processorSeconds, diskSeconds}}, new int[] {processors, 1}, new double[] {0});
        return ProductForm.throughputByPopulation(inner, connections);
    }

    /** The rate that the full pool sustains; arrivals at this rate or above queue without end. */
    public double saturationRate() {
        return throughputByHeld()[connections];
    }

    /**
     * The inner network replaced by one server whose rate is the network's at each number held. An approximation: within
     * 0.1 % where the pool is large against its processors, up to 15 % off for pools of 3 or 4.
     *
     * @throws ProductForm.UnstableException if the arrivals reach the saturation rate
     */
    public Means flowEquivalent() {
        double[] rate = throughputByHeld();
        double saturation = rate[connections];
        requireStable(saturation);
        double rho = arrivalsPerSecond / saturation;
        // from the full pool downwards: the ratio of neighbours is a service rate over the arrivals
        double[] share = new double[connections + 1];
        share[0] = 1;
        double total = 1;
        for (int n = 1; n <= connections; n++) {
            share[n] = share[n - 1] * arrivalsPerSecond / rate[n];
            total += share[n];
            if (total > 1e250) {
                for (int i = 0; i <= n; i++) {
                    share[i] *= 1e-250;
                }
                total *= 1e-250;
            }
        }
        double full = share[connections] / (1 - rho);
        total += full - share[connections];
        double held = connections * full;
        for (int n = 1; n < connections; n++) {
            held += n * share[n];
        }
        double waiting = full * rho / (1 - rho);
        return means(waiting / total, held / total, full / total);
    }

    private void requireStable(double saturation) {
        if (arrivalsPerSecond >= saturation) {
            throw new ProductForm.UnstableException(0, arrivalsPerSecond / saturation);
        }
    }

    private Means means(double waiting, double held, double full) {
        if (arrivalsPerSecond == 0) {
            return new Means(0, 0, processorSeconds + diskSeconds, 0);
        }
        return new Means(arrivalsPerSecond, waiting / arrivalsPerSecond, held / arrivalsPerSecond, full);
    }

    /** Whether {@link #exact} is: not for a large pool that is often full. */
    public boolean exactIsKnown() {
        return connections <= CONNECTIONS_EXACT_MAX || flowEquivalent().probabilityPoolFull() < 1e-9;
    }

    /**
     * The Markov chain of requests and where they are. A pool that is never full changes nothing, so for large ones the
     * flow-equivalent server is the answer.
     *
     * @throws ProductForm.UnstableException if the arrivals reach the saturation rate
     */
    public Means exact() {
        requireStable(saturationRate());
        if (processorSeconds == 0 || diskSeconds == 0 || arrivalsPerSecond == 0) {
            return flowEquivalent(); // one station: its rate depends on the number held alone, so nothing is lost
        }
        if (connections > CONNECTIONS_EXACT_MAX) {
            return flowEquivalent();
        }
        double[][] share = LevelChain.endless(process(), connections);
        double held = 0;
        double below = 0;
        for (int n = 0; n <= connections; n++) {
            double atLevel = sum(share[n]);
            held += n * atLevel;
            below += n < connections ? atLevel : 0;
        }
        held += connections * sum(share[connections + 1]);
        return means(sum(share[connections + 2]), held, 1 - below);
    }

    /** Level: requests; phase: how many of the connected are at the processors. */
    private LevelChain.StateSpace process() {
        return new LevelChain.StateSpace() {
            @Override
            public int phases(int level) {
                return Math.min(level, connections) + 1;
            }

            @Override
            public void transitions(int level, int atProcessors, LevelChain.Transitions to) {
                int inside = Math.min(level, connections);
                to.add(1, level < connections ? atProcessors + 1 : atProcessors, arrivalsPerSecond);
                if (atProcessors > 0) {
                    to.add(0, atProcessors - 1, Math.min(atProcessors, processors) / processorSeconds);
                }
                if (inside > atProcessors) {
                    to.add(-1, level > connections ? atProcessors + 1 : atProcessors, 1 / diskSeconds);
                }
            }
        };
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
