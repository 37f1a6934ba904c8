package me.musclemap.rum.intake;

/**
 * What the sender is told.
 *
 * @param status 204 when the beacon is on disk or is not to be kept, 400 and 413 for a body that cannot be read, 429 for
 *     an address that sends too many, 503 when it could not be kept and may be sent again
 * @param problem empty for 204
 */
public record Answer(int status, String problem) {
    static final Answer DONE = new Answer(204, "");
}
