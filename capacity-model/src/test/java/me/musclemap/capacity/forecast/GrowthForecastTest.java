package me.musclemap.capacity.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import me.musclemap.capacity.measure.MalformedInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrowthForecastTest {
    private static final LocalDate START = LocalDate.of(2026, 6, 1);
    private static final double[] WEEK = {1.1, 1.05, 1, 0.98, 0.9, 0.92, 1.12};

    /** Peaks around a trend with a week and lognormal scatter; neighbours are correlated. */
    private static PeakSeries series(
            int days, double scatter, double correlation, long seed, IntToDoubleFunction trend) {
        var random = new SplittableRandom(seed);
        double[] day = new double[days];
        double[] peak = new double[days];
        double stray = 0;
        for (int i = 0; i < days; i++) {
            double u = 1 - random.nextDouble();
            double normal = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
            stray = correlation * stray + scatter * Math.sqrt(1 - correlation * correlation) * normal;
            day[i] = i;
            peak[i] = trend.applyAsDouble(i) * WEEK[i % 7] * Math.exp(stray);
        }
        return new PeakSeries(START, day, peak);
    }

    private static GrowthForecast forecast(PeakSeries series, double... capacity) {
        List<CarriedRate> carried =
                capacity.length == 0 ? List.of() : List.of(new CarriedRate("phase1", "stack", "estimated", capacity));
        return GrowthForecast.of(series, carried, 14, 7);
    }

    private static long daysFrom(LocalDate last, LocalDate date) {
        return ChronoUnit.DAYS.between(last, date);
    }

    @Test
    void steadyGrowthIsExhaustedOnTheDayThatTheTrendSays() {
        // 100/s growing by 0.5 % a day; Sundays are 12 % higher: 400/s is first passed near day 250.
        PeakSeries series = series(120, 0.04, 0, 1, i -> 100 * Math.exp(0.005 * i));
        GrowthForecast forecast = forecast(series, 400);
        assertThat(forecast.whyNoDate()).isEmpty();
        assertThat(forecast.growthPerDay().orElseThrow().contains(0.005)).isTrue();
        Exhaustion exhaustion = forecast.exhaustion().get(0);
        double truth = Math.log(400 / (100 * 1.12)) / 0.005 - 119;
        assertThat(daysFrom(series.last(), exhaustion.p10().orElseThrow())).isLessThan((long) truth + 10);
        assertThat(daysFrom(series.last(), exhaustion.p90().orElseThrow())).isGreaterThan((long) truth - 40);
        assertThat((double) daysFrom(series.last(), exhaustion.p50().orElseThrow()))
                .isCloseTo(truth, within(0.2 * truth));
        assertThat(exhaustion.probability()).isGreaterThan(0.9);
    }

    @Test
    void uncertaintyOfTheCapacityWidensTheDates() {
        PeakSeries series = series(120, 0.04, 0, 1, i -> 100 * Math.exp(0.005 * i));
        Exhaustion sure = forecast(series, 400).exhaustion().get(0);
        Exhaustion unsure =
                forecast(series, 250, 300, 350, 400, 450, 500, 550).exhaustion().get(0);
        assertThat(ChronoUnit.DAYS.between(
                        unsure.p10().orElseThrow(), unsure.p90().orElseThrow()))
                .isGreaterThan(2
                        * ChronoUnit.DAYS.between(
                                sure.p10().orElseThrow(), sure.p90().orElseThrow()));
    }

    @Test
    void growthTowardsACeilingBelowTheCapacityHasNoDate() {
        PeakSeries series = series(150, 0.03, 0, 2, i -> 300 / (1 + Math.exp((60 - i) / 20.0)));
        GrowthForecast forecast = forecast(series, 600);
        assertThat(forecast.chosen()).contains("logistic");
        assertThat(forecast.exhaustion().get(0).p50()).isEmpty();
        assertThat(forecast.exhaustion().get(0).whyNone().orElseThrow()).contains("within 24 months in only");
    }

    @Test
    void aTrendThatTurnedIsFollowedByTheFormThatMoves() {
        PeakSeries series = series(140, 0.02, 0, 3, i -> i < 90 ? 100 : 100 + 2.0 * (i - 90));
        GrowthForecast forecast = forecast(series);
        assertThat(forecast.chosen()).contains("Holt-Winters");
        assertThat(forecast.errors()).extracting(GrowthForecast.FormError::form).hasSize(3);
    }

    @Test
    void tooFewDaysHaveNoDateHoweverSteeplyTheyGrow() {
        GrowthForecast forecast = forecast(series(27, 0.01, 0, 4, i -> 100 * Math.exp(0.02 * i)), 400);
        assertThat(forecast.whyNoDate().orElseThrow())
                .contains("27 daily peaks are too few")
                .contains("28");
        assertThat(forecast.exhaustion().get(0).p50()).isEmpty();
        assertThat(forecast(series(28, 0.01, 0, 4, i -> 100 * Math.exp(0.02 * i)), 400)
                        .exhaustion()
                        .get(0)
                        .p50())
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({"60, 0.0", "60, 0.5", "180, 0.7"})
    void peaksThatDoNotGrowSeldomGetADate(int days, double correlation) {
        int dated = 0;
        for (int seed = 0; seed < 100; seed++) {
            GrowthEvidence evidence = GrowthEvidence.of(series(days, 0.1, correlation, 100 + seed, i -> 100));
            dated += evidence.slope() > 0 && evidence.pValue() <= 0.05 ? 1 : 0;
        }
        assertThat(dated).as("false alarms in 100 series").isLessThanOrEqualTo(12);
    }

    @Test
    void aCapacityBelowTodaysPeakIsExhaustedAlready() {
        Exhaustion exhaustion =
                forecast(series(60, 0.05, 0, 5, i -> 100), 50).exhaustion().get(0);
        assertThat(exhaustion.whyNone().orElseThrow()).contains("exhausted already");
        assertThat(exhaustion.probability()).isEqualTo(1);
    }

    @Test
    void missingDaysAreAllowed() {
        PeakSeries whole = series(120, 0.03, 0, 6, i -> 100 * Math.exp(0.005 * i));
        int[] kept =
                java.util.stream.IntStream.range(0, 120).filter(i -> i % 5 != 3).toArray();
        var gaps = new PeakSeries(
                START,
                Arrays.stream(kept).mapToDouble(i -> i).toArray(),
                Arrays.stream(kept).mapToDouble(i -> whole.peak()[i]).toArray());
        GrowthForecast forecast = forecast(gaps, 400);
        assertThat(forecast.growthPerDay().orElseThrow().mid()).isCloseTo(0.005, within(0.001));
        assertThat(forecast.errors())
                .filteredOn(e -> e.form().equals("Holt-Winters"))
                .allSatisfy(e -> assertThat(e.why().orElse("")).contains("missing"));
    }

    @Test
    void aFileIsReadWithNamesEmptyLinesAndAByteOrderMark() {
        PeakSeries series = PeakSeries.read(
                "p.csv", "\uFEFFdate,requestsPerSecond\r\n2026-11-01,100.5\r\n\r\n# holiday\r\n2026-11-03; 98\r\n");
        assertThat(series.count()).isEqualTo(2);
        assertThat(series.last()).isEqualTo(LocalDate.of(2026, 11, 3));
        assertThat(series.presentPeak()).isEqualTo(100.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-11-01,abc | p.csv:1: 'abc' is no peak",
                "2026-11-01,0 | p.csv:1: '0' is no peak",
                "2026-11-01,-3 | p.csv:1: '-3' is no peak",
                "2026-11-01,1e300 | p.csv:1: '1e300' is no peak",
                "2026-11-01,Infinity | p.csv:1: 'Infinity' is no peak",
                "01.11.2026,5 | p.csv:1: '01.11.2026' is no date",
                "2026-02-30,5 | p.csv:1: '2026-02-30' is no date",
                "2026-11-01 | has 1 columns",
                "2026-11-02,5~2026-11-01,5 | p.csv:2: 2026-11-01 comes after 2026-11-02",
                "2026-11-02,5~2026-11-02,5 | give each day once",
                "date,requestsPerSecond | holds no daily peak"
            })
    void aBrokenLineIsRefusedByNumberValueAndRemedy(String text, String message) {
        assertThatThrownBy(() -> PeakSeries.read("p.csv", text.replace('~', '\n')))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("p.csv");
    }
}
