package me.musclemap.capacity.network;

import java.util.Arrays;

/**
 * Classes of work over stations: the demand of each class at each station and the servers of each station. Immutable.
 *
 * <p>Times are seconds. A station with 0 servers is a pure delay: nobody waits there. A class's think time is spent
 * outside all stations and is no part of its response time.
 */
public final class Network {
    private final double[][] demandSeconds;
    private final int[] servers;
    private final double[] thinkSeconds;

    /**
     * A network of {@code demandSeconds[class][station]}, summed over the visits of one request.
     *
     * @throws IllegalArgumentException if a length differs from the others, or a value is negative or not finite; the text
     *     names the array and the index
     */
    public Network(double[][] demandSeconds, int[] servers, double[] thinkSeconds) {
        if (thinkSeconds.length != demandSeconds.length) {
            throw new IllegalArgumentException("think has " + thinkSeconds.length + " classes, demand has "
                    + demandSeconds.length + ": give one think time for each class");
        }
        for (int c = 0; c < demandSeconds.length; c++) {
            if (demandSeconds[c].length != servers.length) {
                throw new IllegalArgumentException("demand[" + c + "] has " + demandSeconds[c].length
                        + " stations, servers has " + servers.length + ": give one demand for each station");
            }
            for (int k = 0; k < servers.length; k++) {
                requireSeconds("demand[" + c + "][" + k + "]", demandSeconds[c][k]);
            }
            requireSeconds("think[" + c + "]", thinkSeconds[c]);
        }
        for (int k = 0; k < servers.length; k++) {
            if (servers[k] < 0) {
                throw new IllegalArgumentException(
                        "servers[" + k + "]=" + servers[k] + ": give 0 for a pure delay or the number of servers");
            }
        }
        this.demandSeconds = Arrays.stream(demandSeconds).map(double[]::clone).toArray(double[][]::new);
        this.servers = servers.clone();
        this.thinkSeconds = thinkSeconds.clone();
    }

    /** A network whose users do not think, as open networks are. */
    public static Network withoutThink(double[][] demandSeconds, int[] servers) {
        return new Network(demandSeconds, servers, new double[demandSeconds.length]);
    }

    private static void requireSeconds(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + "=" + value + ": give seconds, finite and not negative");
        }
    }

    /** Number of classes. */
    public int classes() {
        return demandSeconds.length;
    }

    /** Number of stations. */
    public int stations() {
        return servers.length;
    }

    /** Service seconds of one request of class {@code c} at station {@code k}, waiting not included. */
    public double demand(int c, int k) {
        return demandSeconds[c][k];
    }

    /** Servers of station {@code k}; 0 is a pure delay. */
    public int servers(int k) {
        return servers[k];
    }

    /** Seconds that a user of class {@code c} is away between two requests. */
    public double think(int c) {
        return thinkSeconds[c];
    }

    /** Service seconds of one request of class {@code c} at all stations together. */
    public double totalDemand(int c) {
        return Arrays.stream(demandSeconds[c]).sum();
    }

    /** Mean busy servers that {@code ratePerSecond[class]} asks of station {@code k}. */
    public double offeredLoad(int k, double[] ratePerSecond) {
        double load = 0;
        for (int c = 0; c < classes(); c++) {
            load += ratePerSecond[c] * demandSeconds[c][k];
        }
        return load;
    }
}
