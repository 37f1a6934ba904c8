package me.musclemap.api.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import me.musclemap.api.Problem;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.dataset.DataSet;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What WebSockets cost: memory, heartbeats, events, and all of them coming back at once. */
@Command(
        name = "sockets",
        mixinStandardHelpOptions = true,
        description =
                "Memory per idle WebSocket, CPU per heartbeat and per delivered event at three populations, and a reconnect storm; plain and compressed.")
final class SocketsCommand implements Callable<Integer> {
    private static final int FILES_SPARE = 500;
    private static final int EVENTS = 20;

    private static final List<String> JVM =
            List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx1g", "-XX:ActiveProcessorCount=1", "-Duser.timezone=UTC");

    @Option(names = "--sockets", description = "How many (default: as many as the limit on open files allows).")
    private int wanted;

    @Option(
            names = "--compression",
            defaultValue = "both",
            description = "off, on or both, one after the other (default: ${DEFAULT-VALUE}).")
    private String compression = "both";

    @Option(names = "--jvm-option", description = "More options of the service's JVM.")
    private List<String> jvmOptions = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        int most = Math.min(filesMax(), 25_000) - FILES_SPARE;
        int count = wanted == 0 ? most : wanted;
        if (count < 100 || count > most) {
            throw Problem.usage(
                    "--sockets=" + wanted + ": give 100 to " + most + " (the limit on open files, ulimit -Hn)");
        }
        if (!List.of("off", "on", "both").contains(compression)) {
            throw Problem.usage("--compression=" + compression + ": say off, on or both");
        }
        try (var stack = new BenchStack(new DataSet(500, 1_000, 42));
                var telemetry = Telemetry.start(TelemetryConfig.of("bench", "0").logFrom("WARN"));
                var redis = RedisStore.open(stack.databases().redisUri(), telemetry.database("redis"))) {
            System.out.printf(
                    "%-10s %7s %10s %10s %14s %14s %10s %10s %10s%n",
                    "", "open", "heap B", "RSS B", "heartbeat us", "delivery us", "p50 ms", "p99 ms", "event B");
            if (!compression.equals("on")) {
                measure(stack, redis, count, false);
            }
            if (!compression.equals("off")) {
                measure(stack, redis, count, true);
            }
        }
        return 0;
    }

    private static int filesMax() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .mapToInt(line -> Integer.parseInt(line.split(" +", -1)[4]))
                .findFirst()
                .orElse(1_024);
    }

    private void measure(BenchStack stack, RedisStore redis, int count, boolean deflate) {
        var options = new ArrayList<>(JVM);
        options.addAll(jvmOptions);
        var arguments = new ArrayList<>(List.of("--sockets", Integer.toString(count)));
        if (deflate) {
            arguments.add("--compress-sockets");
        }
        String name = deflate ? "compressed" : "plain";
        try (Program api = stack.api(options, arguments);
                var fleet = new SocketFleet(api.url().getPort(), "/api/community/ws/public", deflate)) {
            ProcessUse.pin(api.pid(), "0");
            ProcessUse.pin(ProcessHandle.current().pid(), "1");
            // The first thousand make the JVM load and compile what sockets need; they are not counted.
            fleet.grow(1_000, Duration.ofSeconds(60));
            fleet.ping(Duration.ofSeconds(3));
            fleet.vanish();
            fleet.pump(Duration.ofSeconds(3), () -> false);
            Memory first = null;
            for (int population : new int[] {count / 10, count / 2, count}) {
                fleet.grow(population, Duration.ofMinutes(2));
                Memory now = row(name, api, redis, fleet, first);
                first = first == null ? now : first;
            }
            storm(name, api, fleet, count);
        }
    }

    /** What the service held with so many sockets open. */
    private record Memory(int open, long heapBytes, long residentBytes) {
        /** A byte figure for each socket since {@code first}: growth leaves out what the service holds without any. */
        static String each(long now, long before, int sockets) {
            return sockets == 0 ? "-" : "%.0f".formatted((now - before) / (double) sockets);
        }
    }

    private static Memory row(String name, Program api, RedisStore redis, SocketFleet fleet, @Nullable Memory before) {
        int open = fleet.open();
        fleet.pump(Duration.ofSeconds(2), () -> false);
        var memory = new Memory(open, heapAfterCollection(api), ProcessUse.residentBytes(api.pid()));
        Memory first = before == null ? memory : before;
        double idle = cpu(api, () -> fleet.pump(Duration.ofSeconds(4), () -> false)) / 4;
        long began = System.nanoTime();
        double beat = cpu(api, () -> fleet.ping(Duration.ofSeconds(6)));
        beat -= idle * (System.nanoTime() - began) / 1e9;
        String event =
                "{\"type\":\"activity\",\"data\":{\"type\":\"workout.completed\",\"message\":\"Someone finished a workout\",\"createdAt\":\"2026-01-01T00:00:00Z\"}}";
        Runnable publish = () -> redis.publish("rt:community", event, () -> {
            throw new IllegalStateException("not published");
        });
        fleet.learn(publish);
        var latencies = new ArrayList<long[]>();
        long bytes = fleet.bytes();
        long frames = fleet.frames();
        double events = cpu(api, () -> {
            for (int i = 0; i < EVENTS; i++) {
                latencies.add(fleet.event(publish));
            }
        });
        long[] all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        if (all.length == 0) {
            throw Problem.failed("no socket got an event");
        }
        System.out.printf(
                "%-10s %7d %10s %10s %14.1f %14.1f %10.1f %10.1f %10.0f%n",
                name,
                open,
                Memory.each(memory.heapBytes, first.heapBytes, open - first.open),
                Memory.each(memory.residentBytes, first.residentBytes, open - first.open),
                beat / open * 1e6,
                events / all.length * 1e6,
                all[all.length / 2] / 1e6,
                all[(int) (all.length * 0.99)] / 1e6,
                (fleet.bytes() - bytes) / (double) (fleet.frames() - frames));
        return memory;
    }

    private static void storm(String name, Program api, SocketFleet fleet, int count) {
        fleet.vanish();
        long began = System.nanoTime();
        double used = cpu(api, () -> fleet.grow(count, Duration.ofMinutes(3)));
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%-10s reconnect storm: %d of %d open after %.1f s, %d refused, %.0f us of CPU each%n",
                name, fleet.open(), count, seconds, fleet.refused(), used / Math.max(1, fleet.open()) * 1e6);
    }

    private static double cpu(Program api, Runnable work) {
        double before = ProcessUse.cpuSeconds(api.pid());
        work.run();
        return ProcessUse.cpuSeconds(api.pid()) - before;
    }

    /** Live heap: what is used right after two whole collections. */
    private static long heapAfterCollection(Program api) {
        for (int i = 0; i < 2; i++) {
            jcmd(api, "GC.run");
        }
        try {
            var request =
                    HttpRequest.newBuilder(URI.create(api.url() + "/metrics")).build();
            String metrics = HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
            return (long) metrics.lines()
                    .filter(line -> line.startsWith("jvm_memory_used_bytes{") && line.contains("area=\"heap\""))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw Problem.failed("cannot read the metrics of the service", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted");
        }
    }

    private static void jcmd(Program api, String command) {
        try {
            int code = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(api.pid()),
                            command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw Problem.failed("jcmd " + command + " ended with " + code + " (it comes with a JDK)");
            }
        } catch (IOException e) {
            throw Problem.failed("cannot run jcmd, which comes with a JDK", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted");
        }
    }
}
