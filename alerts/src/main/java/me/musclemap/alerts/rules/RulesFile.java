package me.musclemap.alerts.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import me.musclemap.alerts.Yaml;

/** A rule book as the file that Prometheus reads. */
public final class RulesFile {
    private final String runbookBase;

    /** Runbook links begin with {@code runbookBase}: a URL, or a path relative to the rule file. */
    public RulesFile(String runbookBase) {
        this.runbookBase = runbookBase.replaceAll("/+$", "");
    }

    /** The text of the file. */
    public String text(RuleBook book) {
        var root = Yaml.mapping();
        var groups = root.putArray("groups");
        book.groups().forEach(group -> groups.add(group(group)));
        var comment = new StringBuilder(book.origin());
        comment.append("\nRendered by 'headroom alerts render'; change the model, not this file.");
        book.omitted()
                .forEach(omitted -> comment.append("\nLeft out: ")
                        .append(omitted.alert())
                        .append(", because ")
                        .append(omitted.why()));
        return Yaml.text(comment.toString(), root);
    }

    private JsonNode group(Group group) {
        var node = Yaml.mapping();
        node.put("name", group.name());
        node.put("interval", PromDuration.text(group.interval()));
        var rules = node.putArray("rules");
        group.recordings().forEach(recording -> add(rules, recording));
        group.alerts().forEach(alert -> add(rules, alert));
        return node;
    }

    private static void add(ArrayNode rules, Recording recording) {
        var node = rules.addObject();
        node.put("record", recording.name());
        node.put("expr", block(recording.expr()));
        if (!recording.labels().isEmpty()) {
            var labels = node.putObject("labels");
            recording.labels().forEach(labels::put);
        }
    }

    private void add(ArrayNode rules, Alert alert) {
        var node = rules.addObject();
        node.put("alert", alert.name());
        node.put("expr", block(alert.expr()));
        put(node, "for", alert.holdFor());
        put(node, "keep_firing_for", alert.keepFiringFor());
        node.putObject("labels").put("severity", alert.severity().label()).put("slo", alert.objective());
        node.putObject("annotations")
                .put("summary", alert.summary())
                .put("description", alert.description())
                .put("runbook_url", runbookBase + "/" + alert.name() + ".md");
    }

    /** An expression with quotes reads best as a block, which a line break at the end makes it. */
    private static String block(String expr) {
        return expr.contains("\"") ? expr + "\n" : expr;
    }

    private static void put(ObjectNode node, String key, Duration duration) {
        if (!duration.isZero()) {
            node.put(key, PromDuration.text(duration));
        }
    }
}
