package me.musclemap.load.drive;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import me.musclemap.load.schedule.Resident;

/**
 * A stretch of time at one rate and one mix. Immutable.
 *
 * @param startEpochMillis when it begins; 0 or past: as soon as the window before it is over
 * @param headlinePerSecond GraphQL and REST requests per second; 0: nobody is awake
 * @param sockets how many WebSockets are open; empty: what the settings say
 */
record WindowPlan(
        int index,
        String role,
        long startEpochMillis,
        double durationSeconds,
        String mixName,
        double headlinePerSecond,
        OptionalInt sockets) {
    WindowPlan {
        if (!(durationSeconds > 0) || !(durationSeconds < 1e6)) {
            throw new GeneratorException("durationSeconds=" + durationSeconds + ": write more than 0");
        }
        if (!(headlinePerSecond >= 0) || !(headlinePerSecond < 1e7)) {
            throw new GeneratorException("headlinePerSecond=" + headlinePerSecond + ": write 0 or more");
        }
    }

    static WindowPlan of(JsonNode window) {
        return new WindowPlan(
                window.path("index").asInt(-1),
                window.path("role").asText(""),
                window.path("startEpochMillis").asLong(0),
                window.path("durationSeconds").asDouble(0),
                window.path("mixName").asText("workload"),
                window.path("headlinePerSecond").asDouble(-1),
                window.hasNonNull("sockets")
                        ? OptionalInt.of(window.get("sockets").asInt())
                        : OptionalInt.empty());
    }

    /**
     * A window that can begin.
     *
     * @param awake how many residents of each journey are awake in it
     * @param fresh residents made for it
     * @param sockets how many WebSockets are open in it, those of all shards together
     */
    record Ready(WindowPlan plan, Map<String, Integer> awake, List<Resident> fresh, int sockets) {
        int residents() {
            return awake.values().stream().mapToInt(Integer::intValue).sum();
        }
    }
}
