package me.musclemap.load.record;

/** A run record that cannot be read or written; the text names the file, the value and what to do. */
public final class RecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean malformed;

    private RecordException(String message, boolean malformed, Throwable cause) {
        super(message, cause);
        this.malformed = malformed;
    }

    static RecordException malformed(String message, Throwable cause) {
        return new RecordException(message, true, cause);
    }

    static RecordException unwritable(String message, Throwable cause) {
        return new RecordException(message, false, cause);
    }

    /** Whether the record itself is at fault (exit code 2), not the disk (exit code 1). */
    public boolean isMalformed() {
        return malformed;
    }
}
