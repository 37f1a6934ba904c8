package me.musclemap.reports.page;

import java.util.List;

/** A table as it is shown. */
public record Table(String caption, List<Column> columns, List<List<Cell>> rows) {
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Cell> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "table '%s': %d columns, but a row of %d cells".formatted(caption, columns.size(), row.size()));
            }
        }
    }

    /** The head of a column. */
    public record Column(String title, boolean numeric) {
        static Column text(String title) {
            return new Column(title, false);
        }

        static Column number(String title) {
            return new Column(title, true);
        }
    }

    /**
     * A cell.
     *
     * @param note a second, smaller line; empty for none
     * @param chip the kind of chip that the text stands in; empty for plain text
     */
    public record Cell(String text, String note, String chip) {
        private static final int LONGEST_LINE = 22;

        static Cell of(String text) {
            return new Cell(text, "", "");
        }

        static Cell of(String text, String note) {
            return new Cell(text, note, "");
        }

        /** How the note is broken: one this short stays on one line. */
        public String noteStyle() {
            return note.length() <= LONGEST_LINE ? "note tight" : "note";
        }

        static Cell chip(String text, String kind) {
            return new Cell(text, "", kind);
        }
    }

    /** Whether there is anything in it. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }
}
