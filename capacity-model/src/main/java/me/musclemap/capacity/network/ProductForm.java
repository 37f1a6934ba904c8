package me.musclemap.capacity.network;

import java.util.Arrays;
import java.util.stream.IntStream;
import me.musclemap.capacity.queue.Erlang;

/**
 * Exact means of multi-server product-form networks: processor sharing, or first come first served with equal means of
 * the classes at a station.
 *
 * <p>With {@code s = sum_c D_ck z_c}, the station function of {@code m} servers is rational:
 * {@code F(s) = sum_{j<m} s^j/j! + (s^m/m!) / (1 - s/m)}. Convolving with it takes {@code m + 1} passes of additions and
 * multiplications of numbers that are not negative, so nothing cancels. A constant open load {@code a} at the station
 * replaces {@code s} by {@code a + s}. The derivative is {@code F' = F + E} with
 * {@code E(s) = s^m/(m! m) / (1 - s/m)^2}, and the residence of a request of class c is
 * {@code D_ck (1 + [E G_without_k](N - e_c) / G(N - e_c))}: service and waiting apart.
 *
 * <p>Source: J. P. Buzen 1973 (convolution); M. Reiser and H. Kobayashi 1975 (several classes, open and closed); the
 * rational form by summing the geometric tail of the station's coefficients.
 *
 * <p>Thread-safe: pure functions.
 */
public final class ProductForm {
    /** The largest lattice that is solved exactly; beyond it the classes are aggregated into one chain. */
    static final long POINTS_MAX = 12_000_000;

    /** The largest chain that is solved exactly: its lattices take about a gigabyte. */
    static final long CHAIN_MAX = 20_000_000;

    /** The largest population that is answered at all. */
    static final long POPULATION_MAX = 1_000_000_000_000L;

    /** Additions that a solution may take: about a minute. */
    private static final double WORK_MAX = 2e10;

    private static final int ROUNDS_MAX = 200;

    private ProductForm() {}

    /**
     * The network with arrivals at {@code ratePerSecond[class]} and departures.
     *
     * @throws UnstableException if a station is offered as much as it has servers, or more
     */
    public static NetworkSolution open(Network network, double[] ratePerSecond) {
        requireRates(network, ratePerSecond);
        requireStable(network, ratePerSecond);
        double[][] residence = new double[network.classes()][network.stations()];
        for (int k = 0; k < network.stations(); k++) {
            double stretch = openStretch(network.servers(k), network.offeredLoad(k, ratePerSecond));
            for (int c = 0; c < network.classes(); c++) {
                residence[c][k] = network.demand(c, k) * stretch;
            }
        }
        return new NetworkSolution(network, ratePerSecond.clone(), residence, true);
    }

    /** Residence per second of demand at a station of its own: 1 plus the waiting. */
    static double openStretch(int servers, double load) {
        return servers == 0 ? 1 : 1 + Erlang.waiting(servers, load) / (servers - load);
    }

    /**
     * The closed network with {@code population[class]} users.
     *
     * @throws UnboundedException if a class that has users neither thinks nor demands service
     */
    public static NetworkSolution closed(Network network, long[] population) {
        return mixed(network, population, Network.withoutThink(new double[0][], servers(network)), new double[0])
                .closed();
    }

    /**
     * The throughput of a network of one class by its population, from 0 to {@code most}, in one convolution.
     *
     * @throws UnboundedException if the class neither thinks nor demands service
     */
    static double[] throughputByPopulation(Network network, int most) {
        requirePopulation(network, new long[] {most});
        return new Convolution(network, new long[] {most}, new double[network.stations()]).throughputs();
    }

    /**
     * Closed classes and open classes at the same stations.
     *
     * @param closed demands and think times of the classes with a fixed number of users
     * @param open demands of the classes that arrive at {@code ratePerSecond}; its stations are those of {@code closed}
     * @throws UnstableException if the open classes alone are more than a station can carry
     * @throws UnboundedException if a closed class that has users neither thinks nor demands service
     */
    public static MixedSolution mixed(Network closed, long[] population, Network open, double[] ratePerSecond) {
        requirePopulation(closed, population);
        requireRates(open, ratePerSecond);
        if (!Arrays.equals(servers(closed), servers(open))) {
            throw new IllegalArgumentException("open and closed classes must name the same stations");
        }
        requireStable(open, ratePerSecond);
        double[] openLoad = IntStream.range(0, closed.stations())
                .mapToDouble(k -> open.offeredLoad(k, ratePerSecond))
                .toArray();
        Stretches stretches = stretches(closed, population, openLoad);
        return new MixedSolution(
                stretches.solution(closed), openSolution(open, ratePerSecond, stretches.ofOpenArrivals()));
    }

