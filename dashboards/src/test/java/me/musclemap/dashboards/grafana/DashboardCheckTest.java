package me.musclemap.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import me.musclemap.dashboards.Examples;
import me.musclemap.dashboards.catalogue.Catalogue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DashboardCheckTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "websocket_connections              | websocket_count        | panel 'Open sockets': unknown metric websocket_count",
                "sum by (mountpoint)                | sum by (device)        | panel 'Disk use': no series of the expression has the label device",
                "{result=\\\"hit\\\"}               | {outcome=\\\"hit\\\"}  | cache_requests_total has no label outcome",
                "\"schemaVersion\" : 42             | \"schemaVersion\" : 36 | schemaVersion is 36, current is 42",
                "\"uid\" : \"${datasource}\"        | \"uid\" : \"mine\"     | does not ask the data source of the variable",
                "\"unit\" : \"percentunit\"         | \"unit\" : \"\"        | has no unit",
                "\"type\" : \"datasource\"          | \"type\" : \"custom\"  | there is no variable to choose the data source",
                "\"x\" : 6                          | \"x\" : 5              | lies on top of another panel",
                "\"x\" : 16                         | \"x\" : 20             | is wider than the page",
                "\"id\" : 7,                        | \"id\" : 6,            | its id 6 is used twice"
            })
    void eachFaultIsNamed(String good, String bad, String problem) throws IOException {
        String text = GrafanaJson.text(Examples.overview());
        assertThat(text).contains(good.strip());
        var broken = JsonMapper.builder().build().readTree(text.replace(good.strip(), bad.strip()));
        assertThat(new DashboardCheck(Catalogue.shipped()).check(broken))
                .anySatisfy(found -> assertThat(found).contains(problem.strip()));
    }
}
