package me.musclemap.api.store;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads values of rows, whose type the statement decides. */
public final class Cell {
    private Cell() {}

    /** A number; 0 for none. */
    public static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0;
    }

    /** A whole number, rounded; 0 for none. */
    public static int whole(@Nullable Object value) {
        return (int) Math.round(number(value));
    }

    /** A text; empty for none. */
    public static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }

    /** The texts of a list; none for no list. */
    public static List<String> texts(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** The maps of a list; none for no list. */
    @SuppressWarnings("unchecked") // rows and JSON objects have text keys
    public static List<Map<String, @Nullable Object>> maps(@Nullable Object value) {
        return value instanceof List<?> list ? (List<Map<String, @Nullable Object>>) list : List.of();
    }
}
