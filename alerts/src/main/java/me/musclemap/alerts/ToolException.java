package me.musclemap.alerts;

/** A program of others that could not be run to its end; the message names it, the reason and the remedy. */
public final class ToolException extends CommandException {
    private static final long serialVersionUID = 1;

    /** With the sentence that the person reads. */
    public ToolException(String message) {
        super(message);
    }

    /** With the sentence that the person reads and what led to it. */
    public ToolException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 1;
    }
}
