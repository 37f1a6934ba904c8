package me.musclemap.alerts;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.capacity.RunFacts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Renders rules, routes, runbooks and rule tests from a run's capacity answer. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = "Render rules, routes, runbooks and rule tests of a run into RUN_DIR/alerts.")
final class RenderCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN_DIR", description = "directory of a run, with run.json and capacity.json")
    @SuppressWarnings("NullAway.Init")
    private Path runDirectory;

    @Option(
            names = "--runbook-base",
            paramLabel = "URL",
            defaultValue = Rendering.RUNBOOKS,
            description = "where the runbooks will be read, for the links in the alerts (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init")
    private String runbookBase;

    @Option(names = "--json", description = "print the thresholds as one JSON object")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        var capacity = CapacityAnswer.ofRun(runDirectory);
        var rendering = Rendering.of(capacity, RunFacts.ofRun(runDirectory), runbookBase);
        var directory = runDirectory.resolve("alerts");
        new OutputDirectory(directory).write(rendering.files());
        var out = spec.commandLine().getOut();
        var thresholds = new ThresholdTable(rendering.book());
        out.print(json ? thresholds.json(directory) : thresholds.text());
        if (!json) {
            long alerts = rendering.book().alerts().count();
            out.printf("%n%d alerts, %d rule tests: %s%n", alerts, alerts, directory.resolve(Rendering.RULE_FILE));
        }
        out.flush();
        return 0;
    }
}
