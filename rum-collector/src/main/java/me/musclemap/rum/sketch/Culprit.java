package me.musclemap.rum.sketch;

/**
 * Page views whose vital was attributed to one element, in units of {@value Sketch#UNITS}. Not safe for use by many
 * threads.
 */
public final class Culprit {
    private long units;
    private long poorUnits;

    /** Adds page views. */
    public void add(long moreUnits, long morePoorUnits) {
        units += moreUnits;
        poorUnits += morePoorUnits;
    }

    /** All of them. */
    public long units() {
        return units;
    }

    /** Those whose vital was poor. */
    public long poorUnits() {
        return poorUnits;
    }
}
