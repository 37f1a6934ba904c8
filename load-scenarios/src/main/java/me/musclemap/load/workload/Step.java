package me.musclemap.load.workload;

import java.util.List;
import java.util.Map;

/**
 * What happens at one moment of a session, and the pause after it. Immutable.
 *
 * @param path the page on the screen
 * @param requests operations sent in parallel at the step's due time; the pause starts when the last is answered
 * @param telemetry posts that leave at the same time and that nobody waits for, with how many of each
 * @param polls operations sent again and again during the pause, with their period in seconds
 * @param socket whether a WebSocket is open during the pause
 */
public record Step(
        String path,
        List<Operation> requests,
        Map<Operation, Integer> telemetry,
        Map<Operation, Double> polls,
        boolean socket,
        ThinkTime think) {
    public Step {
        requests = List.copyOf(requests);
    }
}
