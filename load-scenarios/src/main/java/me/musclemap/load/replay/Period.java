package me.musclemap.load.replay;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * A stretch of production's time in windows of one length. Immutable.
 *
 * @param from in epoch seconds
 * @param windows how many whole windows lie in it
 * @param seconds the length of each
 */
record Period(long from, int windows, long seconds) {
    private static final int MOST_WINDOWS = 5000;

    static Period of(String from, String to, long seconds) {
        long start = instant("--from", from);
        long end = instant("--to", to);
        if (seconds < 5 || seconds > 86_400) {
            throw ReplayException.wrong("--window=" + seconds + ": use 5 to 86400 seconds, at least four scrapes");
        }
        long windows = (end - start) / seconds;
        if (windows < 1) {
            throw ReplayException.wrong("--to=" + to + ": not one window of " + seconds + " s after --from=" + from);
        }
        if (windows > MOST_WINDOWS) {
            throw ReplayException.wrong("--window=" + seconds + ": gives " + windows + " windows, at most "
                    + MOST_WINDOWS + " are read; take longer ones or a shorter time");
        }
        return new Period(start, (int) windows, seconds);
    }

    /** The same time in windows of at most this length. */
    static Period inWindowsUpTo(String from, String to, long mostSeconds) {
        return of(from, to, Math.max(5, Math.min(mostSeconds, instant("--to", to) - instant("--from", from))));
    }

    private static long instant(String option, String text) {
        try {
            return text.matches("\\d{9,11}")
                    ? Long.parseLong(text)
                    : Instant.parse(text).getEpochSecond();
        } catch (DateTimeParseException e) {
            throw ReplayException.wrong(
                    option + "=" + text + ": write an instant such as 2026-11-22T20:00:00Z, or epoch seconds");
        }
    }

    /** When a window ends, in epoch seconds. */
    long endOf(int window) {
        return from + (window + 1L) * seconds;
    }

    long startOf(int window) {
        return from + window * seconds;
    }

    /** Ranges are told to Prometheus by their ends. */
    java.util.List<Prometheus.Series> ask(Prometheus prometheus, String query) {
        return prometheus.range(query.replace("$window", seconds + "s"), endOf(0), endOf(windows - 1), seconds);
    }
}
