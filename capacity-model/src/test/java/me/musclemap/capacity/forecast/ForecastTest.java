package me.musclemap.capacity.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import me.musclemap.capacity.forecast.HoltWinters.Season;
import me.musclemap.capacity.regression.NotIdentifiableException;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final double[] DAYS = IntStream.range(0, 40).asDoubleStream().toArray();

    @Test
    void aSeriesThatDoesNotGrowHasNoDate() {
        var random = new SplittableRandom(4);
        double[] flat = IntStream.range(0, 40)
                .mapToDouble(i -> 100 + 10 * random.nextDouble())
                .toArray();
        var growth = LogLinearGrowth.of(DAYS, flat);
        assertThat(growth.slopePValue()).isGreaterThan(LogLinearGrowth.P_VALUE_MAX);
        assertThat(growth.exhaustion(1000)).isEmpty();
        assertThat(growth.earliest(1000, 0.9, true)).isEmpty();
    }

    @Test
    void theEndsOfTheDatesAreWhereTheIntervalMeetsTheCapacity() {
        var random = new SplittableRandom(5);
        double[] y = IntStream.range(0, 40)
                .mapToDouble(i -> 100 * Math.exp(0.03 * i + 0.1 * (random.nextDouble() - 0.5)))
                .toArray();
        var growth = LogLinearGrowth.of(DAYS, y);
        double early = growth.earliest(2000, 0.9, true).orElseThrow();
        double late = growth.latest(2000, 0.9, true).orElseThrow();
        assertThat(growth.predictionBound(early, 0.9, true)).isCloseTo(2000, within(1e-6));
        assertThat(growth.predictionBound(late, 0.9, false)).isCloseTo(2000, within(1e-6));
        assertThat(early).isLessThan(growth.exhaustion(2000).orElseThrow());
    }

    @Test
    void aLogisticSeriesGivesItsParametersBack() {
        double[] y = IntStream.range(0, 40)
                .mapToDouble(i -> 5000 / (1 + Math.exp((18 - i) / 4.0)))
                .toArray();
        var growth = LogisticGrowth.of(DAYS, y);
        assertThat(growth.ceiling()).isCloseTo(5000, within(1e-4));
        assertThat(growth.midpoint()).isCloseTo(18, within(1e-7));
        assertThat(growth.scale()).isCloseTo(4, within(1e-7));
        assertThat(growth.forecast(growth.exhaustion(4500).orElseThrow())).isCloseTo(4500, within(1e-6));
        assertThat(growth.exhaustion(5001)).isEmpty();
    }

    @Test
    void aSeriesWithoutACeilingIsNotGivenOne() {
        double[] y = IntStream.range(0, 40).mapToDouble(i -> Math.exp(0.05 * i)).toArray();
        assertThatThrownBy(() -> LogisticGrowth.of(DAYS, y)).isInstanceOf(NotIdentifiableException.class);
    }

    @Test
    void aPureSeasonFromItsOwnStartIsForecastWithoutError() {
        List<Double> season = List.of(5.0, -3.0, 0.0, 4.0, -2.0, -6.0, 2.0);
        double[] y = IntStream.range(0, 40)
                .mapToDouble(i -> 50 + 2 * i + season.get(i % 7))
                .toArray();
        var start = new HoltWinters.Start(OptionalDouble.of(62), OptionalDouble.of(2), season);
        var empty = OptionalDouble.empty();
        var fit = HoltWinters.fit(y, new HoltWinters.Settings(7, Season.ADDITIVE, true, empty, empty, empty, 2, start));
        assertThat(fit.squaredError()).isLessThan(1e-18);
        assertThat(fit.forecast(1)).isCloseTo(50 + 2 * 40 - 6, within(1e-9));
        assertThat(fit.forecast(9)).isCloseTo(50 + 2 * 48 + 2, within(1e-9));
    }

    @Test
    void givenSmoothingIsKept() {
        double[] y = IntStream.range(0, 40).mapToDouble(i -> 10 + i % 4).toArray();
        var settings = new HoltWinters.Settings(
                4,
                Season.MULTIPLICATIVE,
                true,
                OptionalDouble.of(0.5),
                OptionalDouble.of(0.25),
                OptionalDouble.of(0.125),
                2,
                HoltWinters.Start.DERIVED);
        var fit = HoltWinters.fit(y, settings);
        assertThat(new double[] {fit.alpha(), fit.beta(), fit.gamma()}).containsExactly(0.5, 0.25, 0.125);
    }

    @Test
    void aSeriesShorterThanTwoPeriodsIsRefused() {
        assertThatThrownBy(() -> HoltWinters.fit(new double[13], HoltWinters.Settings.seasonal(7, Season.ADDITIVE)))
                .hasMessageContaining("14");
    }
}
