package me.musclemap.api.graphql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name that a document gives its first operation. */
final class OperationName {
    private static final Pattern NAMED = Pattern.compile("\\A\\s*(?:query|mutation)\\s+([A-Za-z_][A-Za-z0-9_]*)");

    private OperationName() {}

    /** Empty for an operation without a name. */
    static String of(String query) {
        Matcher matcher = NAMED.matcher(query);
        return matcher.find() ? matcher.group(1) : "";
    }
}
