package me.musclemap.dashboards.grafana;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import me.musclemap.dashboards.panels.Dashboard;
import me.musclemap.dashboards.panels.Panel;
import me.musclemap.dashboards.panels.Row;

/**
 * A dashboard as the JSON that Grafana imports. Not thread-safe; one instance writes one dashboard.
 *
 * <p>Source: the type {@code Dashboard} of the npm package {@code @grafana/schema} 13.2.3.
 */
public final class GrafanaJson {
    /** The form of dashboard that {@code @grafana/schema} 13.2.3 gives as current. */
    static final int SCHEMA_VERSION = 42;

    /** Columns of Grafana's grid. */
    static final int COLUMNS = 24;

    private final JsonNodeFactory json = JsonNodeFactory.instance;
    private final PanelJson panels = new PanelJson();
    private int nextId = 1;
    private int top;

    private GrafanaJson() {}

    /** The text of the file; the same dashboard always gives the same bytes. */
    public static String text(Dashboard dashboard) {
        var printer = new DefaultPrettyPrinter();
        var indenter = new DefaultIndenter("  ", "\n");
        printer.indentArraysWith(indenter);
        printer.indentObjectsWith(indenter);
        try {
            return JsonMapper.builder().build().writer(printer).writeValueAsString(new GrafanaJson().tree(dashboard))
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a dashboard that cannot be written", e);
        }
    }

    private ObjectNode tree(Dashboard dashboard) {
        var root = json.objectNode();
        annotations(root.putObject("annotations").putArray("list"));
        root.put("description", dashboard.description());
        root.put("editable", true).put("fiscalYearStartMonth", 0).put("graphTooltip", 1);
        root.putNull("id");
        root.putArray("links");
        var list = root.putArray("panels");
        dashboard.rows().forEach(row -> add(list, row));
        root.put("refresh", "10s").put("schemaVersion", SCHEMA_VERSION);
        root.putArray("tags").add("headroom");
        root.putObject("templating").putArray("list").add(dataSourceVariable());
        root.putObject("time").put("from", "now-1h").put("to", "now");
        root.putObject("timepicker");
        return root.put("timezone", "browser")
                .put("title", dashboard.title())
                .put("uid", dashboard.uid())
                .put("version", 1);
    }

    private void annotations(ArrayNode list) {
        annotation(
                list,
                "API restarted",
                "blue",
                "changes(process_start_time_seconds{job=\"api\"}[$__rate_interval]) > 0");
        annotation(
                list,
                "Load test",
                "purple",
                "sum(rate(headroom_station_cpu_seconds_total{station=\"generator\"}[$__rate_interval])) > 0.02");
        annotation(list, "Firing", "red", "sum by (alertname) (ALERTS{alertstate=\"firing\",severity=\"critical\"})");
    }

    private static void annotation(ArrayNode list, String name, String color, String expr) {
        var annotation = list.addObject();
        PanelJson.dataSource(annotation);
        annotation
                .put("enable", true)
                .put("hide", false)
                .put("iconColor", color)
                .put("name", name)
                .put("expr", expr)
                .put("titleFormat", name + " {{alertname}}");
    }

    private ObjectNode dataSourceVariable() {
        var variable = json.objectNode();
        variable.putObject("current").put("text", "").put("value", "");
        return variable.put("hide", 0)
                .put("includeAll", false)
                .put("label", "Prometheus")
                .put("multi", false)
                .put("name", "datasource")
                .put("query", "prometheus")
                .put("refresh", 1)
                .put("regex", "")
                .put("skipUrlSync", false)
                .put("type", "datasource");
    }

    private void add(ArrayNode list, Row row) {
        var into = list;
        int below = top;
        if (!row.title().isEmpty()) {
            var heading = list.addObject();
            heading.put("collapsed", row.collapsed());
            position(heading, 0, top, COLUMNS, 1);
            heading.put("id", nextId++);
            var folded = heading.putArray("panels");
            heading.put("title", row.title()).put("type", "row");
            top++;
            below = top;
            if (row.collapsed()) {
                into = folded;
            }
        }
        place(into, row);
        if (row.collapsed()) {
            top = below;
        }
    }

    private void place(ArrayNode into, Row row) {
        int left = 0;
        int height = 0;
        for (Panel panel : row.panels()) {
            if (left + panel.width() > COLUMNS) {
                top += height;
                left = 0;
                height = 0;
            }
            var node = panels.tree(panel, nextId++);
            position(node, left, top, panel.width(), panel.height());
            into.add(node);
            left += panel.width();
            height = Math.max(height, panel.height());
        }
        top += height;
    }

    private static void position(ObjectNode node, int x, int y, int width, int height) {
        node.putObject("gridPos").put("h", height).put("w", width).put("x", x).put("y", y);
    }
}
