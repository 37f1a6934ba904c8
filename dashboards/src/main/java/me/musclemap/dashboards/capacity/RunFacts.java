package me.musclemap.dashboards.capacity;

import java.nio.file.Path;
import java.util.List;
import me.musclemap.alerts.Json;

/** What the dashboard needs of {@code run.json}: the cores that the stations share. */
public record RunFacts(List<Resource> resources) {
    /** Cores and the stations that share them. */
    public record Resource(String name, double cores, List<String> stations) {}

    /** Checks that there is a CPU to show. */
    public RunFacts {
        resources = List.copyOf(resources);
        if (resources.isEmpty()) {
            throw new IllegalArgumentException("resources=[]: a run has at least the cores of the system under test");
        }
    }

    /** The facts of a run. */
    public static RunFacts ofRun(Path runDirectory) {
        return Json.read(
                runDirectory.resolve("run.json"), RunFacts.class, "make it anew with 'headroom load run calibrate'");
    }

    /** The cores that the stations share. */
    public Resource cpu() {
        return resources.get(0);
    }
}
