package me.musclemap.rum.intake;

import java.util.Locale;

/** What became of a beacon. Each has exactly one. */
public enum Outcome {
    /** At least one value is new, or changed one that was. */
    STORED,
    /** All its values were there already. */
    DUPLICATE,
    /** Nothing in it could be used. */
    REJECTED,
    /** Its values are not comparable with any other's: zeros that the library sends where it does not measure. */
    NOT_COMPARABLE,
    /** From a crawler: nothing is kept. */
    BOT,
    /** From a test: kept apart. */
    SYNTHETIC,
    /** From somebody who does not want to be measured: nothing is kept. */
    OPTED_OUT;

    /** The word in labels. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
