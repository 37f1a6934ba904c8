package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Kills one component of the embedded stack, as a crash would, and starts it again where it was. Not thread-safe. */
final class Breaker {
    /** What can fall. */
    static final List<String> COMPONENTS = List.of("postgres", "redis", "api");

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Lab lab;
    private final Child databases;
    private final List<String> pinApi;
    private final List<String> apiCommand;
    private final Path apiLog;
    private final Map<String, Long> pids = new LinkedHashMap<>();
    private Child api;

    /**
     * @param apiCommand how the API was started, with {@code --port 0}
     * @param url where it answers, and has to answer again
     */
    Breaker(
            Lab lab,
            Child databases,
            JsonNode ready,
            Child api,
            List<String> pinApi,
            List<String> apiCommand,
            URI url,
            Path apiLog) {
        this.lab = lab;
        this.databases = databases;
        this.api = api;
        this.pinApi = List.copyOf(pinApi);
        this.apiCommand = samePort(apiCommand, url.getPort());
        this.apiLog = apiLog;
        pids.put("postgres", ready.at("/postgres/pid").asLong());
        pids.put("redis", ready.at("/redis/pid").asLong());
    }

    private static List<String> samePort(List<String> command, int port) {
        var changed = new ArrayList<>(command);
        changed.set(changed.indexOf("--port") + 1, Integer.toString(port));
        return List.copyOf(changed);
    }

    /** Kills it: no goodbye, no flush. */
    void kill(String component) {
        if (component.equals("api")) {
            lab.kill(api);
            return;
        }
        var pid = pids.getOrDefault(component, -1L);
        ProcessHandle.of(pid)
                .orElseThrow(
                        () -> LabException.failed(component + ": its process " + pid + " is not there to be killed"))
                .destroyForcibly();
    }

    /** Starts it again, waits until it answers, and gives its process. */
    long restart(String component) {
        if (component.equals("api")) {
            api = lab.start("api", pinApi, apiCommand, apiLog);
            api.awaitReady(PATIENCE);
            return api.pid();
        }
        databases.send("restart " + component);
        var answer = databases.next(PATIENCE);
        if (!answer.path("restarted").asText().equals(component)) {
            throw LabException.failed("databases: answered 'restart " + component + "' with " + answer);
        }
        long pid = answer.path("pid").asLong();
        pids.put(component, pid);
        lab.note(component, pid);
        return pid;
    }
}
