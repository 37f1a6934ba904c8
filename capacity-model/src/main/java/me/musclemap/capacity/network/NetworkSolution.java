package me.musclemap.capacity.network;

/**
 * Means of a network in steady state, by class and station. Immutable.
 *
 * <p>For a class without users every number is 0.
 */
public final class NetworkSolution {
    private final Network network;
    private final double[] throughput;
    private final double[][] residence;
    private final boolean exact;

    /** Rates and residence times; the rest follows by Little's law. The arrays now belong to the solution. */
    NetworkSolution(Network network, double[] throughput, double[][] residence, boolean exact) {
        this.network = network;
        this.throughput = throughput;
        this.residence = residence;
        this.exact = exact;
    }

    /** Number of classes. */
    public int classes() {
        return network.classes();
    }

    /** Number of stations. */
    public int stations() {
        return network.stations();
    }

    /** Whether the numbers are exact for the product form; otherwise they are of the aggregated chain. */
    public boolean exact() {
        return exact;
    }

    /** Requests per second of class {@code c}. */
    public double throughput(int c) {
        return throughput[c];
    }

    /** Requests per second of all classes together. */
    public double totalThroughput() {
        double total = 0;
        for (double rate : throughput) {
            total += rate;
        }
        return total;
    }

    /** Seconds of a request of class {@code c} at station {@code k}, waiting included. */
    public double residence(int c, int k) {
        return residence[c][k];
    }

    /** Seconds of a request of class {@code c} at all stations together; think time is not in it. */
    public double response(int c) {
        double total = 0;
        for (double seconds : residence[c]) {
            total += seconds;
        }
        return total;
    }

    /** Mean requests of class {@code c} at station {@code k}, in service included. */
    public double queueLength(int c, int k) {
        return throughput[c] * residence[c][k];
    }

    /** Mean requests at station {@code k}, all classes together. */
    public double queueLength(int k) {
        double total = 0;
        for (int c = 0; c < classes(); c++) {
            total += queueLength(c, k);
        }
        return total;
    }

    /** Share of station {@code k}'s servers that class {@code c} keeps busy; at a pure delay the mean number present. */
    public double utilisation(int c, int k) {
        return throughput[c] * network.demand(c, k) / Math.max(1, network.servers(k));
    }

    /** Share of station {@code k}'s servers that all classes keep busy; at a pure delay the mean number present. */
    public double utilisation(int k) {
        double total = 0;
        for (int c = 0; c < classes(); c++) {
            total += utilisation(c, k);
        }
        return total;
    }
}
