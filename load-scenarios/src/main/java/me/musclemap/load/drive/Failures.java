package me.musclemap.load.drive;

import java.util.Locale;

/** Puts what went wrong with a request into few words, and tells the generator's own faults from the target's. */
final class Failures {
    static final String GENERATOR = "generator: ";

    private Failures() {}

    /** In few words why there is no answer. */
    static String transport(String message) {
        var text = message.toLowerCase(Locale.ROOT);
        if (text.contains("websocket was already crashed")) {
            return "connection closed";
        }
        if (text.startsWith(GENERATOR)) {
            return message;
        }
        if (text.contains("too many open files")) {
            return GENERATOR + "too many open files";
        }
        if (text.contains("cannot assign requested address")) {
            return GENERATOR + "no free port";
        }
        if (text.contains("timeout") || text.contains("timed out")) {
            return "timeout";
        }
        if (text.contains("refused")) {
            return "connection refused";
        }
        if (text.contains("reset") || text.contains("close") || text.contains("broken pipe")) {
            return "connection closed";
        }
        return "transport: " + (message.length() > 80 ? message.substring(0, 80) : message);
    }

    static boolean isOwn(String failure) {
        return failure.startsWith(GENERATOR);
    }
}
