package me.musclemap.load.compare;

/** What a person has to correct before runs can be compared; the text names the value and what to do. */
public final class CompareException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean failed;

    CompareException(String message) {
        this(message, false);
    }

    private CompareException(String message, boolean failed) {
        super(message);
        this.failed = failed;
    }

    static CompareException failed(String message) {
        return new CompareException(message, true);
    }

    /** Exit code of the process: 2 for wrong input, 1 when the disk or a program failed. */
    public int exitCode() {
        return failed ? 1 : 2;
    }
}
