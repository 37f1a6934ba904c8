package me.musclemap.dashboards.grafana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import me.musclemap.dashboards.panels.Panel;
import me.musclemap.dashboards.panels.Query;
import me.musclemap.dashboards.panels.Step;
import me.musclemap.dashboards.panels.Unit;

/** One panel as Grafana's JSON, without its place. */
final class PanelJson {
    private final JsonNodeFactory json = JsonNodeFactory.instance;

    ObjectNode tree(Panel panel, int id) {
        var node = json.objectNode();
        node.put("id", id).put("title", panel.title()).put("type", type(panel.kind()));
        if (panel.kind() == Panel.Kind.TEXT) {
            node.putObject("options").put("content", panel.text()).put("mode", "markdown");
            return node;
        }
        dataSource(node);
        node.put("description", panel.description());
        node.set("fieldConfig", fieldConfig(panel));
        node.set("options", options(panel));
        node.set("targets", targets(panel));
        if (panel.kind() == Panel.Kind.TABLE) {
            node.set("transformations", columns(panel.queries()));
        }
        return node;
    }

    /** Every panel asks the Prometheus that the reader has chosen at the top of the page. */
    static void dataSource(ObjectNode node) {
        node.putObject("datasource").put("type", "prometheus").put("uid", "${datasource}");
    }

    private static String type(Panel.Kind kind) {
        return switch (kind) {
            case STAT -> "stat";
            case LINES, STACK -> "timeseries";
            case HEATMAP -> "heatmap";
            case TABLE -> "table";
            case TEXT -> "text";
        };
    }

    private ObjectNode fieldConfig(Panel panel) {
        var config = json.objectNode();
        var defaults = config.putObject("defaults");
        defaults.putObject("color").put("mode", panel.kind() == Panel.Kind.STAT ? "thresholds" : "palette-classic");
        if (panel.kind() == Panel.Kind.LINES || panel.kind() == Panel.Kind.STACK) {
            lines(defaults.putObject("custom"), panel);
        }
        if (panel.unit() == Unit.SHARE && panel.kind() != Panel.Kind.STAT) {
            defaults.put("min", lowest(panel));
        }
        names(defaults.putArray("mappings"), panel);
        thresholds(defaults.putObject("thresholds").put("mode", "absolute").putArray("steps"), panel.limits());
        defaults.put("unit", panel.unit().grafanaName());
        var overrides = config.putArray("overrides");
        for (Query query : panel.queries()) {
            if (query.unit() != Unit.NONE) {
                var override = overrides.addObject();
                override.putObject("matcher").put("id", "byName").put("options", query.legend());
                override.putArray("properties")
                        .addObject()
                        .put("id", "unit")
                        .put("value", query.unit().grafanaName());
            }
        }
        return config;
    }

    /** Shares begin at zero, but headroom may be negative. */
    private static double lowest(Panel panel) {
        return panel.queries().stream().anyMatch(query -> query.expr().startsWith("1 - max")) ? -0.2 : 0;
    }

    private static void lines(ObjectNode custom, Panel panel) {
        boolean stacked = panel.kind() == Panel.Kind.STACK;
        custom.put("drawStyle", "line")
                .put("fillOpacity", stacked ? 30 : 5)
                .put("lineWidth", 1)
                .put("showPoints", "never")
                .put("spanNulls", false);
        custom.putObject("stacking").put("group", "A").put("mode", stacked ? "normal" : "none");
        custom.putObject("thresholdsStyle").put("mode", panel.limits().isEmpty() ? "off" : "dashed");
    }

    private static void names(ArrayNode mappings, Panel panel) {
        if (panel.names().isEmpty()) {
            return;
        }
        var options = mappings.addObject().put("type", "value").putObject("options");
        panel.names()
                .forEach((value, name) -> options.putObject(String.valueOf(value))
                        .put("index", value)
                        .put("text", name));
    }

