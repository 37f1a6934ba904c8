package me.musclemap.load.drive;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.merge.MergeCommand;
import me.musclemap.load.merge.ShardCommand;
import me.musclemap.load.merge.ShardException;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.RunRecords;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.Window;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Four generator processes on this machine against the same schedule in one piece. */
class ShardsTest {
    private static final int SHARDS = 4;

    /** Ends its threads with the test; an executor closes itself only from Java 19 on. */
    private static final class Pool implements AutoCloseable {
        private final ExecutorService executor = Executors.newFixedThreadPool(SHARDS + 1);

        @Override
        public void close() {
            executor.shutdownNow();
        }
    }

    @TempDir
    private Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** One arrival without its clock: who, which session, which draw, which request, after which pause. */
    private record Arrival(String draw, long pauseNanos, long dueNanos) {}

    @Test
    void fourShardsTogetherAreTheRunInOnePieceArrivalByArrivalAndDrawByDraw() throws Exception {
        var key = new ECKeyGenerator(Curve.P_256).keyID("test").generate();
        Files.writeString(dir.resolve("key.json"), key.toJSONString());
        driveAll();
        var whole = arrivals("whole");
        var union = new TreeMap<String, List<Arrival>>();
        for (int i = 0; i < SHARDS; i++) {
            var part = arrivals("part" + i);
            assertThat(part.size()).isBetween(whole.size() / 8, whole.size() / 2);
            part.forEach((resident, own) -> assertThat(union.put(resident, own))
                    .as("resident " + resident + " is played by one shard only")
                    .isNull());
        }
        assertSame(whole, union);
        assertSameSockets();
        assertMerged();
    }

    /** Each socket belongs to one shard, and its visits are as long there as in the whole. */
    private void assertSameSockets() throws IOException {
        var whole = sockets("whole");
        var union = new TreeMap<Long, List<String>>();
        for (int i = 0; i < SHARDS; i++) {
            var part = sockets("part" + i);
            assertThat(part).as("sockets of shard " + i).isNotEmpty();
            part.forEach((socket, visits) ->
                    assertThat(union.put(socket, visits)).as("socket " + socket).isNull());
        }
        assertThat(whole).hasSizeGreaterThan(50);
        assertThat(union.keySet()).isEqualTo(whole.keySet());
        whole.forEach((socket, visits) -> {
            var same = union.getOrDefault(socket, List.of());
            int both = Math.min(visits.size(), same.size());
            assertThat(same.subList(0, both)).isEqualTo(visits.subList(0, both));
        });
    }

    /** Number of the socket to how long each of its visits was drawn. */
    private TreeMap<Long, List<String>> sockets(String run) throws IOException {
        var sockets = new TreeMap<Long, List<String>>();
        for (var line : Files.readAllLines(dir.resolve(run).resolve("sockets.txt"))) {
            var words = line.split(" ", -1);
            var visits = sockets.computeIfAbsent(Long.parseLong(words[0]), socket -> new ArrayList<>());
            assertThat(Integer.parseInt(words[1])).isEqualTo(visits.size());
            visits.add(words[2]);
        }
        return sockets;
    }

    /** A busy machine takes its time to start five Java processes: whoever comes too late for the common instant is given more. */
    private void driveAll() throws Exception {
        for (int leadSeconds = 20; ; leadSeconds *= 3) {
            var start = System.currentTimeMillis() + leadSeconds * 1000L;
            var codes = new ArrayList<Integer>();
            try (var target = new FakeTarget(0, false);
                    var threads = new Pool()) {
                var commands = new ArrayList<Callable<Integer>>();
                commands.add(() -> shard("0/1", "whole", target.url(), start));
                for (int i = 0; i < SHARDS; i++) {
                    var which = i + "/" + SHARDS;
                    var name = "part" + i;
                    commands.add(() -> shard(which, name, target.url(), start));
                }
                for (var done : threads.executor.invokeAll(commands)) {
                    codes.add(done.get());
                }
            }
            // What a busy machine makes of the schedule's punctuality (exit code 4) is not the question here.
            if (codes.stream().allMatch(code -> code == 0 || code == 4)) {
                return;
            }
            var said = err.toString(StandardCharsets.UTF_8);
            assertThat(said).contains("ms before the generator was ready; give the shards more time before the start");
            assertThat(leadSeconds).as(said).isLessThan(180);
            forget("whole");
            for (int i = 0; i < SHARDS; i++) {
                forget("part" + i);
            }
        }
    }

