package me.musclemap.load.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import me.musclemap.load.drive.WindowReport;
import me.musclemap.load.lab.HostFacts;
import me.musclemap.load.lab.RecordedWorkload;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunId;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.WholeFile;
import me.musclemap.load.record.Window;
import me.musclemap.load.validity.WindowChecks;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Workload;

/** Drives one shard of a run from the common start instant to its end, and records it as a run of its own. */
final class ShardRun {
    static final String SCENARIO = "shard";
    private static final long LATE_START_MILLIS = 150;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ShardPlan plan;
    private final Workload workload;
    private final Path directory;
    private final PrintStream err;
    private final List<Validity.Check> checks = new ArrayList<>();
    private final Map<String, Long> failures = new TreeMap<>();

    ShardRun(ShardPlan plan, Workload workload, Path directory, PrintStream err) {
        this.plan = plan;
        this.workload = workload;
        this.directory = directory;
        this.err = err;
    }

    /**
     * What only this machine knows.
     *
     * @param rum where web vitals go; the target when empty
     */
    record Here(
            Path java,
            Path workloadFile,
            Optional<String> rum,
            Optional<Path> signingKey,
            int heapMegabytes,
            int maxInFlight,
            boolean arrivals,
            RunRecord.Headroom headroom) {}

    /** @param clock what is said of this machine's clock */
    RunRecord drive(Here here, Validity.Check clock) {
        checks.add(clock);
        make();
        var recorder = new Recorder(directory, first(here));
        try (var generator =
                GeneratorChild.start(here.java(), here.heapMegabytes(), directory.resolve("generator.log"))) {
            generator.send(settings(here));
            generator.next("ready", line -> {});
            announce(generator);
            for (int index = 0; index < plan.stretches().size(); index++) {
                var said = generator.next("window", this::second).path("window");
                recorder.add(window(index, new WindowReport(said)));
            }
            generator.send(JSON.createObjectNode().put("stop", true));
            generator.next("stopped", line -> {});
        }
        check(recorder.record().windows());
        recorder.complete(Validity.of(checks), System.currentTimeMillis());
        return recorder.record();
    }

    private void make() {
        try {
            Files.createDirectories(directory);
            if (Files.exists(directory.resolve("run.json"))) {
                throw ShardException.wrong("--out=" + directory + ": a run is already there; name another directory");
            }
            WholeFile.write(directory.resolve(ShardPlan.FILE), plan.json());
        } catch (IOException e) {
            throw ShardException.failed("--out=" + directory + ": cannot be written: " + e.getMessage());
        }
    }

    private com.fasterxml.jackson.databind.node.ObjectNode settings(Here here) {
        var first = JSON.createObjectNode();
        first.putObject("target")
                .put("api", plan.target().toString())
                .put("rum", here.rum().orElse(null));
        first.put("workload", here.workloadFile().toAbsolutePath().toString()).put("seed", plan.seed());
        first.putObject("dataset").put("seed", plan.datasetSeed()).put("users", plan.users());
        first.put("signingKey", here.signingKey().map(Path::toString).orElse(null));
        first.put("outDir", directory.toString())
                .put("maxInFlight", here.maxInFlight())
                .putNull("sockets");
        first.putObject("shard")
                .put("index", plan.shard().index())
                .put("count", plan.shard().count());
        first.put("mark", plan.startEpochMillis());
        if (here.arrivals()) {
            first.put("arrivals", directory.resolve("arrivals.txt").toString());
        }
        return first;
    }

    private void announce(GeneratorChild generator) {
        for (int index = 0; index < plan.stretches().size(); index++) {
            var stretch = plan.stretches().get(index);
            var line = JSON.createObjectNode();
            line.putObject("window")
                    .put("index", index)
                    .put("role", stretch.role())
                    .put("startEpochMillis", plan.startOf(index))
                    .put("durationSeconds", stretch.seconds())
                    .put("mixName", stretch.mix())
                    .put("headlinePerSecond", stretch.perSecond());
            generator.send(line);
            generator.next("accepted", ignored -> {});
        }
        long early = plan.startEpochMillis() - System.currentTimeMillis();
        if (early < 0) {
            throw ShardException.failed("--start-at=" + plan.startEpochMillis() + ": passed " + -early
                    + " ms before the generator was ready; give the shards more time before the start");
        }
        err.println("shard " + plan.shard().index() + " of " + plan.shard().count() + " is ready, " + early
                + " ms before the start");
    }

