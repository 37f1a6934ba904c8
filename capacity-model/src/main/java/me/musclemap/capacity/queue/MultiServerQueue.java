package me.musclemap.capacity.queue;

import me.musclemap.capacity.queue.Roots.Falling;

/**
 * M/M/m: Poisson arrivals, exponential service, {@code servers} equal servers, one queue.
 *
 * <p>Percentiles are exact for first come, first served. Source: the waiting time is 0 with probability {@code 1 - C} and
 * otherwise exponential with rate {@code m mu - lambda}; the response adds an independent service time.
 *
 * @param arrivalsPerSecond not negative, below {@code servers * servicesPerSecond}
 * @param servicesPerSecond of one server, above 0
 * @param servers at least 1
 */
public record MultiServerQueue(double arrivalsPerSecond, double servicesPerSecond, int servers) {
    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if one is out of its range, or the queue would have no end
     */
    public MultiServerQueue {
        if (!(arrivalsPerSecond >= 0)
                || !(servicesPerSecond > 0)
                || Double.isInfinite(servicesPerSecond)
                || servers < 1) {
            throw new IllegalArgumentException("arrivals " + arrivalsPerSecond + "/s, services " + servicesPerSecond
                    + "/s, " + servers + " servers: rates must be finite and positive, with at least one server");
        }
        if (arrivalsPerSecond >= servers * servicesPerSecond) {
            throw new IllegalArgumentException("arrivals " + arrivalsPerSecond + "/s: must be below the "
                    + servers * servicesPerSecond + "/s that the servers carry, or the queue has no end");
        }
    }

    /** Share of the servers that is busy. */
    public double utilisation() {
        return arrivalsPerSecond / (servers * servicesPerSecond);
    }

    /** Share of arrivals that wait. */
    public double probabilityOfWait() {
        return Erlang.waiting(servers, arrivalsPerSecond / servicesPerSecond);
    }

    /** Mean seconds in the queue. */
    public double meanWaitSeconds() {
        return probabilityOfWait() / spareRate();
    }

    /** Mean seconds in queue and service. */
    public double meanResponseSeconds() {
        return meanWaitSeconds() + 1 / servicesPerSecond;
    }

    /** Mean number that wait. */
    public double meanWaiting() {
        return arrivalsPerSecond * meanWaitSeconds();
    }

    /** Mean number that wait or are served. */
    public double meanPresent() {
        return arrivalsPerSecond * meanResponseSeconds();
    }

    /** The wait in seconds that a share {@code quantile} of the arrivals does not exceed. */
    public double waitPercentileSeconds(double quantile) {
        double waiting = probabilityOfWait();
        return waiting <= 1 - quantile ? 0 : Math.log(waiting / (1 - quantile)) / spareRate();
    }

    /** The response in seconds that a share {@code quantile} of the arrivals does not exceed. */
    public double responsePercentileSeconds(double quantile) {
        double waiting = probabilityOfWait();
        double high = waitPercentileSeconds(Math.sqrt(quantile)) - Math.log1p(-Math.sqrt(quantile)) / servicesPerSecond;
        Falling share = t -> responseAbove(t, waiting);
        return Roots.falling(share, 1 - quantile, high);
    }

    /** Share of arrivals whose response is longer than {@code seconds}. */
    public double probabilityOfResponseAbove(double seconds) {
        return responseAbove(seconds, probabilityOfWait());
    }

    private double responseAbove(double t, double waiting) {
        double mu = servicesPerSecond;
        double spare = spareRate();
        double slow = Math.min(mu, spare);
        double gap = Math.abs(mu - spare);
        // (exp(-slow t) - exp(-fast t)) / (fast - slow), which is t exp(-mu t) where the two rates meet
        double difference = Math.exp(-slow * t) * (gap * t < 1e-300 ? t : -Math.expm1(-gap * t) / gap);
        return Math.exp(-mu * t) + waiting * mu * difference;
    }

    private double spareRate() {
        return servers * servicesPerSecond - arrivalsPerSecond;
    }
}
