package me.musclemap.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LadderTest {
    private static final double LIMIT = 0.005;

    private static Ladder of(double... lateSeconds) {
        var ladder = new Ladder();
        double rate = 1000;
        for (double late : lateSeconds) {
            ladder.add(Ladder.Level.of(rate, late, 1, 0.5, LIMIT));
            rate += 1000;
        }
        return ladder;
    }

    @Test
    void oneMissIsChanceAndTwoInARowAreTheEnd() {
        assertThat(of(0.001, 0.02, 0.002).isOver()).isFalse();
        assertThat(of(0.001, 0.02, 0.002).ceiling().orElseThrow().perSecond()).isEqualTo(3000);
        assertThat(of(0.001, 0.02, 0.02, 0.001).ceiling().orElseThrow().perSecond())
                .isEqualTo(1000);
        assertThat(of(0.001, 0.02, 0.02).isOver()).isTrue();
    }

    @Test
    void whereNothingHeldThereIsNoCeiling() {
        assertThat(of(0.02, 0.02).ceiling()).isEmpty();
    }

    @Test
    void aRateThatWasNotSentDidNotHoldHoweverPunctualTheRestWas() {
        assertThat(Ladder.Level.of(1000, 0.001, 0.9, 1, LIMIT).held()).isFalse();
        assertThat(Ladder.Level.of(1000, 0.001, 0.99, 1, LIMIT).held()).isTrue();
    }

    @Test
    void ratesGoUpInEqualSteps() {
        assertThat(Ladder.rates(1000, 1400, 10)).containsExactly(1000, 1100, 1210, 1331);
    }
}
