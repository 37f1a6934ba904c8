package me.musclemap.load.drive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.musclemap.load.workload.Placeholder;

/** A text with placeholders, cut up once and filled for each request. Immutable. */
final class Template {
    /** Gives the value of each placeholder. */
    interface Values {
        String of(Placeholder placeholder);
    }

    private final List<String> literals = new ArrayList<>();
    private final List<Placeholder> placeholders = new ArrayList<>();
    private final byte[] constant;

    Template(String text) {
        var from = 0;
        for (var open = text.indexOf("${"); open >= 0; open = text.indexOf("${", from)) {
            var close = text.indexOf('}', open);
            literals.add(text.substring(from, open));
            placeholders.add(placeholder(text.substring(open + 2, close)));
            from = close + 1;
        }
        literals.add(text.substring(from));
        constant = text.getBytes(StandardCharsets.UTF_8);
    }

    private static Placeholder placeholder(String written) {
        for (var placeholder : Placeholder.values()) {
            if (placeholder.written().equals(written)) {
                return placeholder;
            }
        }
        throw new IllegalArgumentException("unknown value ${" + written + "}".toLowerCase(Locale.ROOT));
    }

    byte[] bytes(Values values) {
        return placeholders.isEmpty() ? constant : text(values).getBytes(StandardCharsets.UTF_8);
    }

    String text(Values values) {
        if (placeholders.isEmpty()) {
            return literals.get(0);
        }
        var text = new StringBuilder(1024);
        for (var i = 0; i < placeholders.size(); i++) {
            text.append(literals.get(i)).append(values.of(placeholders.get(i)));
        }
        return text.append(literals.get(placeholders.size())).toString();
    }
}
