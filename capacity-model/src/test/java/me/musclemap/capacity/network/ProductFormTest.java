package me.musclemap.capacity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Published and limiting cases of the exact solver; all the printed ones are in the case file. */
class ProductFormTest {
    @Test
    void jainsTimesharingSystemHasItsPrintedThroughput() {
        var network = new Network(new double[][] {{2, 3, 1}}, new int[] {1, 1, 1}, new double[] {4});
        var solution = ProductForm.closed(network, new long[] {20});
        assertThat(solution.throughput(0)).isCloseTo(0.333246512220576, within(1e-14));
        assertThat(solution.queueLength(0, 1)).isCloseTo(16.1766511217063, within(1e-11));
        assertThat(solution.response(0)).isCloseTo(56.0156318718258, within(1e-11));
    }

    @Test
    void conwaysTwoServersAreExactForTwoClasses() {
        var network = new Network(new double[][] {{1}, {5}}, new int[] {2}, new double[] {6, 3});
        var solution = ProductForm.closed(network, new long[] {5, 2});
        assertThat(solution.throughput(0)).isCloseTo(0.657805115318229, within(1e-13));
        assertThat(solution.throughput(1)).isCloseTo(0.206958999565684, within(1e-13));
        assertThat(solution.queueLength(1, 0)).isCloseTo(1.37912300130295, within(1e-12));
    }

    @Test
    void manyServersAtHighLoadKeepTheirPrecision() {
        var network = new Network(new double[][] {{1.6, 0.02}}, new int[] {32, 1}, new double[] {2});
        assertThat(ProductForm.closed(network, new long[] {100}).throughput(0)).isCloseTo(19.9999551188, within(1e-9));
    }

    @Test
    void aPopulationOfTenThousandHasTheThroughputOfTheCaseFile() {
        var network = new Network(new double[][] {{0.0012, 0.0006}}, new int[] {2, 1}, new double[] {10});
        assertThat(ProductForm.closed(network, new long[] {10_000}).throughput(0))
                .isCloseTo(999.6628718, within(1e-6));
    }

    @Test
    void lazowskasMixedNetworkHasItsPrintedQueues() {
        double[][] openDemand = {{0.25, 1.0 / 6}, {0.5, 1}};
        var closed = new Network(new double[][] {{0.5, 1}, {1, 4.0 / 3}}, new int[] {1, 1}, new double[] {0, 0});
        var open = Network.withoutThink(openDemand, new int[] {1, 1});
        var mixed = ProductForm.mixed(closed, new long[] {1, 1}, open, new double[] {1, 0.5});
        assertThat(mixed.closed().queueLength(0, 0)).isCloseTo(0.2105263158, within(1e-9));
        assertThat(mixed.closed().queueLength(1, 1)).isCloseTo(0.7368421053, within(1e-9));
        assertThat(mixed.open().utilisation(1, 1)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void withoutClosedUsersAMixedNetworkIsTheOpenOne() {
        double[][] demand = {{0.3, 0.02}};
        int[] servers = {4, 1};
        var network = Network.withoutThink(demand, servers);
        var closed = new Network(demand, servers, new double[] {1});
        var mixed = ProductForm.mixed(closed, new long[] {0}, network, new double[] {10});
        var open = ProductForm.open(network, new double[] {10});
        assertThat(mixed.open().response(0)).isCloseTo(open.response(0), within(1e-14));
        assertThat(mixed.closed().throughput(0)).isZero();
    }

    @Test
    void aStationOfferedMoreThanItsServersIsNamed() {
        var network = Network.withoutThink(new double[][] {{0.3, 0.02}}, new int[] {1, 1});
        assertThatThrownBy(() -> ProductForm.open(network, new double[] {4}))
                .isInstanceOfSatisfying(
                        ProductForm.UnstableException.class,
                        e -> assertThat(e.station()).isZero());
    }

    @Test
    void aClassThatTurnsRoundInNoTimeIsRefused() {
        var network = new Network(new double[][] {{0, 0}}, new int[] {1, 1}, new double[] {0});
        assertThatThrownBy(() -> ProductForm.closed(network, new long[] {1}))
                .isInstanceOf(ProductForm.UnboundedException.class);
    }
}
