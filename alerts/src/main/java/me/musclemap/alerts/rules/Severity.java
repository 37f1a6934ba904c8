package me.musclemap.alerts.rules;

import java.util.Locale;

/** Who is told. */
public enum Severity {
    /** Wakes somebody: users are hurt, or will be within the hour. */
    CRITICAL,
    /** Goes to the chat, to be looked at the same day. */
    WARNING,
    /** Goes into the daily digest. */
    INFO,
    /** Tells nobody: a signal for other rules or for the dead man's switch. */
    NONE;

    /** As it stands in the label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
