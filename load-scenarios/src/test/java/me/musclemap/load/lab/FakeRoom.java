package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Stands in for every program that the lab starts, and speaks its protocol with a made-up system behind it. The program's
 * jar says which one it is. {@code FAKE_DIE=room:window} makes that program die when that window begins.
 */
public final class FakeRoom {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double CPU_SECONDS_PER_REQUEST = 0.005;

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private FakeRoom() {}

    /** Behaves as the room whose jar this is. */
    public static void main(String[] args) throws Exception {
        var room = String.valueOf(Path.of(System.getProperty("java.class.path")).getFileName())
                .replace(".jar", "");
        var fake = new FakeRoom();
        switch (room + " " + (args.length == 0 ? "" : args[0])) {
            case "reference-api embedded" -> fake.embedded(Arrays.asList(args));
            case "reference-api signing-key" -> Files.writeString(Path.of(args[1]), "{}");
            case "reference-api serve", "rum-collector serve" -> fake.serve(Arrays.asList(args));
            case "telemetry-agent watch" -> fake.watch(Arrays.asList(args));
            case "load-scenarios " -> fake.generate();
            case "capacity-model predict" -> predict(Arrays.asList(args));
            case "capacity-model plan" -> plan(Path.of(args[1]));
            default -> {
                if (!room.equals("alerts") && !room.equals("dashboards") && !room.equals("reports")) {
                    throw new IllegalArgumentException(room + " " + Arrays.toString(args));
                }
                render(room, Path.of(args[args.length - 1]));
            }
        }
    }

