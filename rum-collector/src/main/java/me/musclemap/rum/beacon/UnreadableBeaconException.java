package me.musclemap.rum.beacon;

/** A body that is not JSON. */
public final class UnreadableBeaconException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableBeaconException(String message, Throwable cause) {
        super(message, cause);
    }
}
