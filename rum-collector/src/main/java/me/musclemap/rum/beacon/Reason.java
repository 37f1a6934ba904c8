package me.musclemap.rum.beacon;

import java.util.Locale;

/** Why a beacon, or one value in it, is rejected. */
public enum Reason {
    /** The body is not JSON, or is empty. */
    UNREADABLE,
    /** The body is longer than allowed. */
    TOO_LARGE,
    /** JSON in no known form. */
    UNKNOWN_FORM,
    /** A metric that nobody here knows. */
    UNKNOWN_METRIC,
    /** The value is not a number. */
    NOT_A_NUMBER,
    /** No page can have measured this value. */
    IMPOSSIBLE_VALUE,
    /** There is no id, so a repeated value could not be told from a new one. */
    NO_ID,
    /** More values than one beacon may hold. */
    TOO_MANY,
    /** The share of page views that is sent is not from 0.01 to 1. */
    BAD_SAMPLE_RATE,
    /** It says that it is a test, with a signature that is not ours. */
    BAD_SIGNATURE,
    /** The name of the release could name a person: the beacon counts under no release of its own. */
    RELEASE_NOT_KEPT,
    /** Its address has sent too many. */
    RATE_LIMITED,
    /** It could not be written to disk, and the sender was told so. */
    NOT_DURABLE;

    /** The word in labels. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
