package me.musclemap.capacity.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultiServerQueueTest {
    @Test
    void twoServersAtNinetyPercentAgreeWithTheLectureNotes() {
        var queue = new MultiServerQueue(9, 5, 2);
        assertThat(queue.probabilityOfWait()).isCloseTo(0.852631578947368, within(1e-14));
        assertThat(queue.meanWaiting()).isCloseTo(7.67368421052632, within(1e-12));
        assertThat(queue.responsePercentileSeconds(0.99)).isCloseTo(4.66888599989579, within(1e-12));
    }

    @Test
    void percentilesHoldWhereTheTwoRatesOfTheResponseMeet() {
        assertThat(new MultiServerQueue(100, 100, 2).responsePercentileSeconds(0.95))
                .isCloseTo(0.0381646030516783, within(1e-15));
    }

    @Test
    void aQueueWithoutEndIsRefused() {
        assertThatThrownBy(() -> new MultiServerQueue(10, 5, 2)).hasMessageContaining("10.0");
    }

    @ParameterizedTest
    @CsvSource({
        // arrivals, servers, squared variation, p95, p99: simulations of 20 million requests in the case file
        "1.4, 2, 1, 5.61944, 8.88264",
        "1.4, 2, 4, 12.1922, 23.7677",
        "1.8, 2, 4, 40.2052, 67.7445",
        "1.6, 2, 0.5, 6.16314, 9.19961",
        "6.4, 8, 4, 5.38185, 10.3066"
    })
    void screeningIsWithinTwentyPercentOfTheSimulatedTail(
            double arrivals, int servers, double variation, double p95, double p99) {
        var screening = Screening.of(
                arrivals, servers, ServiceTime.lognormal(1, variation), Discipline.FIRST_COME_FIRST_SERVED);
        assertThat(screening.responsePercentileSeconds(0.95) / p95).isBetween(0.8, 1.2);
        assertThat(screening.responsePercentileSeconds(0.99) / p99).isBetween(0.8, 1.2);
    }

    @ParameterizedTest
    @CsvSource({"1.4, 4, 7.45034, 19.0813", "1.4, 1, 6.25534, 12.2615"})
    void screeningOfSharedCoresIsWithinTenPercent(double arrivals, double variation, double p95, double p99) {
        var screening = Screening.of(arrivals, 2, ServiceTime.lognormal(1, variation), Discipline.PROCESSOR_SHARING);
        assertThat(screening.responsePercentileSeconds(0.95) / p95).isBetween(0.9, 1.1);
        assertThat(screening.responsePercentileSeconds(0.99) / p99).isBetween(0.9, 1.1);
    }

    @Test
    void screeningOfOneExponentialServerIsExact() {
        var screening = Screening.of(0.8, 1, ServiceTime.exponential(1), Discipline.FIRST_COME_FIRST_SERVED);
        var exact = new MultiServerQueue(0.8, 1, 1);
        assertThat(screening.responsePercentileSeconds(0.99) / exact.responsePercentileSeconds(0.99))
                .isCloseTo(1, within(2e-3));
        assertThat(screening.waitPercentileSeconds(0.9) / exact.waitPercentileSeconds(0.9))
                .isCloseTo(1, within(1e-8));
    }
}
