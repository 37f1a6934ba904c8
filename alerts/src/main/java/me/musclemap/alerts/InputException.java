package me.musclemap.alerts;

/** An input that a person must mend; the message names the file or key, the value and the remedy. */
public final class InputException extends CommandException {
    private static final long serialVersionUID = 1;

    /** With the sentence that the person reads. */
    public InputException(String message) {
        super(message);
    }

    /** With the sentence that the person reads and what led to it. */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 2;
    }
}