    private void second(JsonNode line) {
        var second = line.path("second");
        if (second.isObject()) {
            err.printf(
                    Locale.ROOT,
                    "%s  offered %d  served %d  failed %d  slip p99 %.1f ms%n",
                    Instant.ofEpochMilli(second.path("epochMillis").asLong()),
                    second.path("offered").asLong(),
                    second.path("served").asLong(),
                    second.path("failed").asLong(),
                    second.path("slipP99Seconds").asDouble() * 1000);
        }
    }

    private Window window(int index, WindowReport said) {
        long late = said.startEpochMillis() - plan.startOf(index);
        if (index == 0) {
            checks.add(new Validity.Check(
                    "commonStart",
                    Math.abs(late) > LATE_START_MILLIS ? Validity.Finding.notValid : Validity.Finding.ok,
                    late / 1000.0,
                    LATE_START_MILLIS / 1000.0,
                    Validity.Cause.machine,
                    "began " + late + " ms after the common start instant"));
        }
        said.failures().forEach((reason, count) -> failures.merge(reason, count, Long::sum));
        return said.window(
                index,
                new WindowReport.Place(
                        0, 1, new Window.Size(plan.users(), 0), workload.classedOperations(), 0, null, null));
    }

    private void check(List<Window> windows) {
        var seen = new WindowChecks(windows.stream()
                .filter(window -> window.role() == Window.Role.SCENARIO)
                .toList());
        checks.add(seen.scheduleSlip(Validity.Cause.generator));
        checks.add(seen.generatorCpu());
        checks.add(seen.failedRequests(failures));
        checks.add(seen.served());
        checks.add(unusedData());
    }

    /**
     * The same seed plays the same users from the same places. Where a run before this one finished their workouts, this one asks for
     * workouts that are over, and the target rightly refuses.
     */
    private Validity.Check unusedData() {
        long over = workload.operations().values().stream()
                .filter(Operation::needsWorkout)
                .mapToLong(operation -> failures.getOrDefault(operation.name() + ": graphql NOT_FOUND", 0L))
                .sum();
        return new Validity.Check(
                "unusedData",
                over == 0 ? Validity.Finding.ok : Validity.Finding.indicative,
                (double) over,
                0.0,
                over == 0 ? null : Validity.Cause.plan,
                over == 0
                        ? "every workout that was asked for was there"
                        : String.format(
                                Locale.ROOT,
                                "%,d requests were for workouts that are over: a run with --seed %d has used this data before;"
                                        + " start the target's data anew, or use another --seed",
                                over,
                                plan.seed()));
    }

    private RunRecord first(Here here) {
        return new RunRecord(
                RunRecord.SCHEMA_VERSION,
                RunId.next(Instant.now(), new SplittableRandom()),
                RunRecord.Status.partial,
                SCENARIO,
                plan.seed(),
                1,
                System.currentTimeMillis(),
                null,
                here.headroom(),
                "target",
                new RunRecord.Stack("target", "what answers at " + plan.target(), List.of()),
                HostFacts.read(),
                List.of(),
                new RunRecord.CoreUse(List.of(), List.of(), true, List.of()),
                RecordedWorkload.summary(workload),
                new RunRecord.Dataset(plan.users(), 0, null, "unknown"),
                RecordedWorkload.classes(workload),
                List.of(),
                List.of(),
                null,
                null,
                List.of(),
                0,
                List.of(),
                new Validity(
                        Validity.Outcome.notValid,
                        List.of(new Validity.Check(
                                "complete",
                                Validity.Finding.notValid,
                                null,
                                null,
                                null,
                                "the shard has not come to its end"))));
    }
}
