package me.musclemap.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TruthTest {
    @Test
    void itIsWhatCountingEveryUserGives() {
        var truth = new Truth(10, 2);
        int users = 100_000;
        var waits = IntStream.range(0, users)
                .mapToDouble(i -> 10.0 * i / users)
                // The stall lasts from second 3 to second 5.
                .map(at -> at >= 3 && at < 5 ? 5 - at : 0)
                .sorted()
                .toArray();
        for (double quantile : new double[] {0.5, 0.79, 0.9, 0.99, 0.999}) {
            assertThat(truth.latency(quantile)).isCloseTo(waits[(int) (quantile * users)], within(1e-3));
        }
        assertThat(truth.latency(1)).isEqualTo(2);
        assertThat(truth.mean())
                .isCloseTo(java.util.Arrays.stream(waits).average().orElseThrow(), within(1e-3));
    }
}
