package me.musclemap.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.dashboards.catalogue.Catalogue;
import me.musclemap.dashboards.catalogue.SeriesUse;
import me.musclemap.dashboards.panels.Query;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus parses every expression, and no panel is empty when its series are there. */
class PrometheusTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static String readable(Query query) {
        return query.expr().replace("$__rate_interval", "1m");
    }

    private static List<Query> queries() {
        return Examples.overview()
                .panels()
                .flatMap(panel -> panel.queries().stream())
                .toList();
    }

    @Test
    void noPanelIsEmptyOnASystemUnderLoad() throws IOException, InterruptedException {
        Examples.tool("prometheus");
        var file =
                Files.writeString(directory.resolve("metrics.om"), CatalogueSamples.openMetrics(Catalogue.shipped()));
        try (var prometheus = Prometheus.with(file, directory)) {
            var empty = new ArrayList<String>();
            for (Query query : queries()) {
                if (!query.expr().contains("ALERTS{") || query.always()) {
                    var samples = prometheus.query(readable(query), CatalogueSamples.END_EPOCH_SECONDS);
                    if (samples.isEmpty() || samples.toString().contains("\"NaN\"")) {
                        empty.add(readable(query) + " gives " + samples);
                    }
                }
            }
            assertThat(empty).isEmpty();
        }
    }

    @Test
    void panelsWhoseSeriesAreInTheExampleRecordHaveData() throws IOException, InterruptedException {
        Examples.tool("prometheus");
        var record = Examples.recordDirectory().resolve("metrics.om");
        String text = Files.readString(record);
        var names = CatalogueSamples.names(text);
        long end = text.lines()
                .filter(line -> !line.startsWith("#"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .max()
                .orElseThrow();
        try (var prometheus = Prometheus.with(record, directory)) {
            int asked = 0;
            for (Query query : queries()) {
                var series = SeriesUse.series(readable(query), Catalogue.shipped());
                if (!series.isEmpty() && names.containsAll(series)) {
                    asked++;
                    assertThat(prometheus.query(readable(query), end))
                            .as(readable(query))
                            .isNotEmpty();
                }
            }
            assertThat(asked).as("queries that the record can answer").isPositive();
        }
    }

    @Test
    void promtoolParsesEveryExpressionAndRefusesABrokenOne() throws IOException {
        var promtool = Examples.tool("promtool");
        var expressions = queries().stream().map(PrometheusTest::readable).toList();
        var good = Files.writeString(directory.resolve("good.yml"), CheckCommand.asRules(expressions));
        assertThat(promtool.run(directory, Duration.ofMinutes(1), List.of("check", "rules", good.toString()))
                        .ok())
                .isTrue();
        var bad = Files.writeString(directory.resolve("bad.yml"), CheckCommand.asRules(List.of("sum(up")));
        assertThat(promtool.run(directory, Duration.ofMinutes(1), List.of("check", "rules", bad.toString()))
                        .ok())
                .isFalse();
    }
}
