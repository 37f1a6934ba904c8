package me.musclemap.capacity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import me.musclemap.capacity.queue.MultiServerQueue;
import org.junit.jupiter.api.Test;

class PoolsTest {
    @Test
    void aPoolThatIsNeverFullIsTheOpenNetworkBehindIt() {
        var pool = new ConnectionPool(50, 120, 2, 0.02, 0.01);
        double open = new MultiServerQueue(50, 50, 2).meanResponseSeconds()
                + new MultiServerQueue(50, 100, 1).meanResponseSeconds();
        assertThat(pool.exact().meanResponseSeconds()).isCloseTo(open, within(1e-10));
        assertThat(pool.flowEquivalent().meanResponseSeconds()).isCloseTo(open, within(1e-10));
        assertThat(pool.exactIsKnown()).isTrue();
    }

    @Test
    void aPoolOfOneIsAQueueOfItsWholeHoldingTime() {
        // one connection at a time: M/G/1 with two exponential stages
        var pool = new ConnectionPool(20, 1, 2, 0.02, 0.01);
        double second = 2 * 0.02 * 0.02 + 2 * 0.01 * 0.01 + 2 * 0.02 * 0.01;
        double wait = 20 * second / (2 * (1 - 20 * 0.03));
        assertThat(pool.exact().meanPoolWaitSeconds()).isCloseTo(wait, within(1e-12));
        assertThat(pool.exact().probabilityPoolFull()).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void aPoolWithoutADiskWaitsForItsProcessorsAlone() {
        var pool = new ConnectionPool(150, 3, 8, 0.01, 0);
        assertThat(pool.exact().meanResponseSeconds())
                .isCloseTo(new MultiServerQueue(150, 100, 3).meanResponseSeconds(), within(1e-12));
    }

    @Test
    void arrivalsBeyondTheFullPoolAreRefused() {
        var pool = new ConnectionPool(72, 3, 2, 0.02, 0.01);
        assertThat(pool.saturationRate()).isCloseTo(71.42857142857143, within(1e-11));
        assertThatThrownBy(pool::exact).isInstanceOf(ProductForm.UnstableException.class);
    }

    @Test
    void layersWideEnoughForEverybodyAreAProductForm() {
        var pools = new LayeredPools(6, 0.5, 6, 6, 2, 0.04, 0.03, 0.02);
        var network = new Network(new double[][] {{0.07, 0.02}}, new int[] {2, 1}, new double[] {0.5});
        var exact = ProductForm.closed(network, new long[] {6});
        var chain = pools.exact().orElseThrow();
        assertThat(chain.throughputPerSecond()).isCloseTo(exact.throughput(0), within(1e-10));
        assertThat(chain.responseSeconds()).isCloseTo(exact.response(0), within(1e-10));
        assertThat(chain.meanThreadWaitSeconds()).isZero();
    }

    @Test
    void chainsThatAreTooLargeAreLeftToTheSimulator() {
        assertThat(new LayeredPools(5000, 1, 400, 40, 4, 0.01, 0.01, 0.01).exact())
                .isEmpty();
    }
}
