package me.musclemap.capacity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in for the lattice where it would be too large, against the lattice where it is not. */
class LargePopulationTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.9, 1.5, 4})
    void theOpenFormApproachesTheExactThroughput(double load) {
        double[][] demand = {{0.004, 0.001}, {0.009, 0.0005}};
        long[] population = {1500, 900};
        // users who think for so long that the cores would be offered this share of what they carry
        double think = (1500 * 0.004 + 900 * 0.009) / (2 * load);
        var network = new Network(demand, new int[] {2, 1}, new double[] {think, think});
        var exact = ProductForm.closed(network, population);
        var open = LargePopulation.stretches(network, population, new double[2]).solution(network);
        assertThat(exact.exact()).isTrue();
        assertThat(open.exact()).isFalse();
        assertThat(open.totalThroughput()).isCloseTo(exact.totalThroughput(), within(0.02 * exact.totalThroughput()));
    }

    @Test
    void classesBeyondTheLatticeAreAggregatedAndSaySo() {
        var network = new Network(
                new double[][] {{0.0012, 0.0006}, {0.002, 0.0003}, {0.0005, 0.001}},
                new int[] {2, 1},
                new double[] {10, 12, 8});
        var solution = ProductForm.closed(network, new long[] {3000, 2000, 4000});
        assertThat(solution.exact()).isFalse();
        for (int c = 0; c < 3; c++) {
            double users = solution.throughput(c) * (solution.response(c) + network.think(c));
            assertThat(users).isCloseTo(new double[] {3000, 2000, 4000}[c], within(1e-6));
        }
    }

    @Test
    void hundredsOfMillionsOfServerStepsAreAnsweredWithoutTheLattice() {
        var network = new Network(new double[][] {{0.5, 0.00001}}, new int[] {50_000, 1}, new double[] {100});
        var solution = ProductForm.closed(network, new long[] {9_000_000});
        assertThat(solution.exact()).isFalse();
        assertThat(solution.throughput(0)).isCloseTo(9_000_000 / 100.5001, within(200.0));
    }
}
