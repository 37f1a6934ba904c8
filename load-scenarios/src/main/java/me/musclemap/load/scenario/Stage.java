package me.musclemap.load.scenario;

/**
 * A stretch of a scenario at one rate. Immutable.
 *
 * @param name what it is for, one word
 * @param perSecond headline requests per second
 */
public record Stage(String name, double perSecond, double seconds) {
    public Stage {
        if (!(perSecond >= 0) || !(seconds > 0)) {
            throw new IllegalArgumentException(name + ": " + perSecond + "/s for " + seconds + " s");
        }
    }
}
