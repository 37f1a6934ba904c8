package me.musclemap.load.bench;

/** A bench cannot go on; the text says what and what to do, the code is the process's exit code. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private BenchException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** A program died or answers no more. */
    static BenchException failed(String message) {
        return new BenchException(1, message);
    }

    /** The person asked for something that is not there. */
    static BenchException wrong(String message) {
        return new BenchException(2, message);
    }

    /** What the process exits with. */
    public int exitCode() {
        return exitCode;
    }
}
