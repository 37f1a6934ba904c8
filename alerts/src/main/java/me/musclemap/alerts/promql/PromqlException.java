package me.musclemap.alerts.promql;

/** A text that is not PromQL; the message says where and what was expected. */
public final class PromqlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PromqlException(String text, int at, String expected) {
        super("at column %d of '%s': %s".formatted(at + 1, text.replace('\n', ' '), expected));
    }
}
