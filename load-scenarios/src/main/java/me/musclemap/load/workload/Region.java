package me.musclemap.load.workload;

/**
 * Where a share of the users is, and how far that is from the servers. Immutable.
 *
 * @param share of all users, 0 to 1
 * @param roundTripSeconds what the network adds to each answer there
 * @param why what both rest on
 */
public record Region(String name, double share, double roundTripSeconds, String why) {
    /** The same in nanoseconds. */
    public long roundTripNanos() {
        return (long) (roundTripSeconds * 1e9);
    }
}
