package me.musclemap.api.hostile;

import java.util.Locale;

/** What is wrong with a request. */
public enum Kind {
    /** A body that is no JSON, or JSON that nobody would write. */
    MALFORMED_JSON,
    /** Queries of many levels, cyclic fragments, fragments that double each other. */
    DEEP_QUERY,
    /** One field under many names. */
    ALIASES,
    /** Variables of a hundred kilobytes, or nested a thousand times. */
    HUGE_VARIABLES,
    /** Tokens that are forged, expired, too long, or no tokens. */
    BAD_TOKEN,
    /** A real operation in a real user's name with values that do not fit. */
    WRONG_TYPES,
    /** More or longer headers than anybody sends. */
    HEADER_FLOOD,
    /** A body that comes slowly, or not at all. */
    SLOW_BODY,
    /** Paths, methods and framing that break the protocol's rules. */
    BROKEN_HTTP,
    /** Batches and hashes that do not hold what they say. */
    BATCH,
    /** The REST side with values that do not fit. */
    REST;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
