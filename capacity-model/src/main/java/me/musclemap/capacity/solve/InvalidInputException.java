package me.musclemap.capacity.solve;

/** An input of a case is missing, or has a value that no answer exists for; the text begins with its key. */
final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidInputException(String key, String problem) {
        super(key + ": " + problem);
    }
}
