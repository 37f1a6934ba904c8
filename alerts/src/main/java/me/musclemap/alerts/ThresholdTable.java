package me.musclemap.alerts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.musclemap.alerts.rules.Alert;
import me.musclemap.alerts.rules.PromDuration;
import me.musclemap.alerts.rules.RuleBook;

/** The thresholds of a rule book, for people and for programs. */
final class ThresholdTable {
    private static final List<String> HEAD = List.of("ALERT", "SEVERITY", "FIRES WHEN", "FOR", "FROM");

    /** Longer reasons are in the runbooks. */
    private static final int LONGEST_SOURCE = 80;

    private final RuleBook book;

    ThresholdTable(RuleBook book) {
        this.book = book;
    }

    /** Aligned columns; an alert with two conditions has two lines. */
    String text() {
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        book.alerts().forEach(alert -> {
            String name = alert.name();
            for (var limit : alert.limits()) {
                rows.add(row(alert, name, limit));
                name = "";
            }
        });
        int columns = HEAD.size();
        var widths = new int[columns];
        for (var row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        var text = new StringBuilder(book.origin()).append("\n\n");
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i));
                line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        book.omitted()
                .forEach(omitted -> text.append("left out: ")
                        .append(omitted.alert())
                        .append(", because ")
                        .append(omitted.why())
                        .append('\n'));
        return text.toString();
    }

    private static List<String> row(Alert alert, String name, Alert.Limit limit) {
        boolean first = !name.isEmpty();
        return List.of(
                name,
                first ? alert.severity().name().toLowerCase(Locale.ROOT) : "",
                (first ? "" : "and ") + limit.quantity() + " " + limit.fires(),
                first ? PromDuration.text(alert.holdFor()) : "",
                shortened(limit.source()));
    }

    private static String shortened(String source) {
        return source.length() <= LONGEST_SOURCE ? source : source.substring(0, LONGEST_SOURCE - 1) + "…";
    }

    /** One JSON object on one line. */
    String json(Path directory) {
        var root = JsonNodeFactory.instance.objectNode();
        root.put("origin", book.origin()).put("directory", directory.toString());
        var alerts = root.putArray("alerts");
        book.alerts().forEach(alert -> {
            var node = alerts.addObject();
            node.put("name", alert.name()).put("severity", alert.severity().label());
            node.put("forSeconds", alert.holdFor().toSeconds());
            var limits = node.putArray("limits");
            alert.limits()
                    .forEach(limit -> limits.addObject()
                            .put("quantity", limit.quantity())
                            .put("fires", limit.fires())
                            .put("source", limit.source()));
        });
        return root + "\n";
    }
}
