package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The lab's side of the host agent: marks where windows begin and end, and takes what each station used between. */
final class Agent {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Child child;

    private Agent(Child child) {
        this.child = child;
    }

    /** Starts it on these stations and waits until it watches. */
    static Agent start(
            Lab lab, Programs programs, Cores cores, Map<String, Long> stations, URI api, Path out, Path log) {
        var arguments = new ArrayList<>(List.of(
                "watch",
                "--cores",
                Cores.list(cores.systemUnderTest()),
                "--out",
                out.toString(),
                "--exit-with-parent"));
        stations.forEach((name, pid) -> arguments.addAll(List.of("--station", name + "=" + pid)));
        arguments.addAll(List.of("--scrape", "api=" + api + "/metrics"));
        var command = programs.room("telemetry-agent", Programs.AGENT, arguments);
        var child = lab.start("agent", cores.pinGenerator(), command, log);
        child.awaitReady(PATIENCE);
        return new Agent(child);
    }

    long pid() {
        return child.pid();
    }

    void begin(int window) {
        child.send("begin " + window);
    }

    /** From now on the station is what descends from this process. */
    void station(String name, long pid) {
        child.send("station " + name + "=" + pid);
    }

    /** Ends the window, and says what was used in it. */
    JsonNode end(int window) {
        child.send("end " + window);
        while (true) {
            var line = child.next(PATIENCE);
            if (line.path("done").asBoolean(false) && line.path("window").asInt(-1) == window) {
                return line;
            }
        }
    }
}
