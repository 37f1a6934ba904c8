package me.musclemap.rum.query;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import me.musclemap.rum.beacon.Rating;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.Sketch;

/** Answers as JSON. */
public final class AnswerJson {
    private static final double PERCENTILE = 0.75;

    private AnswerJson() {}

    /** The answer to a query; shares are exact, p75 is within the relative error stated. */
    public static ObjectNode of(VitalsQuery query, Map<List<String>, Cell> groups) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("metric", query.vital().label());
        root.put("unit", query.vital().unit());
        root.put("from", Instant.ofEpochMilli(query.fromMillis()).toString());
        root.put("to", Instant.ofEpochMilli(query.toMillis()).toString());
        root.put("relativeError", Sketch.RELATIVE_ERROR);
        ObjectNode only = root.putObject("only");
        for (var dimension : VitalsQuery.Dimension.values()) {
            String value = query.only().get(dimension);
            if (value != null) {
                only.put(dimension.label(), value);
            }
        }
        var total = new Cell();
        var list = root.putArray("groups");
        groups.forEach((names, cell) -> {
            total.merge(cell);
            ObjectNode group = list.addObject();
            for (int i = 0; i < names.size(); i++) {
                group.put(query.groupNames().get(i), names.get(i));
            }
            put(group, query, cell);
        });
        put(root.putObject("total"), query, total);
        return root;
    }

    private static void put(ObjectNode node, VitalsQuery query, Cell cell) {
        node.put("count", cell.count());
        if (cell.views() == 0) {
            return;
        }
        if (cell.views() != cell.count()) {
            node.put("measured", cell.views());
        }
        double p75 = cell.quantile(PERCENTILE);
        node.put("p75", Math.round(p75 * 1e4) / 1e4);
        node.put("rating", query.vital().rate(p75).label());
        node.put("good", share(cell, Rating.GOOD));
        node.put("needsImprovement", share(cell, Rating.NEEDS_IMPROVEMENT));
        node.put("poor", share(cell, Rating.POOR));
    }

    private static double share(Cell cell, Rating rating) {
        return Math.round(cell.share(rating) * 1e6) / 1e6;
    }
}
