package me.musclemap.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LatenessTest {
    private static final long START = 5_000_000_000L;
    private static final long MILLI = 1_000_000;

    private final Lateness lateness = new Lateness(List.of(new PlainPlan.Step(100, 1), new PlainPlan.Step(200, 2)));

    @Test
    void theEarliestRequestSetsTheZeroAndTheOthersAreLaterThanIt() {
        for (int k = 0; k < 100; k++) {
            // The first step leaves 40 ms late, but for one request in it that is punctual.
            lateness.sent(START + k * 10 * MILLI + (k == 99 ? 0 : 40 * MILLI));
        }
        for (int k = 0; k < 400; k++) {
            lateness.sent(START + 1_000 * MILLI + k * 5 * MILLI + 3 * MILLI);
        }
        long end = START + 4_000 * MILLI;
        assertThat(lateness.p99Seconds(0, 0, end)).isCloseTo(0.040, within(1e-6));
        assertThat(lateness.p99Seconds(1, 0.5, end)).isCloseTo(0.003, within(1e-6));
    }

    @Test
    void whatHasNotLeftIsAsLateAsItIsByNow() {
        for (int k = 0; k < 100; k++) {
            lateness.sent(START + k * 10 * MILLI);
        }
        double p99 = lateness.p99Seconds(1, 0, START + 3_000 * MILLI);
        assertThat(p99).isBetween(1.9, 2.0);
    }

    @Test
    void beforeAnythingWasSentNothingIsPunctual() {
        assertThat(lateness.p99Seconds(0, 0, START)).isInfinite();
    }
}
