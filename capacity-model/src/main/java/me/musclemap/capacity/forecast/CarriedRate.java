package me.musclemap.capacity.forecast;

/**
 * A capacity that a series may grow into. Immutable by agreement.
 *
 * @param name what carries it, for example a phase of the plan
 * @param stack of which stack it is
 * @param label measured, scaled, assumed or estimated
 * @param draws headline requests per second, equally likely
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record CarriedRate(String name, String stack, String label, double[] draws) {
    /** Checks that there is a draw. */
    public CarriedRate {
        if (draws.length == 0) {
            throw new IllegalArgumentException(name + ": a capacity needs at least one draw");
        }
    }
}
