package me.musclemap.capacity.queue;

/**
 * M/G/1: Poisson arrivals, one server, any service time; means.
 *
 * <p>Source: Pollaczek and Khinchine 1930-32; under processor sharing the mean depends on the mean service alone.
 *
 * @param arrivalsPerSecond not negative
 * @param meanServiceSeconds not negative; {@code arrivals * service < 1}
 * @param squaredVariation variance of the service over its squared mean, not negative
 */
public record SingleServerQueue(double arrivalsPerSecond, double meanServiceSeconds, double squaredVariation) {
    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if one is out of its range, or the queue would have no end
     */
    public SingleServerQueue {
        if (!(arrivalsPerSecond >= 0)
                || !(meanServiceSeconds >= 0)
                || !(squaredVariation >= 0)
                || Double.isInfinite(squaredVariation)
                || !(arrivalsPerSecond * meanServiceSeconds < 1)) {
            throw new IllegalArgumentException("arrivals " + arrivalsPerSecond + "/s of " + meanServiceSeconds
                    + " s, squared variation " + squaredVariation
                    + ": give numbers that are not negative, with less than one second of work a second");
        }
    }

    /** Share of time the server is busy. */
    public double utilisation() {
        return arrivalsPerSecond * meanServiceSeconds;
    }

    /** Mean wait, first come, first served. */
    public double meanWaitSeconds() {
        return utilisation() * meanServiceSeconds * (1 + squaredVariation) / (2 * (1 - utilisation()));
    }

    /** Mean number waiting, first come, first served. */
    public double meanWaiting() {
        return arrivalsPerSecond * meanWaitSeconds();
    }

    /** Mean response, first come, first served. */
    public double meanResponseSeconds() {
        return meanWaitSeconds() + meanServiceSeconds;
    }

    /** Mean response over mean service, under processor sharing: the same for every length of service. */
    public double sharedSlowdown() {
        return 1 / (1 - utilisation());
    }

    /** Mean response under processor sharing. */
    public double sharedResponseSeconds() {
        return meanServiceSeconds * sharedSlowdown();
    }
}
