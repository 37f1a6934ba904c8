package me.musclemap.capacity.regression;

/** The observations do not tell the parameters of a fit apart. */
public final class NotIdentifiableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names what cannot be told and what would help. */
    public NotIdentifiableException(String message) {
        super(message);
    }

    static NotIdentifiableException of(int rows, int columns) {
        return new NotIdentifiableException(
                rows + " observations do not tell " + columns + " coefficients apart: vary the inputs, or fit fewer");
    }
}
