package me.musclemap.dashboards;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import me.musclemap.alerts.OutputFile;
import me.musclemap.dashboards.capacity.CapacityFacts;
import me.musclemap.dashboards.capacity.RunFacts;
import me.musclemap.dashboards.grafana.GrafanaJson;
import me.musclemap.dashboards.panels.Overview;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Renders the dashboards with the limits of a run's capacity answer. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Render the Grafana dashboards of a run into RUN_DIR/dashboards.")
final class RenderCommand implements Callable<Integer> {
    static final String FILE = "headroom-overview.json";

    @Parameters(paramLabel = "RUN_DIR", description = "directory of a run, with run.json and capacity.json")
    @SuppressWarnings("NullAway.Init")
    private Path runDirectory;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        var dashboard = Overview.of(CapacityFacts.ofRun(runDirectory), RunFacts.ofRun(runDirectory));
        var file = runDirectory.resolve("dashboards").resolve(FILE);
        OutputFile.write(file, GrafanaJson.text(dashboard));
        var out = spec.commandLine().getOut();
        out.printf(
                "%s%n%d panels: %s%n",
                dashboard.description(), dashboard.panels().count(), file);
        out.flush();
        return 0;
    }
}
