package me.musclemap.alerts.rules;

import java.time.Duration;

/** Durations as Prometheus writes them. */
public final class PromDuration {
    private PromDuration() {}

    /** Such as {@code 90s}, {@code 5m} or {@code 2h}: the largest unit that divides it. */
    public static String text(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
