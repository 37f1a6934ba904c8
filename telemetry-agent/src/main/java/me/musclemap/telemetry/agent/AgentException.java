package me.musclemap.telemetry.agent;

import org.jspecify.annotations.Nullable;

/** Something a person must act on. The message names what, its value, and the remedy. */
final class AgentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private AgentException(int exitCode, @Nullable String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Wrong arguments: exit code 2. */
    static AgentException usage(Throwable cause) {
        return new AgentException(2, cause.getMessage(), cause);
    }

    /** The environment failed: exit code 1. */
    static AgentException failed(String message, Throwable cause) {
        return new AgentException(1, message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