    private static Stretches stretches(Network network, long[] population, double[] openLoad) {
        long users = Arrays.stream(population).sum();
        int classes = used(population).length;
        if (points(population) <= (classes <= 1 ? CHAIN_MAX : POINTS_MAX)) {
            Convolution exact = new Convolution(network, population, openLoad);
            if (exact.work() <= WORK_MAX) {
                return exact.solve();
            }
        }
        if (classes > 1 && users <= CHAIN_MAX) {
            double[] rate = Approximation.throughput(network, population, openLoad);
            if (new Convolution(mean(network, rate), new long[] {users}, openLoad).work() <= WORK_MAX) {
                return aggregated(network, population, openLoad);
            }
        }
        return LargePopulation.stretches(network, population, openLoad);
    }

    private static NetworkSolution openSolution(Network open, double[] ratePerSecond, double[] stretch) {
        double[][] residence = new double[open.classes()][open.stations()];
        for (int c = 0; c < open.classes(); c++) {
            for (int k = 0; k < open.stations(); k++) {
                residence[c][k] = open.demand(c, k) * stretch[k];
            }
        }
        return new NetworkSolution(open, ratePerSecond.clone(), residence, true);
    }

    /**
     * One chain of all users, whose demands are the mean over classes by their share of the throughput; the shares are
     * iterated until they agree with the throughputs they lead to. Exact for one class, near exact for large populations.
     */
    private static Stretches aggregated(Network network, long[] population, double[] openLoad) {
        double[] rate = Approximation.throughput(network, population, openLoad);
        long users = Arrays.stream(population).sum();
        Stretches chain = null;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Stretches next = new Convolution(mean(network, rate), new long[] {users}, openLoad).solve();
            chain = next;
            double change = 0;
            for (int c = 0; c < network.classes(); c++) {
                double updated = population[c] / (network.think(c) + next.response(network, c));
                change = Math.max(change, Math.abs(updated - rate[c]) / Math.max(updated, Double.MIN_NORMAL));
                rate[c] = population[c] == 0 ? 0 : updated;
            }
            if (change < 1e-12) {
                break;
            }
        }
        if (chain == null) {
            throw new IllegalStateException("no round was run");
        }
        return chain.forClasses(network.classes(), rate);
    }

    private static Network mean(Network network, double[] rate) {
        double total = Arrays.stream(rate).sum();
        double[] demand = new double[network.stations()];
        double think = 0;
        for (int c = 0; c < network.classes(); c++) {
            think += network.think(c) * rate[c] / total;
            for (int k = 0; k < demand.length; k++) {
                demand[k] += network.demand(c, k) * rate[c] / total;
            }
        }
        return new Network(new double[][] {demand}, servers(network), new double[] {think});
    }

    /** Lattice points of a population; {@code Long.MAX_VALUE} when they cannot be counted. */
    static long points(long[] population) {
        long points = 1;
        for (long users : population) {
            long size = users + 1;
            if (points > Long.MAX_VALUE / size) {
                return Long.MAX_VALUE;
            }
            points *= size;
        }
        return points;
    }

    /** Indices of the classes that have users. */
    static int[] used(long[] population) {
        return IntStream.range(0, population.length)
                .filter(c -> population[c] > 0)
                .toArray();
    }

    static int[] servers(Network network) {
        return IntStream.range(0, network.stations()).map(network::servers).toArray();
    }

    private static void requireStable(Network network, double[] ratePerSecond) {
        int worst = -1;
        double highest = 0;
        for (int k = 0; k < network.stations(); k++) {
            double utilisation =
                    network.servers(k) == 0 ? 0 : network.offeredLoad(k, ratePerSecond) / network.servers(k);
            if (utilisation > highest) {
                highest = utilisation;
                worst = k;
            }
        }
        if (highest >= 1) {
            throw new UnstableException(worst, highest);
        }
    }

    private static void requireRates(Network network, double[] ratePerSecond) {
        if (ratePerSecond.length != network.classes()) {
            throw new IllegalArgumentException("rates for " + ratePerSecond.length + " classes, demand for "
                    + network.classes() + ": give one rate for each class");
        }
        for (int c = 0; c < ratePerSecond.length; c++) {
            if (!(ratePerSecond[c] >= 0) || Double.isInfinite(ratePerSecond[c])) {
                throw new IllegalArgumentException(
                        "rate[" + c + "]=" + ratePerSecond[c] + ": give requests per second, finite and not negative");
            }
        }
    }

    private static void requirePopulation(Network network, long[] population) {
        if (population.length != network.classes()) {
            throw new IllegalArgumentException("population for " + population.length + " classes, demand for "
                    + network.classes() + ": give one number of users for each class");
        }
        long total = 0;
        for (int c = 0; c < population.length; c++) {
            if (population[c] < 0 || population[c] > POPULATION_MAX) {
                throw new IllegalArgumentException("population[" + c + "]=" + population[c]
                        + ": give a number of users from 0 to " + POPULATION_MAX);
            }
            total += population[c];
            if (population[c] > 0 && network.think(c) == 0 && network.totalDemand(c) == 0) {
                throw new UnboundedException(c);
            }
        }
        if (total > POPULATION_MAX) {
            throw new IllegalArgumentException(
                    "population=" + total + " in all: at most " + POPULATION_MAX + " users can be solved");
        }
    }

    /** Closed and open classes of a mixed network. */
    public record MixedSolution(NetworkSolution closed, NetworkSolution open) {}

    /** Residence per second of demand, as an arriving request of each class finds it, and the rates. */
    @SuppressWarnings("ArrayRecordComponent") // never leaves this class, never compared
    record Stretches(double[] throughput, double[][] ofClass, double[] ofOpenArrivals, boolean exact) {

        double response(Network network, int c) {
            double response = 0;
            for (int k = 0; k < network.stations(); k++) {
                response += network.demand(c, k) * ofClass[Math.min(c, ofClass.length - 1)][k];
            }
            return response;
        }

        NetworkSolution solution(Network network) {
            double[][] residence = new double[network.classes()][network.stations()];
            for (int c = 0; c < network.classes(); c++) {
                for (int k = 0; k < network.stations(); k++) {
                    residence[c][k] = network.demand(c, k) * ofClass[c][k];
                }
            }
            return new NetworkSolution(network, throughput, residence, exact);
        }

        Stretches forClasses(int classes, double[] rate) {
            double[][] same = new double[classes][];
            for (int c = 0; c < classes; c++) {
                same[c] = rate[c] == 0 ? new double[ofClass[0].length] : ofClass[0];
            }
            return new Stretches(rate, same, ofOpenArrivals, false);
        }
    }

    /** A station is offered more than it can carry. */
    public static final class UnstableException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int station;
        private final double utilisation;

        UnstableException(int station, double utilisation) {
            super("station " + station + " is offered " + utilisation + " of its capacity: the queue has no end");
            this.station = station;
            this.utilisation = utilisation;
        }

        /** Work offered to the station as a share of what it carries: 1 or more. */
        public double utilisation() {
            return utilisation;
        }

        /** Index of the station with the highest offered utilisation. */
        public int station() {
            return station;
        }
    }

    /** A class turns round in no time, so its throughput has no bound. */
    public static final class UnboundedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnboundedException(int customerClass) {
            super("class " + customerClass + " neither thinks nor demands service: its throughput has no bound");
        }
    }

    /** One convolution: the closed classes that have users, over the stations that they visit. */
    private static final class Convolution {
        private final Network network;
        private final long[] population;
        private final double[] openLoad;
        private final int[] axes;
        private final double[] unitRate;
        private final double[][] stretch;
        private final double[] openStretch;

        Convolution(Network network, long[] population, double[] openLoad) {
            this.network = network;
            this.population = population;
            this.openLoad = openLoad;
            this.axes = IntStream.of(used(population))
                    .boxed()
                    .sorted((a, b) -> Long.compare(population[a], population[b]))
                    .mapToInt(c -> c)
                    .toArray();
            double[] guess = Approximation.throughput(network, population, openLoad);
            this.unitRate = IntStream.of(axes).mapToDouble(c -> guess[c]).toArray();
            this.stretch = new double[network.classes()][network.stations()];
            this.openStretch = IntStream.range(0, network.stations())
                    .mapToDouble(k -> openStretch(network.servers(k), openLoad[k]))
                    .toArray();
        }

        Stretches solve() {
            for (int axis : axes) {
                Arrays.fill(stretch[axis], 1);
            }
            int[] queueing = queueing();
            Lattice all = complete(queueing);
            if (queueing.length > 0) {
                waits(thinking(queueing), queueing, all);
            }
            double[] throughput = new double[network.classes()];
            for (int axis = 0; axis < axes.length; axis++) {
                throughput[axes[axis]] = unitRate[axis] * all.ratio(all.lastWithout(axis), all, all.last());
            }
            return new Stretches(throughput, stretch, openStretch, true);
        }

        /** The throughput of the only class at each population. */
        double[] throughputs() {
            Lattice all = complete(queueing());
            double[] throughput = new double[all.last() + 1];
            for (int n = 1; n < throughput.length; n++) {
                throughput[n] = unitRate[0] * all.ratio(n - 1, all, n);
            }
            return throughput;
        }

        private int[] queueing() {
            return IntStream.range(0, network.stations()).filter(this::queues).toArray();
        }

        private Lattice thinking(int[] queueing) {
            return Lattice.ofThinking(
                    IntStream.of(axes).map(c -> (int) population[c]).toArray(), delays(queueing));
        }

        private Lattice complete(int[] queueing) {
            Lattice all = thinking(queueing);
            for (int k : queueing) {
                serve(all, k);
            }
            return all;
        }

        /** Additions and multiplications that the solution takes. */
        double work() {
            long[] used = IntStream.of(axes).mapToLong(c -> population[c]).toArray();
            double passes = 0;
            int stations = 0;
            for (int k = 0; k < network.stations(); k++) {
                if (queues(k)) {
                    passes += 2.0 + network.servers(k);
                    stations++;
                }
            }
            double halvings = 2 + Math.log(Math.max(1, stations)) / Math.log(2);
            return (double) points(used) * Math.max(1, axes.length) * passes * halvings;
        }

        /** Whether a closed class can wait at station {@code k}; where it cannot, the station is a delay to it. */
        private boolean queues(int k) {
            int m = network.servers(k);
            boolean visited = IntStream.of(axes).anyMatch(c -> network.demand(c, k) > 0);
            return m > 0
                    && visited
                    && (openLoad[k] > 0 || m < Arrays.stream(population).sum());
        }

        private double[] delays(int[] queueing) {
            double[] delay = new double[axes.length];
            for (int axis = 0; axis < axes.length; axis++) {
                int c = axes[axis];
                delay[axis] = network.think(c);
                for (int k = 0; k < network.stations(); k++) {
                    if (Arrays.binarySearch(queueing, k) < 0) {
                        delay[axis] += network.demand(c, k);
                    }
                }
                delay[axis] *= unitRate[axis];
            }
            return delay;
        }

        /** The demands at station {@code k} in units of the guessed rates, so that numbers stay near 1. */
        private double[] weights(int k, double factor) {
            double[] weight = new double[axes.length];
            for (int axis = 0; axis < axes.length; axis++) {
                weight[axis] = network.demand(axes[axis], k) * unitRate[axis] * factor;
            }
            return weight;
        }

        /** Convolves with F of station {@code k}. */
        private void serve(Lattice lattice, int k) {
            int m = network.servers(k);
            double a = openLoad[k];
            if (m == 1) {
                lattice.divide(1 / (1 - a), weights(k, 1 / (1 - a)));
                return;
            }
            Lattice before = lattice.copy();
            lattice.divide(m / (m - a), weights(k, 1 / (m - a)));
            double[] weight = weights(k, 1);
            for (int j = m; j >= 1; j--) {
                lattice.multiply(1.0 / j, a, weight, before);
            }
        }

        /** Convolves with E of station {@code k}. */
        private void waitAt(Lattice lattice, int k) {
            int m = network.servers(k);
            double a = openLoad[k];
            lattice.divide(m / (m - a), weights(k, 1 / (m - a)));
            lattice.divide(1 / (m - a), weights(k, 1 / (m - a)));
            double[] weight = weights(k, 1);
            for (int j = m; j >= 1; j--) {
                lattice.multiply(1.0 / j, a, weight, null);
            }
        }

        /** Splits the stations in halves, so that each is left out once at the price of log2 of their number. */
        private void waits(Lattice withoutThese, int[] stations, Lattice all) {
            if (stations.length == 1) {
                int k = stations[0];
                waitAt(withoutThese, k);
                for (int axis = 0; axis < axes.length; axis++) {
                    int point = all.lastWithout(axis);
                    stretch[axes[axis]][k] = 1 + withoutThese.ratio(point, all, point);
                }
                openStretch[k] = 1 + withoutThese.ratio(all.last(), all, all.last());
                return;
            }
            int half = stations.length / 2;
            int[] first = Arrays.copyOf(stations, half);
            int[] second = Arrays.copyOfRange(stations, half, stations.length);
            Lattice withSecond = withoutThese.copy();
            for (int k : second) {
                serve(withSecond, k);
            }
            waits(withSecond, first, all);
            for (int k : first) {
                serve(withoutThese, k);
            }
            waits(withoutThese, second, all);
        }
    }
}
