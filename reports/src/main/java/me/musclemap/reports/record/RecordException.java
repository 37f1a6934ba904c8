package me.musclemap.reports.record;

/** A record that cannot be read; the message names the file, the value and what to do. */
public final class RecordException extends Exception {
    private static final long serialVersionUID = 1;

    public RecordException(String message) {
        super(message);
    }

    public RecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
