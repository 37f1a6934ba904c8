package me.musclemap.capacity.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CacheTest {
    @Test
    void theApproximationIsNearARealLeastRecentlyUsedCache() {
        int items = 1000;
        double[] upTo = new double[items];
        double total = 0;
        for (int i = 0; i < items; i++) {
            total += Math.pow(i + 1.0, -0.9);
            upTo[i] = total;
        }
        Map<Integer, Boolean> cache = new LinkedHashMap<>(256, 0.75f, true);
        var random = new SplittableRandom(1);
        int hits = 0;
        int counted = 300_000;
        for (int request = -50_000; request < counted; request++) {
            int at = Arrays.binarySearch(upTo, random.nextDouble() * total);
            int item = at < 0 ? -at - 1 : at;
            if (cache.put(item, true) != null && request >= 0) {
                hits++;
            }
            if (cache.size() > 100) {
                cache.remove(cache.keySet().iterator().next());
            }
        }
        assertThat(LruCache.of(items, 0.9, 100).hitRatio()).isCloseTo((double) hits / counted, within(0.005));
    }

    @Test
    void withoutFavouritesTheHitRatioIsTheShareThatFits() {
        assertThat(LruCache.of(5000, 0, 1250).hitRatio()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void groupsOfRanksChangeNothingThatMatters() {
        // 2 million ranks are summed one by one, the 3rd million in groups
        double single = LruCache.of(2_000_000, 0.9, 10_000).hitRatio();
        double grouped = LruCache.of(2_000_001, 0.9, 10_000).hitRatio();
        assertThat(grouped).isCloseTo(single, within(1e-6));
    }

    @Test
    void spreadingTrafficOverMoreCachesLowersTheHitRatio() {
        double one = new TtlCache(0.5, 30).hitRatio();
        double third = new TtlCache(0.5 / 3, 30).hitRatio();
        assertThat(one).isEqualTo(0.9375);
        assertThat(third).isLessThan(one);
    }

    @Test
    void tiersNameTheHitRatioThatAClaimNeeds() {
        var tiers = new CacheTiers(0.4, 0.5, 0.8, 0);
        var enough = new CacheTiers(0.4, 0.5, tiers.thirdNeededFor(0.02), 0);
        assertThat(enough.beyondThird()).isCloseTo(0.02, within(1e-15));
        assertThat(new CacheTiers(0.4, 0.5, 0.8, 0.1).thirdNeededFor(0.02)).isGreaterThan(1);
        assertThatThrownBy(() -> new CacheTiers(1.1, 0, 0, 0)).hasMessageContaining("1.1");
    }
}