    private void forget(String run) throws IOException {
        if (Files.exists(dir.resolve(run))) {
            Files.move(dir.resolve(run), Files.createTempDirectory(dir, "late").resolve(run));
        }
    }

    /** Each resident's arrivals are the same as far as both runs got; a slower answer lets its user get less far before the end. */
    private static void assertSame(Map<String, List<Arrival>> whole, Map<String, List<Arrival>> union) {
        // Who is due without any answer before it is due in both, however slow the machine: nobody is left out, nobody
        // is new.
        assertThat(dueByThemselves(union)).isEqualTo(dueByThemselves(whole));
        int compared = 0;
        for (var resident : whole.entrySet()) {
            var left = resident.getValue();
            var right = union.getOrDefault(resident.getKey(), List.of());
            int both = Math.min(left.size(), right.size());
            compared += both;
            for (int i = 0; i < both; i++) {
                assertThat(right.get(i).draw()).isEqualTo(left.get(i).draw());
                assertThat(right.get(i).pauseNanos()).isEqualTo(left.get(i).pauseNanos());
            }
        }
        assertThat(compared).isGreaterThan(400);
    }

    /** Resident to the moment of the first arrival, for all who come before the last half second. */
    private static Map<String, Long> dueByThemselves(Map<String, List<Arrival>> arrivals) {
        var first = new TreeMap<String, Long>();
        arrivals.forEach((resident, own) -> {
            if (own.get(0).dueNanos() < 7_500_000_000L) {
                first.put(resident, own.get(0).dueNanos());
            }
        });
        return first;
    }

    private Map<String, List<Arrival>> arrivals(String run) throws IOException {
        var byResident = new TreeMap<String, List<Arrival>>();
        for (var line : Files.readAllLines(dir.resolve(run).resolve("arrivals.txt"))) {
            var words = line.split(" ", -1);
            assertThat(words).hasSize(9);
            byResident
                    .computeIfAbsent(words[0], resident -> new ArrayList<>())
                    .add(new Arrival(
                            String.join(" ", List.of(words).subList(1, 7)),
                            Long.parseLong(words[7]),
                            Long.parseLong(words[8])));
        }
        return byResident;
    }

