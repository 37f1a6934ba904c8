package me.musclemap.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SloTest {
    private static Figures figures(double p99, double errors) {
        return new Figures(p99 / 4, p99 / 2, p99, 2 * p99, errors, 100, 100);
    }

    @Test
    void severalObjectivesHoldTogetherOrNotAtAll() {
        var slo = Slo.parse("p99<800ms, errors<1%");
        assertThat(slo.toString()).isEqualTo("p99<800 ms, errors<1 %");
        assertThat(slo.met(figures(0.7, 0.009))).isTrue();
        assertThat(slo.met(figures(0.8, 0))).as("a limit itself is missed").isFalse();
        assertThat(slo.met(figures(0.1, 0.02))).isFalse();
        assertThat(slo.missed(figures(0.9, 0.02)))
                .isEqualTo("p99 900 ms is not below 800 ms, errors 2 % is not below 1 %");
        assertThat(slo.p99Seconds()).hasValue(0.8);
    }

    @Test
    void theMarginIsThatOfTheWorstObjective() {
        var slo = Slo.parse("p99<1s,errors<1%");
        assertThat(slo.margin(figures(0.5, 0.02))).isCloseTo(Math.log(2), within(1e-9));
        assertThat(slo.margin(figures(0.5, 0))).isCloseTo(Math.log(0.5), within(1e-9));
        assertThat(slo.margin(figures(1e-6, 0))).isCloseTo(Math.log(0.1), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "p99",
                "p99<1",
                "p99<1%",
                "errors<5ms",
                "p98<1s",
                "p99<0s",
                "p99>1s",
                "p99<1s,,errors<1%",
                "p99<-1s"
            })
    void whatIsNoObjectiveIsRefused(String text) {
        assertThatThrownBy(() -> Slo.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
