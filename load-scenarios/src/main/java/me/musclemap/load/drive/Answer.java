package me.musclemap.load.drive;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads from an answer's bytes the little that the generator needs, without building a tree. */
final class Answer {
    private static final byte[] ERRORS = "\"errors\"".getBytes(StandardCharsets.US_ASCII);

    private Answer() {}

    /**
     * Whether a GraphQL answer has {@code errors} at its top level. Most answers hold these bytes nowhere; only where they do is their
     * depth counted.
     */
    static boolean hasErrors(byte[] json) {
        for (var at = find(json, ERRORS, 0); at >= 0; at = find(json, ERRORS, at + 1)) {
            if (isTopLevelKey(json, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTopLevelKey(byte[] json, int end) {
        var depth = 0;
        var inText = false;
        for (var i = 0; i < end; i++) {
            var b = json[i];
            if (inText) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    inText = false;
                }
            } else if (b == '"') {
                inText = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
        }
        if (inText || depth != 1) {
            return false;
        }
        var next = end + ERRORS.length;
        while (next < json.length && json[next] <= ' ') {
            next++;
        }
        return next < json.length && json[next] == ':';
    }

    private static int find(byte[] json, byte[] wanted, int from) {
        var last = json.length - wanted.length;
        search:
        for (var i = from; i <= last; i++) {
            if (json[i] != '"' || json[i + 1] != wanted[1] || json[i + 2] != wanted[2]) {
                continue;
            }
            for (var j = 3; j < wanted.length; j++) {
                if (json[i + j] != wanted[j]) {
                    continue search;
                }
            }
            return i;
        }
        return -1;
    }

    /** The text after the first {@code "key":} that follows the first {@code "within"}; empty when there is none. */
    static Optional<String> text(byte[] json, String within, String key) {
        var text = new String(json, StandardCharsets.UTF_8);
        var start = text.indexOf('"' + within + '"');
        var at = start < 0 ? -1 : text.indexOf('"' + key + '"', start);
        var colon = at < 0 ? -1 : text.indexOf(':', at + key.length() + 2);
        var open = colon < 0 ? -1 : text.indexOf('"', colon);
        if (open < 0 || !text.substring(colon + 1, open).isBlank()) {
            return Optional.empty();
        }
        var close = text.indexOf('"', open + 1);
        return close < 0 ? Optional.empty() : Optional.of(text.substring(open + 1, close));
    }
}
