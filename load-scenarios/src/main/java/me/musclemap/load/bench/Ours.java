package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Our generator's process, as a bench sees it: told by lines what the lab tells it. Not thread-safe. */
final class Ours implements AutoCloseable {
    private static final String MAIN = "me.musclemap.load.drive.GeneratorMain";
    /** The most users that the generator takes; they cost nothing until they are played. */
    private static final int USERS = 10_000_000;

    private static final long SEED = 7;

    private final Program program;
    private int windows;

    private Ours(Program program) {
        this.program = program;
    }

    /**
     * What it is told first. Immutable.
     *
     * @param inFlight the most requests in flight
     * @param sockets the most WebSockets open
     * @param tokens whether users in session have a token minted here, before their first request
     */
    record Settings(String url, Path workload, int inFlight, int sockets, boolean tokens, int heapMegabytes) {}

    static Ours start(Path java, int core, Settings settings, Path directory) {
        var command = Program.ours(java, MAIN, settings.heapMegabytes());
        var program = Program.start("generator", core, command, directory.resolve("generator.log"));
        return program.begun(() -> {
            program.send(first(settings, directory));
            program.next("ready");
            return new Ours(program);
        });
    }

    private static ObjectNode first(Settings settings, Path directory) {
        var first = Program.JSON.createObjectNode();
        first.putObject("target").put("api", settings.url()).putNull("rum");
        first.put("workload", settings.workload().toString()).put("seed", SEED);
        first.putObject("dataset").put("seed", SEED).put("users", USERS);
        first.put("signingKey", settings.tokens() ? key(directory).toString() : null);
        first.put("outDir", directory.toString()).put("maxInFlight", settings.inFlight());
        first.put("sockets", settings.sockets()).put("mintedTokenSeconds", 3600);
        return first.put("mintAll", settings.tokens()).put("clientAddresses", settings.tokens());
    }

    private static Path key(Path directory) {
        try {
            var key = new ECKeyGenerator(Curve.P_256).keyID("bench").generate();
            return Files.writeString(directory.resolve("key.json"), key.toJSONString());
        } catch (JOSEException | IOException e) {
            throw BenchException.failed(directory + ": no key can be made there: " + e.getMessage());
        }
    }

    long pid() {
        return program.pid();
    }

    /** Orders a window that begins when the one before it is over; returns when its users are made. */
    int order(double perSecond, double seconds) {
        return order(perSecond, seconds, -1);
    }

    /** The same with so many WebSockets. */
    int order(double perSecond, double seconds, int sockets) {
        var index = windows++;
        var line = Program.JSON.createObjectNode();
        var window = line.putObject("window")
                .put("index", index)
                .put("role", "scenario")
                .put("durationSeconds", seconds)
                .put("headlinePerSecond", perSecond);
        if (sockets >= 0) {
            window.put("sockets", sockets);
        }
        program.send(line);
        program.next("accepted");
        return index;
    }

    /** What it says of a window when that is over. */
    JsonNode report(int index) {
        while (true) {
            var window = program.next("window").path("window");
            if (window.path("index").asInt() == index) {
                return window;
            }
        }
    }

    /** What its heap holds when its garbage is gone, in bytes. */
    long heapBytes() {
        program.send(Program.JSON.createObjectNode().put("memory", true));
        return program.next("memory").at("/memory/heapUsedBytes").asLong();
    }

    @Override
    public void close() {
        program.close();
    }
}