    private void embedded(List<String> args) throws IOException, InterruptedException {
        var dir = Files.createDirectories(Path.of(after(args, "--dir")));
        var children = new ArrayList<Process>();
        for (int i = 0; i < 2; i++) {
            children.add(new ProcessBuilder("sleep", "600").start());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> children.forEach(Process::destroy)));
        Files.writeString(
                dir.resolve("pids"),
                children.get(0).pid() + " " + children.get(1).pid());
        System.err.println("made the data");
        System.out.println(
                "{\"ready\":true,\"postgres\":{\"pid\":%d,\"jdbcUrl\":\"jdbc:x\",\"user\":\"u\",\"password\":\"p\",\"version\":\"17\"},\"redis\":{\"pid\":%d,\"uri\":\"redis://x\",\"version\":\"6\"},\"dataset\":{\"users\":%s,\"workouts\":%s,\"exercises\":218,\"snapshotSha256\":\"%s\"},\"snapshotBuilt\":false}"
                        .formatted(
                                children.get(0).pid(),
                                children.get(1).pid(),
                                after(args, "--users"),
                                after(args, "--workouts"),
                                "0".repeat(64)));
        untilParentEnds();
    }

    private void serve(List<String> args) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = "# TYPE fake_requests_total counter\nfake_requests_total{route=\"/\"} 1\n"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.out.println("{\"ready\":true,\"url\":\"http://127.0.0.1:"
                + server.getAddress().getPort() + "\",\"pid\":"
                + ProcessHandle.current().pid()
                + (args.contains("--cost-profile")
                        ? ",\"costProfile\":\"" + after(args, "--cost-profile") + "\"}"
                        : "}"));
        untilParentEnds();
    }

    /**
     * Reads what the made-up system is asked in a window from that window's own file, which the generator writes beside the
     * record before the window begins: windows follow each other without a gap, so one file for all would be the next one's.
     */
    private void watch(List<String> args) throws IOException {
        var out = Path.of(after(args, "--out"));
        System.out.println("{\"ready\":true}");
        long began = 0;
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var words = line.split(" ");
            if (words[0].equals("begin")) {
                began = System.currentTimeMillis();
                dieIfAsked("telemetry-agent", words[1]);
            } else if (words[0].equals("end")) {
                double seconds = (System.currentTimeMillis() - began) / 1000.0;
                var asked = out.resolveSibling(".rate-" + words[1]);
                double rate = Files.exists(asked) ? Double.parseDouble(Files.readString(asked)) : 0;
                double busy = Math.min(0.99, 0.01 + rate * CPU_SECONDS_PER_REQUEST) * seconds;
                var text =
                        "{\"schemaVersion\":1,\"window\":%s,\"startEpochMillis\":%d,\"durationSeconds\":%s,\"source\":\"proc\",\"stations\":{\"api\":{\"cpuSeconds\":%s}},\"host\":{\"cores\":1,\"busySeconds\":%s,\"stealSeconds\":0,\"byCore\":[{\"core\":0,\"busySeconds\":%s,\"stealSeconds\":0}]}}"
                                .formatted(words[1], began, seconds, busy, busy, busy);
                Files.writeString(out, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                System.out.println(text.replaceFirst("\\{", "{\"done\":true,"));
            }
        }
    }

    private void generate() throws IOException, InterruptedException {
        var start = JSON.readTree(in.readLine());
        var out = Path.of(start.path("outDir").asText());
        Files.writeString(out.resolve(".settings"), start.toString());
        if (start.hasNonNull("writesFile")) {
            Files.writeString(Path.of(start.path("writesFile").asText()), "");
        }
        System.out.println("{\"ready\":true,\"pid\":" + ProcessHandle.current().pid() + ",\"minted\":10}");
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var order = JSON.readTree(line);
            if (order.path("stop").asBoolean()) {
                Files.writeString(out.resolve("latency.hlog"), "#[made up]\n");
                try (var asked = Files.newDirectoryStream(out, ".rate-*")) {
                    for (var file : asked) {
                        Files.delete(file);
                    }
                }
                System.out.println("{\"stopped\":true}");
                return;
            }
            if (order.has("memory")) {
                System.out.println("{\"memory\":{\"heapUsedBytes\":1000000}}");
                continue;
            }
            window(order.path("window"), out, start.at("/target/api").asText());
        }
    }

    private static void window(JsonNode window, Path out, String target) throws IOException, InterruptedException {
        var index = window.path("index").asText();
        System.out.println("{\"accepted\":" + index + ",\"residents\":100000}");
        dieIfAsked("generator", index);
        double rate = window.path("headlinePerSecond").asDouble();
        double seconds = window.path("durationSeconds").asDouble();
        Files.writeString(out.resolve(".rate-" + index), Double.toString(rate));
        Thread.sleep(Math.max(0, window.path("startEpochMillis").asLong() - System.currentTimeMillis()));
        if (System.getenv("FAKE_ASKS") == null) {
            second(index, rate, true);
            Thread.sleep(Math.round(seconds * 1000));
        }
        for (double left = seconds; System.getenv("FAKE_ASKS") != null && left > 0; left--) {
            second(index, rate, answers(target));
            Thread.sleep(Math.round(Math.min(1, left) * 1000));
        }
        double served = Math.min(rate, 0.98 / CPU_SECONDS_PER_REQUEST);
        double busy = Math.min(0.999, 0.01 + rate * CPU_SECONDS_PER_REQUEST);
        var answer = JSON.createObjectNode();
        var said = answer.putObject("window");
        said.put("index", window.path("index").asInt())
                .put("role", window.path("role").asText())
                .put("mixName", window.path("mixName").asText())
                .put("startEpochMillis", window.path("startEpochMillis").asLong());
        said.put("durationSeconds", seconds).put("scheduledPerSecond", rate).put("offeredPerSecond", rate);
        said.put("servedPerSecond", served)
                .put("telemetryPerSecond", rate)
                .put("residents", 100_000)
                .put("sockets", 5);
        var completed = said.putObject("completed").put("MyStats", Math.round(served * seconds));
        if (System.getenv("FAKE_REFUSES") != null) {
            completed.put("ScrapeExercises", 100);
            said.putObject("refusals").put("ScrapeExercises: http 429", 90);
            said.putObject("regions")
                    .putObject("FAR")
                    .put("count", 9)
                    .put("mean", 0.3)
                    .put("p50", 0.3)
                    .put("p95", 0.3)
                    .put("p99", 1.4)
                    .put("max", 1.5);
        }
        said.putObject("failed");
        var latency = said.putObject("latencySeconds");
        var histogram = new Histogram(3);
        histogram.recordValue(Math.round(5000 / (1 - busy)) + 1);
        for (var kind : List.of("corrected", "service")) {
            double value = histogram.getMaxValue() / 1e6;
            latency.putObject(kind)
                    .put("count", 1)
                    .put("mean", value)
                    .put("p50", value)
                    .put("p95", value)
                    .put("p99", value)
                    .put("max", value);
        }
        said.put("slipP99Seconds", 0.001);
        said.putObject("generator")
                .put("cpuRatio", Double.parseDouble(System.getenv().getOrDefault("FAKE_GENERATOR_CPU", "0.2")))
                .put("gcSeconds", 0.001)
                .put("openFiles", 100)
                .put("mostFiles", 20_000);
        System.out.println(answer);
    }

    private static void second(String window, double rate, boolean served) {
        System.out.println(
                "{\"second\":{\"epochMillis\":0,\"window\":" + window + ",\"offered\":" + rate + ",\"served\":"
                        + (served ? rate : 0) + ",\"failed\":" + (served ? 0 : rate)
                        + ",\"p99Seconds\":0.01,\"slipP99Seconds\":0.001,\"cpuRatio\":0.2}}");
    }

    /** Whether the target is there: the one thing that this fake really asks. */
    private static boolean answers(String target) {
        var url = java.net.URI.create(target);
        try (var socket = new java.net.Socket(url.getHost(), url.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void predict(List<String> args) throws IOException {
        var sealed = Path.of(after(args, "--out"));
        Files.writeString(sealed, "{\"predictions\":[]}");
        System.out.println(
                "{\"sha256\":\"" + me.musclemap.load.record.Sha256.of(sealed) + "\",\"file\":\"" + sealed + "\"}");
    }

    private static void plan(Path run) throws IOException {
        Files.writeString(run.resolve("capacity.json"), "{}");
        System.out.println("One such core carries a made-up rate.");
    }

    private static void render(String room, Path run) throws IOException {
        var at = Files.createDirectories(run.resolve(room.equals("reports") ? "report" : room))
                .resolve("index.html");
        Files.writeString(at, "made up");
        System.out.println(at);
    }

    private static void dieIfAsked(String who, String window) {
        if ((who + ":" + window).equals(System.getenv("FAKE_DIE"))) {
            System.err.println("the fake was told to die");
            Runtime.getRuntime().halt(9);
        }
    }

    private void untilParentEnds() throws IOException {
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("refresh-views")) {
                System.out.println("{\"refreshed\":true,\"seconds\":0.001}");
            } else if (line.equals("checkpoint")) {
                System.out.println("{\"checkpointed\":true,\"seconds\":0.001}");
            } else if (line.startsWith("restart ")) {
                var again = new ProcessBuilder("sleep", "600").start();
                Runtime.getRuntime().addShutdownHook(new Thread(again::destroy));
                System.out.println("{\"restarted\":\"" + line.substring(8) + "\",\"pid\":" + again.pid() + "}");
            }
        }
        System.exit(0);
    }

    private static String after(List<String> args, String option) {
        return args.get(args.indexOf(option) + 1);
    }
}
