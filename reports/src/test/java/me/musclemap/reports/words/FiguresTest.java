package me.musclemap.reports.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import me.musclemap.reports.record.Quantiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class FiguresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1153.4     | 1,150",
                "56789      | 56,800",
                "999.6      | 1,000",
                "417.292    | 417",
                "99.6       | 100",
                "99.4       | 99",
                "9.96       | 10",
                "5.83       | 5.8",
                "0.0203     | 0.020",
                "0.00031    | 0.00031",
                "-0.052     | −0.052",
                "0          | 0",
                "10000000   | 10,000,000"
            })
    void threeDigitsFromAHundredOnAndTwoBelow(double value, String expected) {
        assertThat(Figures.plain(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 %",
        "0.0002, 0.02 %",
        "0.00004, 0.004 %",
        "0.039, 3.9 %",
        "0.0994, 9.9 %",
        "0.0996, 10 %",
        "0.314, 31 %",
        "1.2, 120 %",
        "-0.4, −40 %"
    })
    void shares(double ratio, String expected) {
        assertThat(Figures.percent(ratio)).isEqualTo(expected.replace(" ", Figures.GAP));
    }

    @ParameterizedTest
    @CsvSource({
        "0.00064, 640 µs",
        "0.0009996, 1.0 ms",
        "0.012, 12 ms",
        "0.3456, 346 ms",
        "0.9996, 1.0 s",
        "1.234, 1.2 s",
        "119, 119 s",
        "2700, 45 min"
    })
    void times(double seconds, String expected) {
        assertThat(Figures.seconds(seconds)).isEqualTo(expected.replace(" ", Figures.GAP));
    }

    @ParameterizedTest
    @CsvSource({"999, 999 B", "10240, 10 kB", "8326000000, 8.3 GB"})
    void amountsOfMemory(double bytes, String expected) {
        assertThat(Figures.bytes(bytes)).isEqualTo(expected.replace(" ", Figures.GAP));
    }

    @Test
    void anIntervalStandsBehindItsMiddle() {
        assertThat(Figures.withRange(new Quantiles(1011, 1153, 1260))).isEqualTo("1,150 (1,010–1,260)");
    }

    @Test
    void whatIsNoNumberIsADash() {
        assertThat(Figures.plain(Double.NaN)).isEqualTo("–");
        assertThat(Figures.plain(Double.POSITIVE_INFINITY)).isEqualTo("–");
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void roundingIsOffByLessThanFivePerCentAndShowsNoExponent(double value) {
        String shown = Figures.plain(value);

        assertThat(shown).matches("[0-9,]+(\\.[0-9]+)?");
        assertThat(Double.parseDouble(shown.replace(",", ""))).isBetween(value * 0.95, value * 1.05);
    }

    static DoubleStream numbers() {
        SplittableRandom random = new SplittableRandom(42);
        return DoubleStream.generate(() -> Math.pow(10, random.nextDouble(-5, 8)))
                .limit(200);
    }
}
