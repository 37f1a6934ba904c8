package me.musclemap.capacity.network;

/**
 * A quick estimate of the throughputs of a closed network, used to scale the exact solution and to start an iteration;
 * never an answer.
 *
 * <p>Source: the fixed point of P. Schweitzer 1979 with A. Seidmann's 1987 split of several servers.
 */
final class Approximation {
    private static final int ROUNDS_MAX = 2000;

    private Approximation() {}

    /** Requests per second by class; 0 for a class without users. */
    static double[] throughput(Network network, long[] population, double[] openLoad) {
        int classes = network.classes();
        int stations = network.stations();
        double[][] queue = new double[classes][stations];
        for (int c = 0; c < classes; c++) {
            for (int k = 0; k < stations; k++) {
                queue[c][k] = (double) population[c] / stations;
            }
        }
        double[] rate = new double[classes];
        for (int round = 0; round < ROUNDS_MAX; round++) {
            double change = 0;
            double[] present = new double[stations];
            for (int k = 0; k < stations; k++) {
                for (int c = 0; c < classes; c++) {
                    present[k] += queue[c][k];
                }
            }
            for (int c = 0; c < classes; c++) {
                if (population[c] > 0) {
                    double next = update(network, population[c], openLoad, c, queue[c], present);
                    change = Math.max(change, Math.abs(next - rate[c]) / next);
                    rate[c] = next;
                }
            }
            if (change < 1e-10) {
                break;
            }
        }
        return rate;
    }

    private static double update(
            Network network, long users, double[] openLoad, int c, double[] queue, double[] present) {
        int stations = network.stations();
        double[] residence = new double[stations];
        double cycle = network.think(c);
        for (int k = 0; k < stations; k++) {
            int m = network.servers(k);
            double demand = network.demand(c, k);
            if (m > 0) {
                double free = 1 - openLoad[k] / m;
                double seen = present[k] - queue[k] / users;
                residence[k] = demand * ((m - 1.0) / m + (1 + seen) / (m * free));
            } else {
                residence[k] = demand;
            }
            cycle += residence[k];
        }
        double rate = users / cycle;
        for (int k = 0; k < stations; k++) {
            queue[k] = rate * residence[k];
        }
        return rate;
    }
}
