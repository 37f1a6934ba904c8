package me.musclemap.reports.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ThemeTest {
    private static final List<String> STATIONS = List.of("api", "postgres", "redis", "rum", "other");

    @Test
    void linesAndTextFollowThePage() {
        assertThat(Theme.adaptable("<path style='stroke: rgb(27,36,48); fill: rgb(255,255,255)'/>"))
                .isEqualTo("<path style='stroke: var(--ink); fill: var(--paper)'/>");
    }

    @Test
    void stationsKeepColoursOfTheirOwnOnADarkScreen() {
        assertThat(STATIONS.stream().map(ThemeTest::svg).map(Theme::adaptable))
                .doesNotHaveDuplicates()
                .allMatch(svg -> !svg.contains("var("));
    }

    private static String svg(String station) {
        Color color = Palette.station(station);
        return "rgb(%d,%d,%d)".formatted(color.getRed(), color.getGreen(), color.getBlue());
    }
}
