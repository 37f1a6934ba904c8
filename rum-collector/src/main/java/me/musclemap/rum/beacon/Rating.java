package me.musclemap.rum.beacon;

/** The three ratings of web-vitals. */
public enum Rating {
    /** At or below the lower bound. */
    GOOD,
    /** Between the bounds. */
    NEEDS_IMPROVEMENT,
    /** Above the upper bound. */
    POOR;

    /** The word in labels and answers. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
