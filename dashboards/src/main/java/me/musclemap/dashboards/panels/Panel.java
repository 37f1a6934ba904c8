package me.musclemap.dashboards.panels;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One panel.
 *
 * @param description what it shows and what to do when it looks wrong
 * @param limits where colours change; drawn as lines in a time series
 * @param names what numbers are called, for a panel that shows a state
 * @param width columns of 24
 * @param height rows of about 30 pixels
 * @param text Markdown, for a text panel
 */
public record Panel(
        Kind kind,
        String title,
        String description,
        Unit unit,
        List<Query> queries,
        List<Step> limits,
        Map<Integer, String> names,
        int width,
        int height,
        String text) {
    /** How a panel draws. */
    public enum Kind {
        /** One large number, with the last hour behind it. */
        STAT,
        /** Lines over time. */
        LINES,
        /** Areas that add up. */
        STACK,
        /** Counts by bucket over time. */
        HEATMAP,
        /** A row a label value; the queries are its columns. */
        TABLE,
        /** Words. */
        TEXT
    }

    /** Checks what every panel needs and copies the collections. */
    public Panel {
        queries = List.copyOf(queries);
        limits = List.copyOf(limits);
        names = new TreeMap<>(names);
        if (width < 1 || width > 24 || height < 1) {
            throw new IllegalArgumentException(
                    title + ": width must be 1 to 24 and height above 0, was " + width + " by " + height);
        }
        if (kind != Kind.TEXT && (queries.isEmpty() || description.isBlank())) {
            throw new IllegalArgumentException(title + ": needs a query and a description");
        }
    }

    static Panel of(Kind kind, String title, Unit unit, int width, int height, String description, Query... queries) {
        return new Panel(kind, title, description, unit, List.of(queries), List.of(), Map.of(), width, height, "");
    }

    static Panel words(String title, int width, int height, String text) {
        return new Panel(Kind.TEXT, title, "", Unit.NONE, List.of(), List.of(), Map.of(), width, height, text);
    }

    Panel with(Step... steps) {
        return new Panel(kind, title, description, unit, queries, List.of(steps), names, width, height, text);
    }

    /** Yellow from the first value, red from the second. */
    Panel above(double warning, double critical) {
        return with(
                new Step(Double.NEGATIVE_INFINITY, Step.GREEN),
                new Step(warning, Step.YELLOW),
                new Step(critical, Step.RED));
    }

    /** Red below the first value, yellow below the second. */
    Panel below(double critical, double warning) {
        return with(
                new Step(Double.NEGATIVE_INFINITY, Step.RED),
                new Step(critical, Step.YELLOW),
                new Step(warning, Step.GREEN));
    }

    Panel naming(Map<Integer, String> states) {
        return new Panel(kind, title, description, unit, queries, limits, states, width, height, text);
    }
}
