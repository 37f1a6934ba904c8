package me.musclemap.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.musclemap.alerts.OutputFile;
import me.musclemap.dashboards.catalogue.Catalogue;
import me.musclemap.dashboards.grafana.DashboardCheck;
import me.musclemap.dashboards.grafana.GrafanaJson;
import org.junit.jupiter.api.Test;

/** The dashboard in git is what the example record renders to; {@code -Dgolden.update} writes it anew. */
class GoldenTest {
    private static final Path FILE =
            Examples.REPOSITORY.resolve("dashboards/grafana").resolve(RenderCommand.FILE);

    @Test
    void theDashboardInGitIsThatOfTheExampleRecord() throws IOException {
        String rendered = GrafanaJson.text(Examples.overview());
        if (Boolean.getBoolean("golden.update") || "".equals(System.getProperty("golden.update"))) {
            OutputFile.write(FILE, rendered);
        }
        assertThat(Files.readString(FILE)).isEqualTo(rendered);
    }

    @Test
    void theDashboardInGitNamesOnlyWhatTheCatalogueGivesAndNothingLiesOnTopOfAnother() throws IOException {
        var dashboard = JsonMapper.builder().build().readTree(Files.readString(FILE));
        var check = new DashboardCheck(Catalogue.shipped());
        assertThat(check.check(dashboard)).isEmpty();
        assertThat(check.panelCount())
                .isEqualTo((int) Examples.overview().panels().count());
    }
}
