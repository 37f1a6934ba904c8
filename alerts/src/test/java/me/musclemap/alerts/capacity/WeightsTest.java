package me.musclemap.alerts.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import me.musclemap.alerts.Examples;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private final CapacityAnswer capacity = Examples.capacity();
    private final Weights weights = new Weights(capacity, Examples.run());

    @Test
    void loadInTheWorkloadsMixIsWorthItself() {
        double worth = capacity.workload().mix().entrySet().stream()
                .mapToDouble(share -> share.getValue() * weights.of(share.getKey()))
                .sum();
        assertThat(worth).isCloseTo(1, offset(1e-9));
    }

    @Test
    void aLoginIsWorthManyReads() {
        // 21 ms at the API against 0.42 ms, and the other stations: demands of the example record
        assertThat(weights.of("login") / weights.of("read")).isCloseTo(0.02135 / 0.00061, offset(1e-6));
    }

    @Test
    void anUnknownClassIsWorthARequestOfTheMix() {
        assertThat(weights.of("nobody knows")).isEqualTo(1);
    }

    @Test
    void theExpectedCpuFollowsTheMeasuredPartOfTheCurve() {
        var expected = ExpectedCpu.of(capacity);
        assertThat(expected.largestDeviation()).isLessThan(0.02);
        var point = capacity.curve().stream()
                .filter(each -> !each.extrapolated())
                .toList()
                .get(3);
        assertThat(expected.idleRatio() + expected.ratioPerRequestPerSecond() * point.requestsPerSecond())
                .isCloseTo(point.totalUtilisation(), offset(expected.largestDeviation() + 1e-9));
    }
}
