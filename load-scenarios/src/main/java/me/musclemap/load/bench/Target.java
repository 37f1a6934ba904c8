package me.musclemap.load.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;

/** The target's process, as a bench sees it. Not thread-safe. */
final class Target implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 256;

    private final Program program;
    private final String url;

    private Target(Program program) {
        this.program = program;
        url = program.next("ready").path("url").asText();
    }

    /** @param sizes file with the sizes of its answers; empty: all are small */
    static Target start(Path java, int core, Optional<Path> sizes, Path directory) {
        var command = new ArrayList<>(Program.ours(java, TargetMain.class.getName(), HEAP_MEGABYTES));
        sizes.ifPresent(file -> command.add(file.toString()));
        var program = Program.start("target", core, command, directory.resolve("target.log"));
        return program.begun(() -> new Target(program));
    }

    String url() {
        return url;
    }

    long pid() {
        return program.pid();
    }

    /** How many requests came so far. */
    long count() {
        program.send(Program.JSON.createObjectNode().put("count", true));
        return program.next("count").path("count").asLong();
    }

    /** Lets it answer nothing for a while, from now on. */
    void stall(long millis) {
        program.send(Program.JSON.createObjectNode().put("stall", millis));
        program.next("count");
    }

    /** Waits until somebody sends something. */
    void awaitRequests(long before) {
        for (int tries = 0; count() == before; tries++) {
            if (tries > 1200) {
                throw BenchException.failed("target: no request came within a minute");
            }
            Pauses.seconds(0.05);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
