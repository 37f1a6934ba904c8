package me.musclemap.dashboards;

/** An input that a person must mend; the message names the file or key, the value and the remedy. */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With the sentence that the person reads. */
    public InputException(String message) {
        super(message);
    }

    /** With the sentence that the person reads and what led to it. */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
