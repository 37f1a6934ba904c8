package me.musclemap.load.lab;

/** A command of the lab cannot go on; the text says what and what to do, the code is the process's exit code. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private LabException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The environment failed: a dead or unreachable program, a full disk. */
    static LabException failed(String message) {
        return new LabException(1, message);
    }

    /** The person asked for something that is not there. */
    public static LabException wrongArguments(String message) {
        return new LabException(2, message);
    }

    /** What the process exits with. */
    public int exitCode() {
        return exitCode;
    }
}
