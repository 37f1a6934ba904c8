package me.musclemap.load.bench;

/**
 * What users would see who come evenly over a while, in the middle of which a target answers nothing and then everything at once; without
 * the stall it answers at once. Of those who come in the stall, the one who comes {@code x} seconds before its end waits {@code x}
 * seconds, so waits are spread evenly from nothing to the whole stall. Seconds. Immutable.
 */
record Truth(double windowSeconds, double stallSeconds) {
    Truth {
        if (!(stallSeconds > 0) || !(windowSeconds > stallSeconds)) {
            throw new IllegalArgumentException(
                    "a stall of " + stallSeconds + " s does not lie within " + windowSeconds + " s");
        }
    }

    /** The latency that a share {@code quantile} of them stays below, 0 to 1. */
    double latency(double quantile) {
        return Math.max(0, stallSeconds - (1 - quantile) * windowSeconds);
    }

    double mean() {
        return stallSeconds * stallSeconds / 2 / windowSeconds;
    }
}
