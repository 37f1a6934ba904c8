package me.musclemap.reports.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import me.musclemap.reports.words.Figures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ScalesTest {
    @Test
    void ticksAreRoundNumbers() {
        assertThat(Scales.linear(417, 4, Figures::chosen))
                .extracting(LabelledAxis.Tick::text)
                .containsExactly("0", "200", "400");
        assertThat(Scales.logarithmic(0.002, 1.2, Figures::chosenSeconds))
                .extracting(tick -> tick.text().replace(Figures.GAP, " "))
                .containsExactly("2 ms", "5 ms", "10 ms", "20 ms", "50 ms", "100 ms", "200 ms", "500 ms", "1 s");
    }

    @ParameterizedTest
    @MethodSource("positions")
    void labelsKeepTheirOrderAndTheirDistance(List<Double> positions) {
        double[] moved =
                Scales.apart(positions.stream().mapToDouble(Double::doubleValue).toArray(), 1);

        for (int i = 1; i < moved.length; i++) {
            assertThat(moved[i] - moved[i - 1]).isGreaterThan(0.98);
        }
    }

    @Test
    void labelsFarApartStayWhereTheyAre() {
        assertThat(Scales.apart(new double[] {0, 2, 5}, 1)).containsExactly(0, 2, 5);
    }

    static Stream<List<Double>> positions() {
        SplittableRandom random = new SplittableRandom(42);
        return Stream.generate(() -> random.doubles(random.nextInt(1, 7), 0, 6)
                        .sorted()
                        .boxed()
                        .toList())
                .limit(200);
    }

    @Test
    void labelsStayInsideTheirLimits() {
        assertThat(Scales.apart(new double[] {0.1, 5, 9.8, 9.9}, 1, 0.5, 9.5)).containsExactly(0.5, 5, 8.5, 9.5);
        assertThat(Scales.apart(new double[] {2, 4}, 1, 0, 10)).containsExactly(2, 4);
    }
}
