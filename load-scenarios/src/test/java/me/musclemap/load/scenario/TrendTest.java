package me.musclemap.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
    /** Of seven points in a row the spread is 1.96 x sqrt(7 x 6 x 19 / 18) = 13.05, so of 21 slopes the 3rd and the 19th are the ends. */
    @Test
    void theEndsAreTheSlopesThatSenNames() {
        var hours = List.of(0.0, 1.0, 2.0, 4.0, 7.0, 12.0, 20.0);
        var values = List.of(10.0, 10.5, 13.0, 12.0, 19.0, 21.5, 34.0);
        var slopes = IntStream.range(0, 7)
                .boxed()
                .flatMap(i -> IntStream.range(i + 1, 7)
                        .mapToObj(k -> (values.get(k) - values.get(i)) / (hours.get(k) - hours.get(i)) / 13.0))
                .sorted()
                .toList();
        var trend = Trend.of(hours, values);
        assertThat(trend.perHour()).isEqualTo(slopes.get(10), within(1e-12));
        assertThat(trend.low()).isEqualTo(slopes.get(2), within(1e-12));
        assertThat(trend.high()).isEqualTo(slopes.get(18), within(1e-12));
    }

    @Test
    void theMiddleOfAnEvenNumberOfSlopesLiesBetweenTheTwoInTheMiddle() {
        var hours = IntStream.range(0, 8).mapToObj(i -> (double) i).toList();
        var values = List.of(9.2, 9.2, 13.7, 13.2, 15.3, 17.0, 17.5, 19.4);
        var slopes = IntStream.range(0, 8)
                .boxed()
                .flatMap(i -> IntStream.range(i + 1, 8).mapToObj(k -> (values.get(k) - values.get(i)) / (k - i) / 14.5))
                .sorted()
                .toList();
        assertThat(slopes).hasSize(28);
        assertThat(slopes.get(14)).isGreaterThan(slopes.get(13) + 1e-3);
        assertThat(Trend.of(hours, values).perHour()).isEqualTo((slopes.get(13) + slopes.get(14)) / 2, within(1e-12));
    }

    @Test
    void ofNoiseAloneADriftIsSaidInAboutOneOfTwentyRuns() {
        var random = new Random(5);
        int said = 0;
        for (int run = 0; run < 2000; run++) {
            var hours = IntStream.range(0, 12).mapToObj(i -> i / 10.0).toList();
            var values =
                    hours.stream().map(hour -> 1 + 0.1 * random.nextGaussian()).toList();
            said += Trend.of(hours, values).isSure() ? 1 : 0;
        }
        assertThat(said / 2000.0).isBetween(0.01, 0.065);
    }

    @Test
    void tooFewPartsSayNothing() {
        assertThat(Trend.of(List.of(0.0, 1.0), List.of(1.0, 2.0)).words("p99")).contains("Too few parts");
    }
}
