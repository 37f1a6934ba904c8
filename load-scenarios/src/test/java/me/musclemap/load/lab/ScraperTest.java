package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScraperTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up 1|up{job=\"api\"} 1 1700000000.042",
                "x_total{a=\"b\"} 2.5|x_total{job=\"api\",a=\"b\"} 2.5 1700000000.042",
                "x{a=\"b\",} NaN|x{job=\"api\",a=\"b\"} NaN 1700000000.042",
                "x{path=\"/{id}\"} 3 123456|x{job=\"api\",path=\"/{id}\"} 3 1700000000.042",
                "x{} 4|x{job=\"api\"} 4 1700000000.042",
            })
    void aSampleGetsItsJobAndItsTime(String sample, String written) {
        assertThat(Scraper.sample(sample, "api", 1_700_000_000_042L)).isEqualTo(written + "\n");
    }
}