    private void assertMerged() throws IOException {
        var parts = Stream.iterate(0, i -> i + 1)
                .limit(SHARDS)
                .map(i -> dir.resolve("part" + i))
                .toList();
        assertThat(merge(parts, "merged")).isIn(0, 4);
        var record = RunRecords.read(dir.resolve("merged"));
        assertThat(record.windows()).hasSize(2);
        for (var window : record.windows()) {
            assertThat(window.completedCount())
                    .isEqualTo(parts.stream()
                            .mapToLong(part -> RunRecords.read(part).windows().stream()
                                    .filter(own -> own.index() == window.index())
                                    .mapToLong(Window::completedCount)
                                    .sum())
                            .sum());
        }
        assertThat(record.validity().checks().get(0).message()).isEqualTo("all 4 shards are there");
        assertSameBuckets(parts, dir.resolve("merged"));

        var late = anHourLater(parts.get(2));
        assertThat(merge(List.of(late, parts.get(0), parts.get(1), parts.get(3)), "late"))
                .isIn(0, 4);
        var together = RunRecords.read(dir.resolve("late"));
        assertThat(together.validity().checks())
                .anySatisfy(check -> assertThat(check.name()).isEqualTo("oneInstant"));
        for (int i = 0; i < record.windows().size(); i++) {
            assertThat(together.windows().get(i).latencySeconds())
                    .isEqualTo(record.windows().get(i).latencySeconds());
        }

        out.reset();
        assertThat(merge(List.of(parts.get(0), parts.get(1), parts.get(3)), "thinned"))
                .isEqualTo(4);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("lost: 2 of 4", "drive it alone: headroom load shard --shard 2/4 --target http://127.0.0.1:");
        assertThat(RunRecords.read(dir.resolve("thinned")).validity().verdict()).isEqualTo(Validity.Outcome.notValid);

        var killed = killed(parts.get(1));
        assertThat(merge(List.of(parts.get(0), killed, parts.get(2), parts.get(3)), "cut"))
                .isEqualTo(4);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("lost: 1 of 4");

        assertThat(merge(List.of(parts.get(0), parts.get(0)), "twice")).isEqualTo(2);
        assertThat(merge(List.of(parts.get(0), dir.resolve("whole")), "mixed")).isEqualTo(2);
        assertThat(merge(List.of(dir), "none")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("is shard 0, and so is", "is of another schedule than", "shard.json: not there");
    }

    /** The same shard, driven alone at a later instant. */
    private Path anHourLater(Path part) throws IOException {
        var late = Files.createDirectories(dir.resolve("an-hour-later"));
        Files.writeString(
                late.resolve("shard.json"),
                later(Files.readString(part.resolve("shard.json")), "(\"startEpochMillis\" *: *)([0-9]+)", 3_600_000));
        Files.writeString(
                late.resolve("latency.hlog"),
                later(Files.readString(part.resolve("latency.hlog")), "(#\\[BaseTime: )([0-9]+)", 3600));
        new Recorder(late, Changed.of(RunRecords.read(part)).files(List.of()).record());
        return late;
    }

    private static String later(String text, String time, long by) {
        assertThat(text).containsPattern(time);
        return Pattern.compile(time)
                .matcher(text)
                .replaceAll(found -> found.group(1) + (Long.parseLong(found.group(2)) + by));
    }

    /** What is left of a shard whose process was killed: a record that is partial, half a last line. */
    private Path killed(Path part) throws IOException {
        var killed = Files.createDirectories(dir.resolve("killed"));
        for (var name : List.of("shard.json", "run.json", "latency.hlog")) {
            Files.copy(part.resolve(name), killed.resolve(name));
        }
        var record = RunRecords.read(killed);
        var log = Files.readAllBytes(killed.resolve("latency.hlog"));
        Files.write(killed.resolve("latency.hlog"), java.util.Arrays.copyOf(log, log.length - 30));
        new Recorder(
                killed,
                Changed.of(record)
                        .status(RunRecord.Status.partial)
                        .files(List.of())
                        .record());
        return killed;
    }

    /** Every bucket of every tag holds as many requests as in all shards together. */
    private static void assertSameBuckets(List<Path> parts, Path merged) throws IOException {
        var sum = new TreeMap<String, Histogram>();
        for (var part : parts) {
            add(part, sum);
        }
        var whole = new TreeMap<String, Histogram>();
        add(merged, whole);
        assertThat(whole).isEqualTo(sum);
        assertThat(sum.values().stream().mapToLong(Histogram::getTotalCount).sum())
                .isGreaterThan(800);
    }

    private static void add(Path run, Map<String, Histogram> byTag) throws IOException {
        try (var reader = new HistogramLogReader(run.resolve("latency.hlog").toFile())) {
            for (var next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
                byTag.computeIfAbsent(next.getTag(), tag -> new Histogram(3)).add((Histogram) next);
            }
        }
    }

    private int shard(String which, String name, String url, long start) {
        var home = Path.of(System.getProperty("repo.root", "..")).toAbsolutePath();
        var config = new LabConfig(home, Path.of(System.getProperty("java.home")), dir, dir, dir, dir, List.of());
        return run(
                new ShardCommand(() -> config, stream(out), stream(err)),
                "--shard=" + which,
                "--target=" + url,
                "--start-at=" + start,
                "--rate=120",
                "--duration=6",
                "--warm-up=2",
                "--seed=5",
                "--users=20000",
                "--heap=160",
                "--max-in-flight=200",
                "--signing-key=" + dir.resolve("key.json"),
                "--arrivals",
                "--out=" + dir.resolve(name));
    }

    private int merge(List<Path> parts, String name) {
        var arguments = new ArrayList<>(parts.stream().map(Path::toString).toList());
        arguments.add("--out=" + dir.resolve(name));
        return run(new MergeCommand(stream(out)), arguments.toArray(String[]::new));
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setExecutionExceptionHandler((problem, line, parsed) -> {
                    if (problem instanceof ShardException shard) {
                        stream(err).println(shard.getMessage());
                        return shard.exitCode();
                    }
                    throw problem;
                })
                .execute(arguments);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
