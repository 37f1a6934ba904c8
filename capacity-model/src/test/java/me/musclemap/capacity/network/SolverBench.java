package me.musclemap.capacity.network;

/**
 * Times the two largest problems the solver promises; a program, not a test. Run it on one core:
 * {@code taskset -c 0 java -cp capacity-model/target/classes:capacity-model/target/test-classes:capacity-model/target/lib/*
 * me.musclemap.capacity.network.SolverBench}.
 */
final class SolverBench {
    private SolverBench() {}

    public static void main(String[] args) {
        var lattice =
                new Network(new double[][] {{0.0012, 0.0006}, {0.002, 0.0003}}, new int[] {2, 1}, new double[] {3, 4});
        var chain = new Network(new double[][] {{0.0000002, 0.00000005}}, new int[] {2, 1}, new double[] {1});
        for (int round = 0; round < 3; round++) {
            time("lattice 2000 x 2000", lattice, 2000, 2000);
            time("chain of 10^7", chain, 10_000_000);
        }
    }

    private static void time(String name, Network network, long... population) {
        long start = System.nanoTime();
        var solution = ProductForm.closed(network, population);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%-20s %.2f s   X[0]=%.9g /s   response[0]=%.9g s%n",
                name, seconds, solution.throughput(0), solution.response(0));
    }
}
