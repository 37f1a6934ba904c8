package me.musclemap.api.leaderboards;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How far back a simple leaderboard looks. */
public enum Window {
    /** One day. */
    DAILY(Duration.ofDays(1)),
    /** Seven days. */
    WEEKLY(Duration.ofDays(7)),
    /** Thirty days. */
    MONTHLY(Duration.ofDays(30)),
    /** A hundred years. */
    ALL_TIME(Duration.ofDays(36_500));

    private final Duration length;

    Window(Duration length) {
        this.length = length;
    }

    /** The window called {@code label}. */
    public static Optional<Window> of(String label) {
        for (Window window : values()) {
            if (window.label().equals(label)) {
                return Optional.of(window);
            }
        }
        return Optional.empty();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    Duration length() {
        return length;
    }
}
