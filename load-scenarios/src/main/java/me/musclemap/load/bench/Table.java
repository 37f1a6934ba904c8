package me.musclemap.load.bench;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under headings, the first column to the left and the others to the right. Not thread-safe. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final int columns;

    Table(String... headings) {
        columns = headings.length;
        rows.add(List.of(headings));
    }

    void row(String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns + " columns");
        }
        rows.add(List.of(cells));
    }

    String text() {
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                var cell = row.get(column);
                var blank = " ".repeat(width(column) - cell.length());
                line.append(column == 0 ? cell + blank : "   " + blank + cell);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
