package me.musclemap.dashboards.grafana;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import me.musclemap.dashboards.catalogue.Catalogue;
import me.musclemap.dashboards.catalogue.SeriesUse;

/** Checks a dashboard in Grafana's JSON: unknown metrics and labels, panels on top of each other, missing words. */
public final class DashboardCheck {
    private final Catalogue catalogue;
    private final List<String> problems = new ArrayList<>();
    private final List<String> expressions = new ArrayList<>();
    private final Set<Integer> ids = new HashSet<>();
    private int panelCount;

    /** Checks against what the catalogue gives. */
    public DashboardCheck(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** How many panels were read. */
    public int panelCount() {
        return panelCount;
    }

    /** Every expression that was read, with a window in the place of Grafana's variable. */
    public List<String> expressions() {
        return List.copyOf(expressions);
    }

    /** Everything that is wrong with the dashboard; empty when all is well. */
    public List<String> check(JsonNode dashboard) {
        if (dashboard.path("schemaVersion").asInt() != GrafanaJson.SCHEMA_VERSION) {
            problems.add("schemaVersion is " + dashboard.path("schemaVersion").asText() + ", current is "
                    + GrafanaJson.SCHEMA_VERSION);
        }
        boolean chosen = StreamSupport.stream(
                        dashboard.path("templating").path("list").spliterator(), false)
                .anyMatch(variable -> variable.path("type").asText().equals("datasource"));
        if (!chosen) {
            problems.add("there is no variable to choose the data source");
        }
        panels(dashboard.path("panels"));
        dashboard
                .path("annotations")
                .path("list")
                .forEach(annotation ->
                        expr(annotation, "annotation " + annotation.path("name").asText()));
        if (panelCount == 0) {
            problems.add("there are no panels");
        }
        return List.copyOf(problems);
    }

    private void panels(JsonNode panels) {
        var taken = new ArrayList<JsonNode>();
        for (JsonNode panel : panels) {
            String title = "panel '" + panel.path("title").asText() + "'";
            place(panel, title, taken);
            if (!ids.add(panel.path("id").asInt())) {
                problems.add(title + ": its id " + panel.path("id").asInt() + " is used twice");
            }
            if (panel.path("type").asText().equals("row")) {
                panels(panel.path("panels"));
            } else {
                panelCount++;
                content(panel, title);
            }
        }
    }

    private void content(JsonNode panel, String title) {
        if (panel.path("type").asText().equals("text")) {
            return;
        }
        if (panel.path("description").asText().isBlank()) {
            problems.add(title + ": has no description of what it shows and what to do");
        }
        if (panel.path("fieldConfig").path("defaults").path("unit").asText().isBlank()) {
            problems.add(title + ": has no unit");
        }
        if (panel.path("targets").isEmpty()) {
            problems.add(title + ": asks nothing");
        }
        panel.path("targets").forEach(target -> expr(target, title));
    }

    private void expr(JsonNode target, String title) {
        if (!target.path("datasource").path("uid").asText().equals("${datasource}")) {
            problems.add(title + ": does not ask the data source of the variable");
        }
        String expr = target.path("expr").asText().replace("$__rate_interval", "1m");
        expressions.add(expr);
        SeriesUse.problems(expr, catalogue).forEach(problem -> problems.add(title + ": " + problem));
    }

    private void place(JsonNode panel, String title, List<JsonNode> taken) {
        var place = panel.path("gridPos");
        if (place.path("x").asInt() < 0
                || place.path("x").asInt() + place.path("w").asInt() > GrafanaJson.COLUMNS) {
            problems.add(title + ": is wider than the page");
        }
        for (JsonNode other : taken) {
            if (meet(place, other, "x", "w") && meet(place, other, "y", "h")) {
                problems.add(title + ": lies on top of another panel at " + place);
            }
        }
        taken.add(place);
    }

    private static boolean meet(JsonNode a, JsonNode b, String from, String size) {
        return a.path(from).asInt() < b.path(from).asInt() + b.path(size).asInt()
                && b.path(from).asInt() < a.path(from).asInt() + a.path(size).asInt();
    }
}
