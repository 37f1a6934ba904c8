package me.musclemap.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.musclemap.alerts.InputException;
import me.musclemap.alerts.Json;
import me.musclemap.alerts.tools.Tool;
import me.musclemap.dashboards.catalogue.Catalogue;
import me.musclemap.dashboards.grafana.DashboardCheck;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks dashboards: our own rules first, then that Prometheus can read every expression. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Check a Grafana dashboard against the metric catalogue, and its expressions with promtool.")
final class CheckCommand implements Callable<Integer> {
    private static final int OBJECTIVE_MISSED = 3;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "a dashboard, or a run that has one (default: the dashboard in git)")
    private @Nullable Path given;

    @Option(names = "--promtool", paramLabel = "PATH", description = "promtool's file (default: from PATH)")
    private @Nullable Path promtool;

    @Option(
            names = "--catalogue",
            paramLabel = "FILE",
            description = "metric catalogue (default: the one this program was built with)")
    private @Nullable Path catalogueFile;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final Map<String, String> environment;

    CheckCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var check = new DashboardCheck(catalogueFile == null ? Catalogue.shipped() : Catalogue.read(catalogueFile));
        var problems =
                check.check(Json.read(file(), JsonNode.class, "render it with 'headroom dashboards render RUN'"));
        out.printf(
                "%-34s %s (%d panels, %d expressions)%n",
                "names, labels, units, places",
                problems.isEmpty() ? "ok" : problems.size() + " problem(s)",
                check.panelCount(),
                check.expressions().size());
        problems.forEach(problem -> out.println("  " + problem));
        boolean parses = promtool(check.expressions(), out);
        out.flush();
        return problems.isEmpty() && parses ? 0 : OBJECTIVE_MISSED;
    }

    private Path file() {
        var place = given;
        if (place == null) {
            String home = environment.get("HEADROOM_HOME");
            if (home == null) {
                throw new InputException("HEADROOM_HOME is not set: name the dashboard to check");
            }
            return Path.of(home, "dashboards", "grafana", RenderCommand.FILE);
        }
        return Files.isDirectory(place) ? place.resolve("dashboards").resolve(RenderCommand.FILE) : place;
    }

    private boolean promtool(List<String> expressions, PrintWriter out) {
        var tool = Tool.find("promtool", promtool, environment.getOrDefault("PATH", ""));
        if (tool.isEmpty()) {
            out.println("promtool                           not on PATH: the expressions were not parsed");
            return true;
        }
        try {
            var rules = Files.createTempFile("dashboard", ".yml");
            try {
                Files.writeString(rules, asRules(expressions));
                var outcome = tool.get()
                        .run(
                                rules.resolveSibling(""),
                                Duration.ofMinutes(1),
                                List.of("check", "rules", rules.toString()));
                outcome.print("promtool parses the expressions", out);
                return outcome.ok();
            } finally {
                Files.delete(rules);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary file cannot be written", e);
        }
    }

    /** promtool reads rules, not expressions: each becomes one. */
    static String asRules(List<String> expressions) {
        var text = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
        int number = 0;
        for (String expr : expressions) {
            text.append("  - record: panel:expression:").append(number++).append("\n    expr: |-\n");
            expr.lines().forEach(line -> text.append("      ").append(line).append('\n'));
        }
        return text.toString();
    }
}
