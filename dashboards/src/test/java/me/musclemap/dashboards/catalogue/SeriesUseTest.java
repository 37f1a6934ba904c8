package me.musclemap.dashboards.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesUseTest {
    private final Catalogue catalogue = Catalogue.shipped();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum by (station) (rate(headroom_station_cpu_seconds_total{station=~\"a|b\"}[5m] offset 1h))",
                "sum(rate(websocket_messages_total[5m])) by (direction) > bool 3e2",
                "max(label_replace(websocket_connections, \"limit\", \"x\", \"\", \"\")) by (limit)",
                "histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket[1m])))",
                "vector(3)"
            })
    void whatTheCatalogueGivesHasNoProblem(String expr) {
        assertThat(SeriesUse.problems(expr, catalogue)).isEmpty();
    }

    @Test
    void theSeriesAreFoundAndWordsOfTheLanguageAreNot() {
        assertThat(SeriesUse.series(
                        "sum(up) or 0 * rate(rum_cells[5m]) unless on (job) hikaricp_connections", catalogue))
                .containsExactly("hikaricp_connections", "rum_cells", "up");
    }

    @Test
    void anExpressionWithoutASeriesIsNamed() {
        assertThat(SeriesUse.problems("1 + 1", catalogue)).containsExactly("names no series");
    }
}
