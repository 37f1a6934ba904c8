package me.musclemap.rum.intake;

import java.util.Locale;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.sketch.Vitals;
import me.musclemap.rum.spool.KeptBeacon;

/** What became of a beacon. Each has exactly one, once it is where it is stored. */
public enum Outcome {
    /** At least one value is new, or changed one that was. */
    STORED,
    /** All its values were there already. */
    DUPLICATE,
    /** Nothing in it could be used. */
    REJECTED,
    /** Its values are not comparable with any other's: zeros that the library sends where it does not measure. */
    NOT_COMPARABLE,
    /** Left out by lot, because only a share is kept; those kept weigh more. */
    SAMPLED_OUT,
    /** From a crawler: nothing is kept. */
    BOT,
    /** From a test: kept apart. */
    SYNTHETIC,
    /** From somebody who does not want to be measured: nothing is kept. */
    OPTED_OUT;

    /** The outcome of a beacon whose values were counted. */
    public static Outcome of(KeptBeacon beacon, Vitals.Applied applied) {
        if (beacon.sender() == Sender.SYNTHETIC) {
            return SYNTHETIC;
        }
        if (applied.stored() + applied.updated() > 0) {
            return STORED;
        }
        return applied.duplicates() > 0 ? DUPLICATE : REJECTED;
    }

    /** The word in labels. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
