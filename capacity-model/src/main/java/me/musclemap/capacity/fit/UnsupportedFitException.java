package me.musclemap.capacity.fit;

/** The record is well formed, but its data do not support an answer; the text says what is missing. The command ends with code 4. */
public final class UnsupportedFitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedFitException(String message) {
        super(message);
    }
}
