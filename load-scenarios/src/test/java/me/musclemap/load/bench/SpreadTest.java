package me.musclemap.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMiddleOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 10.0))).isEqualTo(new Spread(3.5, 1, 10, 4));
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0))).isEqualTo(new Spread(3, 1, 4, 3));
    }

    @Test
    void aDriftFromPairToPairFallsOutOfTheRatio() {
        var theirs = List.of(10.0, 20.0, 40.0);
        var ours = List.of(9.0, 18.0, 36.0);
        assertThat(Spread.ofRatios(ours, theirs)).isEqualTo(new Spread(0.9, 0.9, 0.9, 3));
    }

    @Test
    void oneMeasurementHasNoEnds() {
        assertThat(Spread.of(List.of(6118.4)).words(0)).isEqualTo("6,118");
        assertThat(Spread.of(List.of(6118.4, 6118.4)).words(0)).isEqualTo("6,118 (6,118–6,118)");
    }

    @Test
    void unequalNumbersAreNoPairs() {
        assertThatThrownBy(() -> Spread.ofRatios(List.of(1.0), List.of(1.0, 2.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 and 2");
    }
}