    private static void thresholds(ArrayNode steps, List<Step> limits) {
        if (limits.isEmpty()) {
            steps.addObject().put("color", "green").putNull("value");
        }
        for (Step step : limits) {
            var node = steps.addObject().put("color", step.color());
            if (Double.isInfinite(step.from())) {
                node.putNull("value");
            } else {
                // Six decimals: what is left of a subtraction in binary is not for people.
                node.put("value", Math.round(step.from() * 1e6) / 1e6);
            }
        }
    }

    private ObjectNode options(Panel panel) {
        var options = json.objectNode();
        switch (panel.kind()) {
            case STAT -> {
                boolean state = !panel.names().isEmpty();
                boolean history = panel.queries().stream().noneMatch(Query::instant);
                options.put("colorMode", state ? "background" : "value")
                        .put("graphMode", history ? "area" : "none")
                        .put("justifyMode", "auto")
                        .put("orientation", "auto")
                        .put("textMode", "auto");
                var reduce =
                        options.putObject("reduceOptions").put("fields", "").put("values", false);
                reduce.putArray("calcs").add("lastNotNull");
            }
            case LINES, STACK -> {
                var legend = options.putObject("legend");
                legend.putArray("calcs");
                legend.put("displayMode", "list").put("placement", "bottom").put("showLegend", true);
                options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
            }
            case HEATMAP -> heatmap(options, panel.unit());
            case TABLE -> {
                options.put("cellHeight", "sm").put("showHeader", true);
                options.putArray("sortBy")
                        .addObject()
                        .put("desc", true)
                        .put("displayName", panel.queries().get(0).legend());
            }
            case TEXT -> throw new IllegalStateException("a text panel has no such options");
        }
        return options;
    }

    private static void heatmap(ObjectNode options, Unit unit) {
        options.put("calculate", false).put("cellGap", 1);
        options.putObject("color")
                .put("exponent", 0.5)
                .put("fill", "dark-orange")
                .put("mode", "scheme")
                .put("reverse", false)
                .put("scale", "exponential")
                .put("scheme", "Spectral")
                .put("steps", 64);
        options.putObject("filterValues").put("le", 1e-9);
        options.putObject("legend").put("show", true);
        options.putObject("rowsFrame").put("layout", "auto");
        options.putObject("tooltip")
                .put("mode", "single")
                .put("showColorScale", false)
                .put("yHistogram", false);
        options.putObject("yAxis")
                .put("axisPlacement", "left")
                .put("reverse", false)
                .put("unit", unit.grafanaName());
    }

    private ArrayNode targets(Panel panel) {
        var targets = json.arrayNode();
        char name = 'A';
        for (Query query : panel.queries()) {
            var target = targets.addObject();
            dataSource(target);
            target.put("editorMode", "code").put("expr", query.expr());
            if (panel.kind() == Panel.Kind.TABLE) {
                target.put("format", "table");
            } else {
                target.put("format", panel.kind() == Panel.Kind.HEATMAP ? "heatmap" : "time_series");
            }
            target.put("instant", query.instant())
                    .put("legendFormat", query.legend().isEmpty() ? "__auto" : query.legend())
                    .put("range", !query.instant())
                    .put("refId", String.valueOf(name++));
        }
        return targets;
    }

    /** One line a label value, one column a query; the time of the answer is not shown. */
    private ArrayNode columns(List<Query> queries) {
        var transformations = json.arrayNode();
        transformations.addObject().put("id", "merge").putObject("options");
        var organize = transformations.addObject().put("id", "organize").putObject("options");
        var hidden = organize.putObject("excludeByName").put("Time", true);
        var renamed = organize.putObject("renameByName");
        char name = 'A';
        for (Query query : queries) {
            if (query.legend().isEmpty()) {
                hidden.put("Value", true);
            } else {
                renamed.put("Value #" + name, query.legend());
            }
            name++;
        }
        return transformations;
    }
}
