package me.musclemap.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import me.musclemap.telemetry.catalogue.Catalogue;
import me.musclemap.telemetry.http.GraphqlTelemetry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

    private final Telemetry telemetry = Telemetry.start(TelemetryConfig.of("test", "1"));

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void everythingItExposesIsInTheCatalogue() {
        exerciseAll();

        assertThat(Catalogue.shipped().check(telemetry.scrape(OPEN_METRICS).body()))
                .isEmpty();
        assertThat(Catalogue.shipped().check(telemetry.scrape(null).body())).isEmpty();
    }

    private void exerciseAll() {
        telemetry.http().start("POST", header -> null).stop("/graphql", 200, null);
        telemetry.http().start("BREW", header -> null).stop(null, 404, null);
        telemetry.http().start("GET", header -> null).stop("/health", 500, new IllegalStateException("broken"));
        telemetry.graphql(Set.of("Me")).start("Me", GraphqlTelemetry.Type.QUERY).stop(GraphqlTelemetry.Outcome.OK);
        telemetry.database("postgresql").start("workout.insert").close();
        telemetry.cache().hit("exercises");
        telemetry.cache().miss("exercises");
        telemetry.business().registered();
        System.gc();
    }
}
