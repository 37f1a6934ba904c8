package me.musclemap.dashboards.panels;

/**
 * One expression of a panel.
 *
 * @param legend name of the line; {@code {{label}}} stands for a label's value
 * @param instant whether only the newest value is wanted
 * @param unit of this query alone, as a column of a table; {@code NONE} where the panel's holds
 * @param always whether it gives data on every system that is scraped, load or no load
 */
public record Query(String expr, String legend, boolean instant, boolean always, Unit unit) {
    static Query line(String legend, String expr) {
        return new Query(expr, legend, false, true, Unit.NONE);
    }

    static Query now(String legend, String expr) {
        return new Query(expr, legend, true, true, Unit.NONE);
    }

    static Query column(String name, Unit unit, String expr) {
        return new Query(expr, name, true, true, unit);
    }

    /** The same, of something that need not be there. */
    Query sometimes() {
        return new Query(expr, legend, instant, false, unit);
    }
}
