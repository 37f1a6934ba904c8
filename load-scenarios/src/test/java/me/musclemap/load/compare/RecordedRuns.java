package me.musclemap.load.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.LatencyLog;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.Window;
import org.HdrHistogram.Histogram;

/** Writes run records whose figures are known. */
final class RecordedRuns {
    private static final int REQUESTS = 1000;
    private static final int WINDOW_MILLIS = 4000;

    private final Path directory;
    private int made;

    RecordedRuns(Path directory) {
        this.directory = directory;
    }

    /** What one run is to be. */
    record Plan(
            String commit,
            long seed,
            long start,
            double millis,
            double cpuMillis,
            double rate,
            Validity.Finding finding) {
        Plan with(double otherMillis, double otherCpuMillis) {
            return new Plan(commit, seed, start, otherMillis, otherCpuMillis, rate, finding);
        }
    }

    static Plan plan(String commit, int place) {
        return new Plan(commit, 7, 1_000_000_000L + place * 60_000L, 20, 1, 100, Validity.Finding.ok);
    }

    /** Every request takes {@code millis} but for one in twenty, which takes three times that. */
    Path write(Plan plan) throws IOException {
        var id = "20261122-%06d-%04x".formatted(made, made);
        made++;
        var run = Files.createDirectories(directory.resolve(id));
        var recorder = new Recorder(run, first(id, plan));
        latencies(run, plan);
        Files.writeString(run.resolve("stations.ndjson"), """
                {"schemaVersion":1,"window":0,"stations":{"api":{"cpuSeconds":%s,"jitSeconds":0.5},"other":{"cpuSeconds":9}}}
                """.formatted(plan.cpuMillis() + 0.5));
        recorder.add(window(plan));
        recorder.complete(
                Validity.of(List.of(new Validity.Check("steal", plan.finding(), 0.1, 0.02, null, "10 % steal"))),
                plan.start() + 30_000);
        return run;
    }

    private static void latencies(Path run, Plan plan) throws IOException {
        try (var log = new LatencyLog(run.resolve("latency.hlog"), plan.start())) {
            var histogram = new Histogram(3);
            histogram.recordValueWithCount(Math.round(plan.millis() * 1e6), REQUESTS * 95 / 100);
            histogram.recordValueWithCount(Math.round(3 * plan.millis() * 1e6), REQUESTS * 5 / 100);
            log.append(
                    plan.start() + 1000, plan.start() + 2000, Map.of(LatencyLog.tag("LogSet", true, true), histogram));
            var posts = new Histogram(3);
            posts.recordValueWithCount(9_000_000_000L, 5_000);
            log.append(plan.start() + 2000, plan.start() + 3000, Map.of(LatencyLog.tag("Vitals", true, true), posts));
            log.append(
                    plan.start() + WINDOW_MILLIS + 1000,
                    plan.start() + WINDOW_MILLIS + 2000,
                    Map.of(LatencyLog.tag("LogSet", true, true), posts));
        }
    }

    private static Window window(Plan plan) {
        return new Window(
                0,
                0,
                Window.Role.SCENARIO,
                plan.start(),
                WINDOW_MILLIS / 1000.0,
                "workload",
                1,
                new Window.Size(100, 200),
                plan.rate(),
                plan.rate(),
                plan.rate(),
                5,
                50,
                0,
                Map.of("LogSet", (long) REQUESTS, "Vitals", 5000L),
                Map.of(),
                new Window.Latencies(null, null),
                null,
                new Window.GeneratorHealth(0.1, 0),
                0,
                null,
                null,
                null);
    }

    private static RunRecord first(String id, Plan plan) {
        return new RunRecord(
                RunRecord.SCHEMA_VERSION,
                id,
                RunRecord.Status.partial,
                "soak",
                plan.seed(),
                1,
                plan.start(),
                null,
                new RunRecord.Headroom("test", plan.commit()),
                "embedded",
                new RunRecord.Stack("test", "test", List.of(new RunRecord.Component("reference-api", "1"))),
                new RunRecord.Host("host", "test", 2, 1, "test"),
                List.of(new RunRecord.Jvm("api", "25", "G1", 1 << 20)),
                new RunRecord.CoreUse(List.of(0), List.of(1), false, List.of()),
                new RunRecord.WorkloadSummary("day", "abcdef0123456789", 0.02, 0.02, 0.0005, 2000, 0.1, Map.of(), null),
                new RunRecord.Dataset(100, 200, 218L, "x"),
                List.of(
                        new RunRecord.RequestClass("write", List.of("LogSet"), true),
                        new RunRecord.RequestClass("telemetry", List.of("Vitals"), false)),
                List.of(new RunRecord.Resource("cpu", 1, List.of("api", "other"))),
                List.of(),
                null,
                null,
                List.of(),
                0,
                List.of(),
                new Validity(Validity.Outcome.notValid, List.of()));
    }

    /** A record with another profile, written over the first. */
    static void changeProfile(Path run, String profile) throws IOException {
        var file = run.resolve("run.json");
        Files.writeString(file, Files.readString(file).replace("\"embedded\"", '"' + profile + '"'));
    }

    /** The record as it would be had the run been killed. */
    static void kill(Path run) {
        var record = ComparedRun.read(run).record();
        new Recorder(run, Changed.of(record).status(RunRecord.Status.partial).record());
    }
}
