package me.musclemap.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StagesTest {
    @Test
    void stagesTakeTheTimeThatWasAskedFor() {
        for (var stages : List.of(
                Stages.ramp(300, 120),
                Stages.ramp(5, 7),
                Stages.spike(60, 60),
                Stages.soak(100, 600),
                Stages.failover(60, 60))) {
            assertThat(stages.stream().mapToDouble(Stage::seconds).sum())
                    .isIn(120.0, 7.0, 60.0, 600.0, 60.00000000000001);
        }
        assertThat(Stages.ramp(300, 120))
                .hasSize(10)
                .last()
                .satisfies(last -> assertThat(last.perSecond()).isEqualTo(300));
        assertThat(Stages.spike(60, 60).get(1).perSecond()).isEqualTo(300);
    }

    @Test
    void aDriftIsToldFromChance() {
        var hours = IntStream.range(0, 12).mapToObj(i -> i / 60.0).toList();
        var growing = IntStream.range(0, 12)
                .mapToObj(i -> 0.020 + 0.001 * i + (i % 2) * 0.0004)
                .toList();
        var trend = Trend.of(hours, growing);
        assertThat(trend.isSure()).isTrue();
        assertThat(trend.perHour()).isCloseTo(60 * 0.001 / 0.0259, within(0.2));
        var flat = IntStream.range(0, 12)
                .mapToObj(i -> 0.020 + (i * 7 % 5) * 0.001)
                .toList();
        assertThat(Trend.of(hours, flat).isSure()).isFalse();
        assertThat(Trend.of(hours.subList(0, 3), flat.subList(0, 3)).words("p99"))
                .startsWith("Too few parts");
    }
}
