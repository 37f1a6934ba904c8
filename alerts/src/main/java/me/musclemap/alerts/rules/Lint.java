package me.musclemap.alerts.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import me.musclemap.alerts.Yaml;
import me.musclemap.alerts.promql.Fact;
import me.musclemap.alerts.promql.Facts;
import me.musclemap.alerts.promql.Promql;
import me.musclemap.alerts.promql.PromqlException;
import me.musclemap.alerts.promql.Shape;

/**
 * Checks a rule file for what {@code promtool} does not look at: unknown metrics and labels, alerts that can never
 * fire, missing annotations, runbooks that are not there. Reads any Prometheus rule file. Not thread-safe.
 */
public final class Lint {
    private static final Set<String> SEVERITIES = Set.of("critical", "warning", "info", "none");
    private static final Pattern TEMPLATE_LABEL = Pattern.compile("\\$labels\\.([A-Za-z_][A-Za-z0-9_]*)");

    /** One thing that is wrong with a rule. */
    public record Problem(String rule, String what) {
        @Override
        public String toString() {
            return rule + ": " + what;
        }
    }

    private final Facts catalogue;
    private final Map<String, Fact> recorded = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private int alerts;
    private int recordings;

    /** Checks against what the catalogue gives. */
    public Lint(Facts catalogue) {
        this.catalogue = catalogue;
    }

    /** How many alerts were read so far. */
    public int alertCount() {
        return alerts;
    }

    /** How many recording rules were read so far. */
    public int recordingCount() {
        return recordings;
    }

    /** Everything that is wrong with the file; empty when all is well. */
    public List<Problem> check(Path file) {
        var names = new HashSet<String>();
        for (JsonNode group : Yaml.read(file).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                if (rule.has("record")) {
                    recording(rule);
                } else if (rule.has("alert")) {
                    alert(rule, file);
                    if (!names.add(rule.path("alert").asText())) {
                        problem(rule, "the name is used twice");
                    }
                } else {
                    problems.add(
                            new Problem("group " + group.path("name").asText(), "a rule is neither record nor alert"));
                }
            }
        }
        if (alerts + recordings == 0) {
            problems.add(new Problem(String.valueOf(file.getFileName()), "holds no rules"));
        }
        return List.copyOf(problems);
    }

    private void recording(JsonNode rule) {
        recordings++;
        shape(rule).ifPresent(shape -> {
            var labels = new TreeSet<>(shape.labels());
            rule.path("labels").fieldNames().forEachRemaining(labels::add);
            var fact = new Fact(Fact.Kind.GAUGE, labels, shape.anyLabel(), shape.span(), Double.POSITIVE_INFINITY);
            recorded.merge(rule.path("record").asText(), fact, Fact::or);
        });
    }

    private void alert(JsonNode rule, Path file) {
        alerts++;
        var shape = shape(rule);
        if (shape.isPresent() && shape.get().span().isEmpty()) {
            problem(rule, "can never fire: no value that its series take passes the comparison");
        }
        if (!SEVERITIES.contains(rule.path("labels").path("severity").asText())) {
            problem(rule, "needs the label severity: critical, warning, info or none");
        }
        if (rule.path("labels").path("slo").asText().isBlank()) {
            problem(rule, "needs the label slo: what of the service is at stake");
        }
        var annotations = rule.path("annotations");
        for (String key : List.of("summary", "description", "runbook_url")) {
            if (annotations.path(key).asText().isBlank()) {
                problem(rule, "needs the annotation " + key);
            }
        }
        shape.ifPresent(known -> templateLabels(rule, annotations, known));
        runbook(rule, annotations.path("runbook_url").asText(), file);
    }

    private void templateLabels(JsonNode rule, JsonNode annotations, Shape shape) {
        for (JsonNode text : annotations) {
            var matcher = TEMPLATE_LABEL.matcher(text.asText());
            while (matcher.find()) {
                String label = matcher.group(1);
                if (!shape.anyLabel()
                        && !shape.labels().contains(label)
                        && !rule.path("labels").has(label)) {
                    problem(rule, "an annotation names the label " + label + ", which the alert does not have");
                }
            }
        }
    }

    private void runbook(JsonNode rule, String url, Path file) {
        if (!url.isBlank() && !url.contains("://") && !Files.isRegularFile(file.resolveSibling(url))) {
            problem(rule, "the runbook " + url + " is not beside the rule file");
        }
    }

    private Optional<Shape> shape(JsonNode rule) {
        var found = new ArrayList<String>();
        try {
            var shape = Promql.parse(rule.path("expr").asText())
                    .shape(name -> Optional.ofNullable(recorded.get(name)).or(() -> catalogue.of(name)), found);
            new HashSet<>(found).stream().sorted().forEach(what -> problem(rule, what));
            return Optional.of(shape);
        } catch (PromqlException e) {
            problem(rule, "not PromQL " + e.getMessage());
            return Optional.empty();
        }
    }

    private void problem(JsonNode rule, String what) {
        problems.add(
                new Problem(rule.path(rule.has("alert") ? "alert" : "record").asText(), what));
    }
}
