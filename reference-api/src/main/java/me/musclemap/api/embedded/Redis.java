package me.musclemap.api.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import me.musclemap.api.Problem;
import me.musclemap.api.embedded.Children.Child;

/**
 * One running Redis, on loopback only, that keeps nothing on disk: what it holds can be made again from PostgreSQL, but for
 * refresh tokens, whose loss costs a login.
 */
record Redis(Child child, int port) implements AutoCloseable {
    static final String VERSION = "6.2.11";

    private static final int ATTEMPTS = 3;
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);

    static Redis start(Binaries binaries, Children children, Path directory, String cpus) {
        return start(binaries, children, directory, cpus, OptionalInt.empty());
    }

    /** Starts again what was killed, on its own port and empty. */
    static Redis startAgain(Binaries binaries, Children children, Path directory, String cpus, int port) {
        return start(binaries, children, directory, cpus, OptionalInt.of(port));
    }

    private static Redis start(
            Binaries binaries, Children children, Path directory, String cpus, OptionalInt wantedPort) {
        Path log = directory.resolve("redis.log");
        for (int attempt = 1; ; attempt++) {
            int port = wantedPort.orElseGet(Ports::free);
            Child child = children.start(
                    "Redis",
                    cpus,
                    List.of(),
                    "KILL",
                    List.of(
                            binaries.redis().toString(),
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--appendonly",
                            "no",
                            "--maxmemory",
                            "512mb",
                            "--maxmemory-policy",
                            "volatile-lru",
                            "--dir",
                            directory.toString()),
                    log);
            var redis = new Redis(child, port);
            if (redis.awaitReady()) {
                return redis;
            }
            String words = child.lastWords();
            if (attempt == ATTEMPTS || !words.contains("Address already in use")) {
                throw Problem.failed("Redis did not start: " + words);
            }
        }
    }

    private boolean awaitReady() {
        long until = System.nanoTime() + START_PATIENCE.toNanos();
        while (child.alive()) {
            if (answers()) {
                return true;
            }
            if (System.nanoTime() > until) {
                child.stop("KILL", Duration.ofSeconds(5));
                throw Problem.failed(
                        "Redis did not answer within " + START_PATIENCE.toSeconds() + " s: " + child.lastWords());
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.failed("interrupted while Redis was starting");
            }
        }
        return false;
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            socket.setSoTimeout(500);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        child.stop("KILL", Duration.ofSeconds(5));
    }
}
