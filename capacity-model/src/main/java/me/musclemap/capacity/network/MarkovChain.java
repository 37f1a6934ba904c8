package me.musclemap.capacity.network;

/**
 * The stationary distribution of a small continuous-time Markov chain.
 *
 * <p>Source: W. K. Grassmann, M. I. Taksar and D. P. Heyman 1985: elimination without subtractions. Thread-safe: a pure
 * function.
 */
public final class MarkovChain {
    private MarkovChain() {}

    /**
     * Shares of time in each state.
     *
     * @param rate {@code rate[i][j]} per second from state i to state j; the diagonal is not read
     * @throws IllegalArgumentException if the table is not square, or state 0 cannot be reached from every state
     */
    public static double[] stationary(double[][] rate) {
        int n = rate.length;
        double[][] q = new double[n][];
        for (int i = 0; i < n; i++) {
            if (rate[i].length != n) {
                throw new IllegalArgumentException(
                        "row " + i + " has " + rate[i].length + " rates, the chain has " + n + " states");
            }
            q[i] = rate[i].clone();
        }
        for (int last = n - 1; last > 0; last--) {
            eliminate(q, last);
        }
        double[] share = new double[n];
        share[0] = 1;
        double total = 1;
        for (int j = 1; j < n; j++) {
            for (int i = 0; i < j; i++) {
                share[j] += share[i] * q[i][j];
            }
            total += share[j];
        }
        for (int j = 0; j < n; j++) {
            share[j] /= total;
        }
        return share;
    }

    /** Censors the chain on the states before {@code last}. */
    private static void eliminate(double[][] q, int last) {
        double out = 0;
        for (int j = 0; j < last; j++) {
            out += q[last][j];
        }
        if (!(out > 0)) {
            throw new IllegalArgumentException(
                    "state " + last + " is never left: the chain has no single steady state");
        }
        for (int i = 0; i < last; i++) {
            double share = q[i][last] / out;
            q[i][last] = share;
            if (share > 0) {
                for (int j = 0; j < last; j++) {
                    q[i][j] += share * q[last][j];
                }
            }
        }
    }
}
