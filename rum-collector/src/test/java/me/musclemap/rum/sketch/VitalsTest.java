package me.musclemap.rum.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Rating;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.spool.KeptBeacon;
import org.junit.jupiter.api.Test;

class VitalsTest {
    private static final long START = 1_795_350_180_000L;
    private static final long MINUTE = 60_000;

    private final MemoryCounts counts = new MemoryCounts(MemoryCounts.Limits.DEFAULT);

    @Test
    void ratingsAreExactAtTheirBounds() {
        var vitals = new Vitals(Vitals.Limits.DEFAULT, counts);
        double[] values = {2500, 2500.01, 4000, 4000.01};
        for (int i = 0; i < values.length; i++) {
            vitals.apply(beacon(START, "/a", i, values[i]));
        }

        Cell all = sum(counts);
        assertThat(all.count(Rating.GOOD)).isEqualTo(1);
        assertThat(all.count(Rating.NEEDS_IMPROVEMENT)).isEqualTo(2);
        assertThat(all.count(Rating.POOR)).isEqualTo(1);
    }

    @Test
    void minutesThatAreAddedUpToHoursLoseNoValueAndTakeLateChanges() {
        var few = new MemoryCounts(new MemoryCounts.Limits(1000, 1000, 100, 5, 1000));
        var vitals = new Vitals(new Vitals.Limits(10, 10, 1000), few);
        for (int minute = 0; minute < 100; minute++) {
            vitals.apply(beacon(START + minute * MINUTE, "/a", minute, 100 + minute));
        }
        vitals.apply(beacon(START + 100 * MINUTE, "/a", 3, 5000));

        Cell all = sum(few);
        assertThat(all.count()).isEqualTo(100);
        assertThat(all.count(Rating.POOR)).isEqualTo(1);
        assertThat(few.size()).isLessThan(20);
    }

    @Test
    void oldHoursAreDropped() {
        var few = new MemoryCounts(new MemoryCounts.Limits(1000, 1000, 100, 5, 2));
        var vitals = new Vitals(new Vitals.Limits(10, 10, 1000), few);
        vitals.apply(beacon(START, "/a", 1, 100));
        vitals.apply(beacon(START + 300 * MINUTE, "/a", 2, 100));

        assertThat(sum(few).count()).isEqualTo(1);
    }

    @Test
    void pastEveryLimitNothingIsLostAndMemoryIsBounded() {
        var few = new MemoryCounts(new MemoryCounts.Limits(200, 100, 100, 5, 100));
        var vitals = new Vitals(new Vitals.Limits(50, 5, 100), few);
        var random = new SplittableRandom(3);
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            vitals.apply(beacon(START + i, "/made-up/" + random.nextInt(5000), i, 10 + random.nextInt(5000)));
        }

