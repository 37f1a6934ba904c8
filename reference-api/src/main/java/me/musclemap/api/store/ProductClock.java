package me.musclemap.api.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The time that the data lives in. A seeded data set was "taken" at a fixed moment and goes on from there when it is
 * restored, so that "the last seven days" holds the same rows on every day that it is used on. Data without a seed lives in
 * real time.
 */
public final class ProductClock {
    private ProductClock() {}

    /** The clock of the data in {@code database}. */
    public static Clock of(Database database) {
        return database.row("clock", "select anchor, restored_at from data_set where restored_at is not null")
                .map(row -> Duration.between(instant(row.get("restored_at")), instant(row.get("anchor"))))
                .map(offset -> Clock.offset(Clock.systemUTC(), offset))
                .orElse(Clock.systemUTC());
    }

    private static Instant instant(@org.jspecify.annotations.Nullable Object value) {
        if (value instanceof Instant instant) {
            return instant;
        }
        throw new IllegalStateException("data_set holds no instant: " + value);
    }
}
