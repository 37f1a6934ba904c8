package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScraperTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up 1|up{job=\"api\"} 1",
                "x_total{a=\"b\"} 2.5|x_total{job=\"api\",a=\"b\"} 2.5",
                "x{a=\"b\",} NaN|x{job=\"api\",a=\"b\"} NaN",
                "x{path=\"/{id}\"} 3 123456|x{job=\"api\",path=\"/{id}\"} 3",
                "x{} 4|x{job=\"api\"} 4",
            })
    void aSampleGetsItsJobAndLosesItsTime(String sample, String written) {
        assertThat(Scraper.Sample.of(sample, "api"))
                .hasToString("Sample[series=%s, value=%s]".formatted((Object[]) written.split(" ")));
    }
}