        assertThat(sum(few).count()).isEqualTo(count);
        assertThat(vitals.overflowed()).isPositive();
        assertThat(few.size()).isLessThanOrEqualTo(200 + Vital.values().length);
        var routes = new HashSet<String>();
        few.cells(Vital.LCP, 0, Long.MAX_VALUE, (at, key, cell) -> routes.add(key.route()));
        assertThat(routes).hasSizeLessThanOrEqualTo(51).contains(CellKey.OTHER);
    }

    @Test
    void aNameThatNobodyUsesAnyMoreMakesRoomForAnother() {
        var vitals = new Vitals(new Vitals.Limits(2, 5, 100), counts);
        vitals.apply(beacon(START, "/a", 1, 100));
        vitals.apply(beacon(START, "/b", 2, 100));
        vitals.apply(beacon(START + MINUTE, "/c", 3, 100));
        assertThat(vitals.overflowed()).isEqualTo(1);
        vitals.apply(beacon(START + 8 * 24 * 60 * MINUTE, "/c", 4, 100));

        assertThat(vitals.overflowed()).isEqualTo(1);
    }

    @Test
    void aChangeThatWouldMakeAnImpossibleValueIsRefused() {
        var vitals = new Vitals(Vitals.Limits.DEFAULT, counts);
        var value = new KeptBeacon.Value(Vital.CLS, 1, -0.2, true, 1, Navigation.LOAD, "/a", "");

        assertThat(vitals.apply(beacon(START, Sketch.UNITS, -1, value))).isEqualTo(new Vitals.Applied(0, 0, 0, 1));
        assertThat(sum(counts).views()).isZero();
    }

    @Test
    void aViewThatStandsForFourCountsFourTimesAndIsMeasuredOnce() {
        var vitals = new Vitals(Vitals.Limits.DEFAULT, counts);
        vitals.apply(beacon(START, 4 * Sketch.UNITS, -1, lcp(1, 5000, "")));
        vitals.apply(beacon(START, "/a", 2, 1000));

        Cell all = sum(counts);
        assertThat(all.views()).isEqualTo(2);
        assertThat(all.count()).isEqualTo(5);
        assertThat(all.share(Rating.POOR)).isEqualTo(0.8);
        assertThat(all.quantile(0.75)).isBetween(4950.0, 5050.0);
    }

    @Test
    void aLaterValueTakesThePlaceOfTheEarlierAlsoAmongGroupsAndElements() {
        var vitals = new Vitals(Vitals.Limits.DEFAULT, counts);
        vitals.apply(beacon(START, Sketch.UNITS, 3, lcp(1, 5000, "img.hero")));
        vitals.apply(beacon(START + MINUTE, Sketch.UNITS, 3, lcp(1, 900, "h1")));

        counts.groups(Vital.LCP, "1.4.2", 0, Long.MAX_VALUE, (key, cell) -> {
            assertThat(key.group()).isEqualTo(3);
            assertThat(cell.views()).isEqualTo(1);
            assertThat(cell.count(Rating.GOOD)).isEqualTo(1);
        });
        counts.culprits(Vital.LCP, 0, Long.MAX_VALUE, (key, culprit) -> {
            assertThat(culprit.units()).isEqualTo(key.target().equals("h1") ? Sketch.UNITS : 0);
            assertThat(culprit.poorUnits()).isZero();
        });
    }

    @Test
    void anOlderValueThatArrivesLateDoesNotTakeThePlaceOfTheNewer() {
        var vitals = new Vitals(Vitals.Limits.DEFAULT, counts);
        vitals.apply(beacon(START, Sketch.UNITS, 3, lcp(1, 5000, "", 2000)));

        assertThat(vitals.apply(beacon(START, Sketch.UNITS, 3, lcp(1, 900, "", 1000))))
                .isEqualTo(new Vitals.Applied(0, 0, 1, 0));
        assertThat(sum(counts).count(Rating.POOR)).isEqualTo(1);
        assertThat(vitals.apply(beacon(START, Sketch.UNITS, 3, lcp(1, 1000, "", 3000))))
                .isEqualTo(new Vitals.Applied(0, 1, 0, 0));
        assertThat(sum(counts).count(Rating.POOR)).isZero();
    }

    private static Cell sum(CellSource source) {
        var sum = new Cell();
        source.cells(Vital.LCP, 0, Long.MAX_VALUE, (at, key, cell) -> sum.merge(cell));
        source.cells(Vital.CLS, 0, Long.MAX_VALUE, (at, key, cell) -> sum.merge(cell));
        return sum;
    }

    private static KeptBeacon.Value lcp(long id, double value, String target) {
        return lcp(id, value, target, 0);
    }

    private static KeptBeacon.Value lcp(long id, double value, String target, long sentAtMillis) {
        return new KeptBeacon.Value(Vital.LCP, id, value, false, sentAtMillis, Navigation.LOAD, "/a", target);
    }

    private static KeptBeacon beacon(long millis, int units, int group, KeptBeacon.Value value) {
        return new KeptBeacon(
                millis,
                Sender.FIELD,
                Device.MOBILE,
                Connection.UNKNOWN,
                CellKey.NO_COUNTRY,
                "1.4.2",
                group,
                units,
                "",
                List.of(value));
    }

    private static KeptBeacon beacon(long millis, String route, long id, double lcp) {
        return beacon(
                millis,
                Sketch.UNITS,
                -1,
                new KeptBeacon.Value(Vital.LCP, id, lcp, false, 0, Navigation.LOAD, route, ""));
    }
}
