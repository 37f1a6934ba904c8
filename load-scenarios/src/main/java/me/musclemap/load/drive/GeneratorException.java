package me.musclemap.load.drive;

/** The generator cannot go on, and a person or the lab has to act. The message says on what. */
public final class GeneratorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GeneratorException(String message) {
        super(message);
    }

    GeneratorException(String message, Throwable cause) {
        super(message, cause);
    }
}
