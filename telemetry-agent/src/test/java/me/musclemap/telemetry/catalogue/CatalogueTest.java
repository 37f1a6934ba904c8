package me.musclemap.telemetry.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final String ONE = """
            {"schemaVersion":1,"metrics":[
            {"name":"a_seconds","type":"histogram","unit":"seconds","labels":["x"],"help":"A.","seriesLimit":2,"exposedBy":["test"]},
            {"name":"b_total","type":"counter","unit":"","labels":[],"help":"B.","seriesLimit":1,"exposedBy":["test"]}]}
            """;

    private final Catalogue catalogue = Catalogue.parse(ONE);

    @Test
    void aPageThatAgreesHasNoFindings() {
        assertThat(catalogue.check("""
                        # HELP a_seconds A.
                        # TYPE a_seconds histogram
                        a_seconds_bucket{x="1",le="0.1"} 3 # {trace_id="ab"} 0.05 1.5
                        a_seconds_bucket{x="1",le="+Inf"} 4
                        a_seconds_count{x="1"} 4
                        a_seconds_sum{x="1"} 0.2
                        # TYPE b counter
                        b_total 7 1795350186.782
                        # EOF
                        """)).isEmpty();
        assertThat(catalogue.check("# TYPE b_total counter\nb_total 7\n")).isEmpty();
    }

    @Test
    void eachDepartureIsNamed() {
        assertThat(catalogue.check("""
                        # TYPE a_seconds summary
                        a_seconds_count{x="1",user="7"} 4
                        a_seconds_sum{x="1",user="7"} 0.2
                        a_seconds_count{x="2",user="8"} 4
                        a_seconds_count{x="3",user="9"} 4
                        unknown_thing{y="a\\"b,c"} 1
                        """))
                .extracting(Finding::toString)
                .containsExactly(
                        "a_seconds: is a summary, the catalogue says histogram",
                        "a_seconds: has labels [user], the catalogue has [x]",
                        "a_seconds: 3 series, the catalogue allows 2",
                        "unknown_thing: is not in the catalogue");
    }

    @Test
    void aLineInNeitherFormatIsRefused() {
        assertThatThrownBy(() -> catalogue.check("<html>")).hasMessageContaining("<html>");
        assertThatThrownBy(() -> catalogue.check("a{x=\"1} 3")).hasMessageContaining("not in the text format");
    }

    @Test
    void aMalformedCatalogueSaysWhichKey() {
        assertThatThrownBy(() -> Catalogue.parse(ONE.replace("\"help\":\"A.\",", "")))
                .hasMessage("metric a_seconds: key help is missing");
        assertThatThrownBy(() -> Catalogue.parse(ONE.replace("\"unit\":\"\"", "\"unit\":\"\",\"colour\":\"red\"")))
                .hasMessageContaining("unknown key colour");
        assertThatThrownBy(() -> Catalogue.parse(ONE.replace("b_total", "b"))).hasMessageContaining("_total");
        assertThatThrownBy(() -> Catalogue.parse("{")).hasMessageContaining("not readable as JSON");
    }

    @Test
    void everyShippedMetricHasBaseUnitsOnly() {
        assertThat(Catalogue.shipped().metrics()).allSatisfy(metric -> {
            assertThat(metric.unit()).isIn("", "seconds", "bytes", "ratio");
            assertThat(metric.name()).doesNotContain("_ms", "_milliseconds", "_percent");
            assertThat(metric.exposedBy())
                    .isSubsetOf("reference-api", "rum-collector", "telemetry-agent")
                    .isNotEmpty();
            if (!metric.unit().isEmpty()) {
                assertThat(metric.name()).contains("_" + metric.unit());
            }
        });
    }
}
