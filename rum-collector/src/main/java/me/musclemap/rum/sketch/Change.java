package me.musclemap.rum.sketch;

import me.musclemap.rum.beacon.Rating;

/**
 * One value that goes into the counts, or out of them again because a later one takes its place.
 *
 * @param minute since 1970
 * @param sign 1 into, -1 out of
 * @param units how much it weighs, {@value Sketch#UNITS} to a page view
 * @param group of sessions, -1 if none is known
 * @param target the element it is attributed to, empty if none is known
 */
public record Change(long minute, CellKey key, double value, int sign, long units, int group, String target) {
    /** The same the other way. */
    public Change undone() {
        return new Change(minute, key, value, -sign, units, group, target);
    }

    /** The same under another key. */
    public Change withKey(CellKey other) {
        return new Change(minute, other, value, sign, units, group, target);
    }

    /** Whether it belongs into a comparison of releases. */
    public boolean isComparable() {
        return group >= 0 && !key.release().isEmpty();
    }

    /** Its key there. */
    public GroupKey groupKey() {
        return GroupKey.of(key, group);
    }

    /** The element. */
    public CulpritKey culpritKey() {
        return new CulpritKey(key.sender(), key.route(), key.vital(), key.navigation(), target);
    }

    /** The weight with its sign. */
    public long signedUnits() {
        return sign * units;
    }

    /** The same, if the value is poor, else zero. */
    public long signedPoorUnits() {
        return key.vital().rate(value) == Rating.POOR ? signedUnits() : 0;
    }
}
