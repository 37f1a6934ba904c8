package me.musclemap.dashboards.panels;

import java.util.List;

/**
 * Panels under one heading, placed from left to right and from top to bottom.
 *
 * @param title empty for the first screen, which has no heading
 * @param collapsed whether its panels are folded away at first
 */
public record Row(String title, boolean collapsed, List<Panel> panels) {
    /** Copies the panels. */
    public Row {
        panels = List.copyOf(panels);
    }

    static Row of(String title, Panel... panels) {
        return new Row(title, false, List.of(panels));
    }
}
