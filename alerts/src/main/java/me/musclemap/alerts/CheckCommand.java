package me.musclemap.alerts;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.musclemap.alerts.catalogue.Catalogue;
import me.musclemap.alerts.rules.Lint;
import me.musclemap.alerts.tools.Tool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks rendered alerts: our own rules first, then the programs of Prometheus where they are installed. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Check rendered alerts against the metric catalogue, and with promtool and amtool.")
final class CheckCommand implements Callable<Integer> {
    private static final int OBJECTIVE_MISSED = 3;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "a run, a directory of rendered alerts, or a rule file (default: the alerts in git)")
    private @Nullable Path given;

    @Option(names = "--promtool", paramLabel = "PATH", description = "promtool's file (default: from PATH)")
    private @Nullable Path promtool;

    @Option(names = "--amtool", paramLabel = "PATH", description = "amtool's file (default: from PATH)")
    private @Nullable Path amtool;

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
        var rules = ruleFile();
        var catalogue = catalogueFile == null ? Catalogue.shipped() : Catalogue.read(catalogueFile);
        boolean fine = lint(rules, catalogue, out);
        fine &= promtool(rules, out);
        fine &= amtool(rules.resolveSibling(Rendering.ROUTE_FILE), out);
        out.flush();
        return fine ? 0 : OBJECTIVE_MISSED;
    }

    private Path ruleFile() {
        var place = given;
        if (place == null) {
            String home = environment.get("HEADROOM_HOME");
            if (home == null) {
                throw new InputException("HEADROOM_HOME is not set: name the directory to check");
            }
            place = Path.of(home, "alerts", "rules");
        }
        if (Files.isRegularFile(place)) {
            return place.toAbsolutePath();
        }
        for (var candidate : List.of(
                place.resolve(Rendering.RULE_FILE), place.resolve("alerts").resolve(Rendering.RULE_FILE))) {
            if (Files.isRegularFile(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        throw new InputException(
                place + ": holds no " + Rendering.RULE_FILE + "; render it with 'headroom alerts render RUN'");
    }

    private static boolean lint(Path rules, Catalogue catalogue, PrintWriter out) {
        var lint = new Lint(catalogue);
        var problems = lint.check(rules);
        out.printf(
                "%-34s %s (%d alerts, %d recordings)%n",
                "names, labels, limits, runbooks",
                problems.isEmpty() ? "ok" : problems.size() + " problem(s)",
                lint.alertCount(),
                lint.recordingCount());
        problems.forEach(problem -> out.println("  " + problem));
        return problems.isEmpty();
    }

    private boolean promtool(Path rules, PrintWriter out) {
        var tool = tool("promtool", promtool);
        if (tool.isEmpty()) {
            out.println("promtool                           not on PATH: rules and rule tests were not run");
            return true;
        }
        String name = rules.getFileName().toString();
        boolean fine = run(
                tool.get(),
                rules,
                out,
                "promtool check rules",
                List.of("check", "rules", "--lint=all", "--lint-fatal", name));
        var tests = tests(rules);
        if (tests.isEmpty()) {
            out.println("promtool test rules                no tests beside the rule file");
            return fine;
        }
        var arguments =
                Stream.concat(Stream.of("test", "rules"), tests.stream()).toList();
        fine &= run(tool.get(), rules, out, "promtool test rules (" + tests.size() + " files)", arguments);
        return fine;
    }

    private static List<String> tests(Path rules) {
        var directory = rules.resolveSibling(Rendering.TESTS);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> Rendering.TESTS + "/" + file.getFileName())
                    .filter(file -> file.endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot be listed", e);
        }
    }

    private boolean amtool(Path routes, PrintWriter out) {
        if (!Files.isRegularFile(routes)) {
            out.println("amtool                             no " + Rendering.ROUTE_FILE + " beside the rule file");
            return true;
        }
        var tool = tool("amtool", amtool);
        if (tool.isEmpty()) {
            out.println("amtool                             not on PATH: the routes were not checked");
            return true;
        }
        return run(
                tool.get(),
                routes,
                out,
                "amtool check-config",
                List.of("check-config", routes.getFileName().toString()));
    }

    private Optional<Tool> tool(String name, @Nullable Path named) {
        return Tool.find(name, named, environment.getOrDefault("PATH", ""));
    }

    private static boolean run(Tool tool, Path file, PrintWriter out, String what, List<String> arguments) {
        var outcome = tool.run(file.resolveSibling(""), LIMIT, arguments);
        outcome.print(what, out);
        return outcome.ok();
    }
}
