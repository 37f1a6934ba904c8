package me.musclemap.capacity.measure;

/** A file that a person must mend: its text names the file, the key, the value and the remedy. The command ends with code 2. */
public final class MalformedInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedInputException(String message) {
        super(message);
    }

    public MalformedInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
