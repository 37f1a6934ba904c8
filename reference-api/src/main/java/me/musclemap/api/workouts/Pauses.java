package me.musclemap.api.workouts;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import me.musclemap.api.store.Cell;
import org.jspecify.annotations.Nullable;

/** How much of a session was pause. */
final class Pauses {
    private Pauses() {}

    /** The pauses that ended, and the one that has not. */
    static Duration of(Map<String, @Nullable Object> session, Instant now) {
        Duration ended = Duration.ofSeconds(Cell.whole(session.get("totalPausedTime")));
        return session.get("pausedAt") instanceof Instant since ? ended.plus(Duration.between(since, now)) : ended;
    }
}
