package me.musclemap.telemetry.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import me.musclemap.telemetry.stations.HostSample;
import me.musclemap.telemetry.stations.Snapshot;
import org.junit.jupiter.api.Test;

/** A window whose pages are read at its first mark, in between and at its last mark. */
class OpenWindowTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();

    private final OpenWindow window = new OpenWindow(
            new Snapshot(Instant.EPOCH, 0, Map.of(), new HostSample(List.of(), 3, NONE, NONE, NONE, 0, 0, 0, 0)));

    /** A station that counted these requests, or one that does not answer. */
    private static Pages.Reading api(double... requests) {
        return new Pages.Reading(
                Set.of("api"),
                requests.length == 0 ? Map.of() : Map.of("api", Map.of("requests_total", requests[0])),
                Map.of("api:up", requests.length == 0 ? 0.0 : 1.0));
    }

    @Test
    void aCounterIsWhatItRoseByAndNothingWhereItStood() {
        window.read(new Pages.Reading(
                Set.of("api", "rum"), Map.of("api", Map.of("a_total", 100.0, "b_total", 5.0)), Map.of()));
        window.read(new Pages.Reading(
                Set.of("api", "rum"),
                Map.of("api", Map.of("a_total", 107.0, "b_total", 5.0, "new_total", 2.0)),
                Map.of()));

        assertThat(window.counters().toString()).isEqualTo("{\"api:a_total\":7.0,\"api:new_total\":2.0}");
        assertThat(window.silent()).containsExactly("rum");
    }

    /** Its counters hold what was counted since its start: none of that is known to belong to this window. */
    @Test
    void aStationThatDidNotAnswerAtTheFirstMarkHasNoCounters() {
        window.read(api());
        window.read(api(1_000_000));
        window.read(api(1_000_500));

        assertThat(window.counters().has("api:requests_total")).isFalse();
        assertThat(window.silent()).containsExactly("api");
        assertThat(window.counters().path("api:up").asDouble()).isBetween(0.6, 0.7);
    }

    @Test
    void aStationThatDidNotAnswerAtTheLastMarkHasNoCountersEither() {
        window.read(api(10));
        window.read(api(20));
        window.read(api());

        assertThat(window.counters().has("api:requests_total")).isFalse();
        assertThat(window.silent()).containsExactly("api");
    }

    @Test
    void oneThatDidNotAnswerInBetweenLosesNothing() {
        window.read(api(10));
        window.read(api());
        window.read(api(30));

        assertThat(window.counters().path("api:requests_total").asDouble()).isEqualTo(20);
        assertThat(window.silent()).isEmpty();
    }

    @Test
    void aCounterThatBeganAnewIsCountedOnFromNothing() {
        window.read(api(1000));
        window.read(api(1100));
        window.read(api(30));
        window.read(api(50));

        assertThat(window.counters().path("api:requests_total").asDouble()).isEqualTo(150);
    }

    @Test
    void theRunQueueIsTheMeanOfWhatWasSeenOrThatOfTheFirstMark() {
        assertThat(window.runQueueMean()).isEqualTo(3);
        window.saw(1);
        window.saw(2);
        assertThat(window.runQueueMean()).isEqualTo(1.5);
    }
}
