package me.musclemap.capacity.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceShapesTest {
    private static final ServiceShapes SHAPES = new ServiceShapes(
            List.of(
                    Optional.of(new ServiceShapes.Recorded(new double[] {0.004, 0.008, 0.018}, 0.010)),
                    Optional.empty()),
            0.2);

    @Test
    void aClassKeepsTheShapeThatWasRecorded() {
        var scaled = SHAPES.scaled(0, 0.001);
        assertThat(scaled.mean()).isCloseTo(0.001, within(1e-12));
        assertThat(scaled.quantile(0.99)).isCloseTo(0.0018, within(1e-12));
        assertThat(SHAPES.scaled(1, 0.001).squaredVariation()).isCloseTo(0.5, within(1e-9));
        assertThat(SHAPES.scaled(0, 0).mean()).isZero();
    }

    /** 10 ms on cores 20 % busy: at most 8 ms of them were CPU; what costs 20 ms is paid beside the request. */
    @Test
    void nobodyWaitsForMoreCpuThanHisWholeResponseTook() {
        assertThat(SHAPES.waitedForSeconds(0, 0.020)).isCloseTo(0.008, within(1e-12));
        assertThat(SHAPES.delaySeconds(0, 0.020)).isCloseTo(0, within(1e-12));
        assertThat(SHAPES.waitedForSeconds(0, 0.004)).isCloseTo(0.004, within(1e-12));
        assertThat(SHAPES.delaySeconds(0, 0.004)).isCloseTo(0.005, within(1e-12));
        assertThat(SHAPES.waitedForSeconds(1, 0.020)).isCloseTo(0.020, within(1e-12));
        assertThat(SHAPES.delaySeconds(1, 0.020)).isZero();
    }
}
