package me.musclemap.rum.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownValuesTest {
    private static final CellKey KEY = new CellKey(
            Sender.FIELD, "/a", Vital.LCP, Navigation.LOAD, Device.MOBILE, Connection.G4, CellKey.NO_COUNTRY, "1.4.2");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 100})
    void theLastIdsAreKnownAsAMapOfThemWouldKnowThem(int max) {
        var known = new KnownValues(max);
        var expected = new LinkedHashMap<Long, Change>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Change> eldest) {
                return size() > max;
            }
        };
        var random = new SplittableRandom(max);
        for (int i = 0; i < 20_000; i++) {
            // Ids that differ in few bits, so that many of them want one place.
            long id = (long) random.nextInt(3 * max) << random.nextInt(3);
            var put = new Change(i, KEY, i, 1, 1024, i % 20, "img");
            int at = known.find(id);
            assertThat(at >= 0).as("id %s, step %s", id, i).isEqualTo(expected.containsKey(id));
            if (at >= 0) {
                assertThat(known.put(at)).isEqualTo(expected.get(id));
                assertThat(known.sentAtMillis(at)).isEqualTo(known.put(at).minute());
                assertThat(known.value(at)).isEqualTo(known.put(at).value());
            }
            known.set(at < 0 ? known.add(id) : at, i, put);
            expected.put(id, put);
        }
    }
}
