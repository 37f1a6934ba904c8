package me.musclemap.capacity.queue;

import org.apache.commons.math3.special.Gamma;

/**
 * M/M/m/K: at most {@code capacity} requests wait or are served; an arrival that finds so many is turned away. Always
 * stable. Percentiles and tails are of accepted requests, first come, first served. Immutable.
 */
public final class FiniteQueue {
    private static final int CAPACITY_MAX = 50_000_000;

    private final double arrivals;
    private final double services;
    private final int servers;
    private final double[] share;

    /**
     * The queue in steady state.
     *
     * @throws IllegalArgumentException if a rate is not finite and positive (arrivals may be 0), or {@code capacity <
     *     servers}
     */
    public FiniteQueue(double arrivalsPerSecond, double servicesPerSecond, int servers, int capacity) {
        if (!(arrivalsPerSecond >= 0)
                || !(servicesPerSecond > 0)
                || Double.isInfinite(arrivalsPerSecond)
                || Double.isInfinite(servicesPerSecond)) {
            throw new IllegalArgumentException("arrivals " + arrivalsPerSecond + "/s, services " + servicesPerSecond
                    + "/s: give finite rates, above 0 for the services");
        }
        if (servers < 1 || capacity < servers || capacity > CAPACITY_MAX) {
            throw new IllegalArgumentException("servers=" + servers + " capacity=" + capacity
                    + ": the capacity counts those in service too, so give one from the servers to " + CAPACITY_MAX);
        }
        this.arrivals = arrivalsPerSecond;
        this.services = servicesPerSecond;
        this.servers = servers;
        this.share = shares(capacity);
    }

    /** Outwards from the most probable number, so that every factor is at most 1. */
    private double[] shares(int capacity) {
        double offered = arrivals / services;
        int mode = offered >= servers ? capacity : (int) Math.min(capacity, Math.floor(offered));
        double[] p = new double[capacity + 1];
        p[mode] = 1;
        double total = 1;
        for (int n = mode + 1; n <= capacity; n++) {
            p[n] = p[n - 1] * offered / Math.min(n, servers);
            total += p[n];
        }
        for (int n = mode - 1; n >= 0; n--) {
            p[n] = p[n + 1] * Math.min(n + 1, servers) / offered;
            total += p[n];
        }
        for (int n = 0; n <= capacity; n++) {
            p[n] /= total;
        }
        return p;
    }

    /** Share of time with nobody present. */
    public double probabilityEmpty() {
        return share[0];
    }

    /** Share of arrivals turned away. */
    public double probabilityRejected() {
        return share[share.length - 1];
    }

    /** Requests per second that are accepted, and so done. */
    public double throughput() {
        double accepted = 0;
        for (int n = 0; n < share.length - 1; n++) {
            accepted += share[n];
        }
        return arrivals * accepted;
    }

    /** Share of the servers that is busy. */
    public double utilisation() {
        return throughput() / (servers * services);
    }

    /** Mean number that wait. */
    public double meanWaiting() {
        double waiting = 0;
        for (int n = servers + 1; n < share.length; n++) {
            waiting += (n - servers) * share[n];
        }
        return waiting;
    }

    /** Mean number that wait or are served. */
    public double meanPresent() {
        return meanWaiting() + throughput() / services;
    }

    /** Mean seconds that an accepted request waits. */
    public double meanWaitSeconds() {
        return arrivals == 0 ? 0 : meanWaiting() / throughput();
    }

    /** Mean seconds of an accepted request. */
    public double meanResponseSeconds() {
        return meanWaitSeconds() + 1 / services;
    }

    /** Share of accepted requests that wait longer than {@code seconds}. */
    public double probabilityOfWaitAbove(double seconds) {
        double mean = servers * services * seconds;
        double accepted = 0;
        double above = 0;
        double fewer = 0; // probability that a Poisson count of this mean is at most n - servers
        for (int n = 0; n < share.length - 1; n++) {
            accepted += share[n];
            if (n >= servers) {
                int count = n - servers;
                fewer += mean == 0
                        ? (count == 0 ? 1 : 0)
                        : Math.exp(count * Math.log(mean) - mean - Gamma.logGamma(count + 1.0));
                above += share[n] * Math.min(1, fewer);
            }
        }
        return accepted == 0 ? 0 : above / accepted;
    }
}
