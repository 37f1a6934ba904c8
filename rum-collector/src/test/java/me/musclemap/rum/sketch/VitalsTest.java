package me.musclemap.rum.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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

    @Test
    void ratingsAreExactAtTheirBounds() {
        var vitals = new Vitals(Vitals.Limits.DEFAULT);
        double[] values = {2500, 2500.01, 4000, 4000.01};
        for (int i = 0; i < values.length; i++) {
            vitals.apply(beacon(START, "/a", i, values[i]));
        }

        Cell all = sum(vitals);
        assertThat(all.count(Rating.GOOD)).isEqualTo(1);
        assertThat(all.count(Rating.NEEDS_IMPROVEMENT)).isEqualTo(2);
        assertThat(all.count(Rating.POOR)).isEqualTo(1);
    }

    @Test
    void minutesThatAreAddedUpToHoursLoseNoValueAndTakeLateChanges() {
        var vitals = new Vitals(new Vitals.Limits(10, 10, 1000, 1000, 5, 1000));
        for (int minute = 0; minute < 100; minute++) {
            vitals.apply(beacon(START + minute * MINUTE, "/a", minute, 100 + minute));
        }
        vitals.apply(beacon(START + 100 * MINUTE, "/a", 3, 5000));

        Cell all = sum(vitals);
        assertThat(all.count()).isEqualTo(100);
        assertThat(all.count(Rating.POOR)).isEqualTo(1);
        assertThat(vitals.cells()).isLessThan(20);
    }

    @Test
    void oldHoursAreDropped() {
        var vitals = new Vitals(new Vitals.Limits(10, 10, 1000, 1000, 5, 2));
        vitals.apply(beacon(START, "/a", 1, 100));
        vitals.apply(beacon(START + 300 * MINUTE, "/a", 2, 100));

        assertThat(sum(vitals).count()).isEqualTo(1);
    }

    @Test
    void pastEveryLimitNothingIsLostAndMemoryIsBounded() {
        var vitals = new Vitals(new Vitals.Limits(50, 5, 200, 100, 5, 100));
        var random = new SplittableRandom(3);
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            vitals.apply(beacon(START + i, "/made-up/" + random.nextInt(5000), i, 10 + random.nextInt(5000)));
        }

        assertThat(sum(vitals).count()).isEqualTo(count);
        assertThat(vitals.overflowedByRoutes()).isPositive();
        assertThat(vitals.cells()).isLessThanOrEqualTo(200 + Vital.values().length);
        var routes = new HashSet<String>();
        vitals.forEach(0, Long.MAX_VALUE, (key, cell) -> routes.add(key.route()));
        assertThat(routes).hasSizeLessThanOrEqualTo(51).contains(CellKey.OTHER);
    }

    @Test
    void aChangeThatWouldMakeAnImpossibleValueIsRefused() {
        var vitals = new Vitals(Vitals.Limits.DEFAULT);
        var value = new KeptBeacon.Value(Vital.CLS, 1, -0.2, true, 1, Navigation.LOAD);
        var beacon = new KeptBeacon(START, Sender.FIELD, "/a", Device.MOBILE, Connection.UNKNOWN, "", List.of(value));

        assertThat(vitals.apply(beacon)).isEqualTo(new Vitals.Applied(0, 0, 0, 1));
        assertThat(sum(vitals).count()).isZero();
    }

    private static Cell sum(Vitals vitals) {
        var sum = new Cell();
        var parts = new ArrayList<Cell>();
        vitals.forEach(0, Long.MAX_VALUE, (key, cell) -> parts.add(cell));
        parts.forEach(sum::merge);
        return sum;
    }

    private static KeptBeacon beacon(long millis, String route, long id, double lcp) {
        var value = new KeptBeacon.Value(Vital.LCP, id, lcp, false, 0, Navigation.LOAD);
        return new KeptBeacon(millis, Sender.FIELD, route, Device.MOBILE, Connection.UNKNOWN, "", List.of(value));
    }
}
