package me.musclemap.alerts.capacity;

import java.nio.file.Path;
import java.util.List;
import me.musclemap.alerts.Json;

/**
 * What the rules need of {@code run.json}.
 *
 * @param classes operation families
 * @param resources what the stations share
 */
public record RunFacts(String id, List<RequestClass> classes, List<Resource> resources) {
    /** Operations that cost about the same; headline is false for telemetry posts. */
    public record RequestClass(String name, List<String> operations, boolean headline) {}

    /** Cores and the stations that share them. */
    public record Resource(String name, double cores, List<String> stations) {}

    /** Checks that there is a CPU to watch. */
    public RunFacts {
        classes = List.copyOf(classes);
        resources = List.copyOf(resources);
        if (resources.isEmpty()) {
            throw new IllegalArgumentException("resources=[]: a run has at least the cores of the system under test");
        }
    }

    /** The facts of a run. */
    public static RunFacts ofRun(Path runDirectory) {
        var file = runDirectory.resolve("run.json");
        return Json.read(file, RunFacts.class, "make it anew with 'headroom load run calibrate'");
    }

    /** The cores that the stations share: the first resource. */
    public Resource cpu() {
        return resources.get(0);
    }
}
