package me.musclemap.capacity.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPopulationTest {
    @ParameterizedTest
    @CsvSource({"50, 0.8, 20, 30", "5000, 1.0, 200, 60", "20000, 0.6, 900, 300", "1, 1.2, 5, 60"})
    void groupsOfKeysGiveWhatEachKeyGivesAlone(int keys, double zipf, double perSecond, double ttlSeconds) {
        double total = 0;
        for (int i = 1; i <= keys; i++) {
            total += Math.pow(i, -zipf);
        }
        double hits = 0;
        for (int i = 1; i <= keys; i++) {
            double share = Math.pow(i, -zipf) / total;
            hits += share * new TtlCache(perSecond * share, ttlSeconds).hitRatio();
        }
        assertThat(KeyPopulation.of(keys, zipf).hitRatio(perSecond, ttlSeconds)).isCloseTo(hits, within(1e-3));
    }

    @Test
    void hitsRiseWithTrafficAndTimeToLiveAndFallWithTheNumberOfKeys() {
        KeyPopulation keys = KeyPopulation.of(1000, 0.8);
        assertThat(keys.hitRatio(20, 60)).isGreaterThan(keys.hitRatio(10, 60));
        assertThat(keys.hitRatio(10, 120)).isGreaterThan(keys.hitRatio(10, 60));
        assertThat(KeyPopulation.of(2000, 0.8).hitRatio(10, 60)).isLessThan(keys.hitRatio(10, 60));
        assertThat(keys.hitRatio(10, 0)).isZero();
        assertThat(keys.hitRatio(10, Double.POSITIVE_INFINITY)).isCloseTo(1, within(1e-12));
        assertThatThrownBy(() -> KeyPopulation.of(0, 1)).hasMessageContaining("keys=0.0");
    }

    @Test
    void trafficSpreadOverMoreCachesHitsLess() {
        KeyPopulation keys = KeyPopulation.of(40, 0.9);
        assertThat(keys.hitRatio(20.0 / 3, 60)).isLessThan(keys.hitRatio(20, 60));
    }

    @Test
    void anEmptiedCacheComesBackToWhereItWas() {
        KeyPopulation keys = KeyPopulation.of(40, 0.9);
        assertThat(keys.hitRatioAfterLoss(20, 60, 0)).isZero();
        assertThat(keys.hitRatioAfterLoss(20, 60, 5)).isBetween(0.3, keys.hitRatio(20, 60));
        assertThat(keys.hitRatioAfterLoss(20, 60, 1e6)).isEqualTo(keys.hitRatio(20, 60));
    }
}
