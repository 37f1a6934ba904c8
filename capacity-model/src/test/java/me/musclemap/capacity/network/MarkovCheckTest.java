package me.musclemap.capacity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The convolution against the whole Markov chain of small random networks, state by state. */
class MarkovCheckTest {
    static IntStream seeds() {
        return IntStream.range(0, 40);
    }

    /** Where everybody is: {@code at[class][place]}, place 0 thinking. */
    private record State(List<List<Integer>> at) {
        int present(int place) {
            return at.stream().mapToInt(row -> row.get(place)).sum();
        }

        State moved(int c, int from, int to) {
            List<List<Integer>> rows = new ArrayList<>(at);
            List<Integer> row = new ArrayList<>(rows.get(c));
            row.set(from, row.get(from) - 1);
            row.set(to, row.get(to) + 1);
            rows.set(c, List.copyOf(row));
            return new State(List.copyOf(rows));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void convolutionAgreesWithTheMarkovChain(int seed) {
        var random = new SplittableRandom(seed);
        int classes = 1 + random.nextInt(2);
        int stations = 1 + random.nextInt(2);
        double[][] demand = new double[classes][stations];
        double[] think = new double[classes];
        long[] population = new long[classes];
        for (int c = 0; c < classes; c++) {
            think[c] = 0.1 + random.nextDouble();
            population[c] = 1L + random.nextInt(3);
            for (int k = 0; k < stations; k++) {
                demand[c][k] = 0.05 + random.nextDouble();
            }
        }
        int[] servers = IntStream.range(0, stations).map(k -> random.nextInt(4)).toArray();
        var solution = ProductForm.closed(new Network(demand, servers, think), population);

        Map<State, Integer> index = new HashMap<>();
        List<State> states = new ArrayList<>();
        explore(start(population, stations), index, states, demand.length, stations);
        double[][] rate = new double[states.size()][states.size()];
        for (State state : states) {
            for (int c = 0; c < classes; c++) {
                for (int place = 0; place <= stations; place++) {
                    double speed = speed(state, c, place, demand, servers, think);
                    if (speed > 0) {
                        State next = state.moved(c, place, (place + 1) % (stations + 1));
                        rate[states.indexOf(state)][states.indexOf(next)] += speed;
                    }
                }
            }
        }
        double[] share = MarkovChain.stationary(rate);
        for (int c = 0; c < classes; c++) {
            double throughput = 0;
            double[] queue = new double[stations];
            for (int i = 0; i < share.length; i++) {
                throughput += share[i] * states.get(i).at().get(c).get(0) / think[c];
                for (int k = 0; k < stations; k++) {
                    queue[k] += share[i] * states.get(i).at().get(c).get(k + 1);
                }
            }
            assertThat(solution.throughput(c)).isCloseTo(throughput, within(1e-12 * throughput));
            for (int k = 0; k < stations; k++) {
                assertThat(solution.queueLength(c, k)).isCloseTo(queue[k], within(1e-12 * population[c]));
            }
        }
    }

    private static State start(long[] population, int stations) {
        List<List<Integer>> at = new ArrayList<>();
        for (long users : population) {
            List<Integer> row = new ArrayList<>(Collections.nCopies(stations + 1, 0));
            row.set(0, (int) users);
            at.add(List.copyOf(row));
        }
        return new State(List.copyOf(at));
    }

    /** Processor sharing: every request present gets the same part of the servers. */
    private static double speed(State state, int c, int place, double[][] demand, int[] servers, double[] think) {
        int here = state.at().get(c).get(place);
        if (place == 0) {
            return here / think[c];
        }
        int m = servers[place - 1];
        double each = m == 0 ? 1 : Math.min(1, (double) m / Math.max(1, state.present(place)));
        return here * each / demand[c][place - 1];
    }

    private static void explore(State from, Map<State, Integer> index, List<State> states, int classes, int stations) {
        if (index.putIfAbsent(from, states.size()) != null) {
            return;
        }
        states.add(from);
        for (int c = 0; c < classes; c++) {
            for (int place = 0; place <= stations; place++) {
                if (from.at().get(c).get(place) > 0) {
                    explore(from.moved(c, place, (place + 1) % (stations + 1)), index, states, classes, stations);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void usersAreSomewhereAndLoadNeverLowersThroughput(int seed) {
        var random = new SplittableRandom(1000 + seed);
        int stations = 1 + random.nextInt(12);
        double[] demand = IntStream.range(0, stations)
                .mapToDouble(k -> random.nextInt(4) == 0 ? 0 : random.nextDouble())
                .toArray();
        demand[0] += 0.01;
        int[] servers =
                IntStream.range(0, stations).map(k -> random.nextInt(20)).toArray();
        double think = random.nextBoolean() ? 0 : 5 * random.nextDouble();
        var network = new Network(new double[][] {demand}, servers, new double[] {think});
        double before = 0;
        for (int users = 1; users <= 200; users += 1 + random.nextInt(40)) {
            var solution = ProductForm.closed(network, new long[] {users});
            double x = solution.throughput(0);
            double present = IntStream.range(0, stations)
                    .mapToDouble(solution::queueLength)
                    .sum();
            assertThat(present + x * think).isCloseTo(users, within(1e-10 * users));
            assertThat(x).isGreaterThanOrEqualTo(before * (1 - 1e-12));
            before = x;
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void manyUsersWhoThinkLongAreAsGoodAsArrivals(int seed) {
        var random = new SplittableRandom(2000 + seed);
        double[] demand = {0.01 * random.nextDouble(), 0.01 * random.nextDouble(), 0.001};
        int[] servers = {2 + random.nextInt(4), 1, 0};
        double busiest = Math.max(demand[0] / servers[0], demand[1]);
        double rate = 0.6 / busiest;
        int users = 100_000;
        double think = users / rate;
        var closed = ProductForm.closed(
                new Network(new double[][] {demand}, servers, new double[] {think}), new long[] {users});
        var open = ProductForm.open(Network.withoutThink(new double[][] {demand}, servers), new double[] {rate});
        assertThat(closed.response(0)).isCloseTo(open.response(0), within(5e-4 * open.response(0)));
        assertThat(Arrays.stream(demand).sum()).isLessThanOrEqualTo(open.response(0));
    }
}
