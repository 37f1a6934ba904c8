package me.musclemap.dashboards.panels;

import java.util.List;
import java.util.stream.Stream;

/** A dashboard: rows of panels. {@code uid} is its address in Grafana. */
public record Dashboard(String uid, String title, String description, List<Row> rows) {
    /** Copies the rows. */
    public Dashboard {
        rows = List.copyOf(rows);
    }

    /** Every panel, in the order of the page. */
    public Stream<Panel> panels() {
        return rows.stream().flatMap(row -> row.panels().stream());
    }
}
