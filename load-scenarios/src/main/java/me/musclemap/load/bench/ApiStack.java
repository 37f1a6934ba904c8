package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The API over a small data set of its own, for a bench that needs the real one. Not thread-safe. */
final class ApiStack implements AutoCloseable {
    private static final int USERS = 500;
    private static final int WORKOUTS = 1_000;

    private final Place place;
    private final Program databases;
    private final Program api;
    private final URI url;

    private ApiStack(Place place, Program databases, Program api, URI url) {
        this.place = place;
        this.databases = databases;
        this.api = api;
        this.url = url;
    }

    /** Starts it on the target's core, ready for so many WebSockets, with nobody limited. */
    static ApiStack start(Place place, int sockets) {
        var databases = Program.start(
                "databases",
                place.targetCore(),
                reference(
                        place,
                        List.of("-XX:+UseSerialGC", "-Xmx256m"),
                        "embedded",
                        "--dir",
                        place.directory().resolve("databases").toString(),
                        "--users",
                        Integer.toString(USERS),
                        "--workouts",
                        Integer.toString(WORKOUTS),
                        "--seed",
                        "42",
                        "--exit-with-parent"),
                place.directory().resolve("databases.log"));
        return databases.begun(() -> {
            var ready = databases.next("ready");
            var api = Program.start(
                    "api",
                    place.targetCore(),
                    command(place, ready, sockets),
                    place.directory().resolve("api.log"));
            return api.begun(() -> {
                var url = URI.create(api.next("ready").path("url").asText());
                return new ApiStack(place, databases, api, url);
            });
        });
    }

    private static List<String> command(Place place, JsonNode databases, int sockets) {
        var key = place.directory().resolve("api-key.json");
        try (var made = place.tool("signing-key", reference(place, List.of(), "signing-key", key.toString()))) {
            made.awaitWords();
        }
        return reference(
                place,
                List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx1g", "-XX:ActiveProcessorCount=1", "-Duser.timezone=UTC"),
                "serve",
                "--port",
                "0",
                "--jdbc-url",
                databases.at("/postgres/jdbcUrl").asText(),
                "--db-user",
                databases.at("/postgres/user").asText(),
                "--db-password",
                databases.at("/postgres/password").asText(),
                "--redis-uri",
                databases.at("/redis/uri").asText(),
                "--signing-key",
                key.toString(),
                "--refresh-views",
                "PT0S",
                "--rate-limits",
                "off",
                "--sockets",
                Integer.toString(sockets),
                "--exit-with-parent");
    }

    private static List<String> reference(Place place, List<String> options, String... arguments) {
        var jar = place.config().home().resolve("reference-api/target/reference-api.jar");
        if (!Files.isRegularFile(jar)) {
            throw BenchException.failed(jar + ": not built; start through ./headroom, which builds what is missing");
        }
        var command = new ArrayList<>(List.of(place.java().toString()));
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    String url() {
        return url.toString();
    }

    long pid() {
        return api.pid();
    }

    /** Live heap: what is used right after two whole collections. */
    long heapBytes() {
        var jcmd = place.config().javaHome().resolve("bin/jcmd");
        for (int i = 0; i < 2; i++) {
            run(jcmd, Long.toString(api.pid()), "GC.run");
        }
        try {
            var metrics = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(url.resolve("/metrics")).build(), BodyHandlers.ofString())
                    .body();
            return (long) metrics.lines()
                    .filter(line -> line.startsWith("jvm_memory_used_bytes{") && line.contains("area=\"heap\""))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw BenchException.failed("api: its metrics cannot be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted");
        }
    }

    private static void run(Path program, String... arguments) {
        try {
            var command = new ArrayList<>(List.of(program.toString()));
            command.addAll(List.of(arguments));
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw BenchException.failed(program + ": ended with exit code " + code);
            }
        } catch (IOException e) {
            throw BenchException.failed(program + ": cannot be started; it comes with a JDK");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted");
        }
    }

    @Override
    public void close() {
        api.close();
        databases.close();
    }
}
