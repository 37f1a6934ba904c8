package me.musclemap.alerts;

/** What ends a command without being a bug of ours; the message is the one line that the person reads. */
public abstract sealed class CommandException extends RuntimeException
        permits InputException, OutputException, ToolException {
    private static final long serialVersionUID = 1;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }

    /** 2 for an input that a person must mend, 1 for what failed. */
    public abstract int exitCode();
}
