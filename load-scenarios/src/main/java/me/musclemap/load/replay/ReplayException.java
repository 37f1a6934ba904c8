package me.musclemap.load.replay;

/** Production's log or telemetry cannot be used; the text names the place, the value and what to do. */
public final class ReplayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private ReplayException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static ReplayException wrong(String message) {
        return new ReplayException(2, message);
    }

    static ReplayException failed(String message) {
        return new ReplayException(1, message);
    }

    static ReplayException notValid(String message) {
        return new ReplayException(4, message);
    }

    /** Exit code of the process: 2 wrong input, 1 the server or the disk failed, 4 the data do not support an answer. */
    public int exitCode() {
        return exitCode;
    }
}
