package me.musclemap.load.merge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import me.musclemap.load.record.LatencyLog;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunId;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.RunRecords;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.Window;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.jspecify.annotations.Nullable;

/**
 * Shards put together to the run they are parts of: counts add up, and so do histograms, bucket by bucket, without loss. A shard that is
 * missing or did not come to its end is named with the command that drives it alone.
 */
final class Merge {
    private static final double NANOS = 1e9;

    private final List<Part> parts;
    private final ShardPlan plan;
    private final List<Integer> lost = new ArrayList<>();

    private record Part(Path directory, ShardPlan plan, RunRecord record) {}

    private Merge(List<Part> parts) {
        this.parts = parts;
        plan = parts.get(0).plan();
    }

    /** Reads shards that belong together. */
    static Merge of(List<Path> directories) {
        var parts = new ArrayList<Part>();
        for (var directory : directories) {
            parts.add(new Part(directory, ShardPlan.read(directory), RunRecords.read(directory)));
        }
        var merge = new Merge(parts);
        var seen = new TreeMap<Integer, Path>();
        for (var part : parts) {
            if (!part.plan().scheduleSha256().equals(merge.plan.scheduleSha256())) {
                throw ShardException.wrong(part.directory() + ": is of another schedule than "
                        + parts.get(0).directory()
                        + ": merge shards with the same seed, rates, workload and number of shards");
            }
            var other = seen.put(part.plan().shard().index(), part.directory());
            if (other != null) {
                throw ShardException.wrong(part.directory() + ": is shard "
                        + part.plan().shard().index() + ", and so is " + other + ": name one of them");
            }
        }
        merge.findLost(seen.keySet());
        return merge;
    }

    private void findLost(Set<Integer> there) {
        for (int index = 0; index < plan.shard().count(); index++) {
            if (!there.contains(index)) {
                lost.add(index);
            }
        }
        parts.stream()
                .filter(part -> part.record().status() != RunRecord.Status.complete)
                .forEach(part -> lost.add(part.plan().shard().index()));
    }

    /** Shards that are not there, or did not come to their end. */
    List<Integer> lost() {
        return lost.stream().sorted().toList();
    }

    /** Writes the whole run into this directory, which must not have one yet. */
    RunRecord write(Path directory) {
        if (Files.exists(directory.resolve("run.json"))) {
            throw ShardException.wrong("--out=" + directory + ": a run is already there; name another directory");
        }
        var seconds = new TreeMap<Long, Map<String, Histogram>>();
        parts.forEach(part -> read(part, plan.startEpochMillis() - part.plan().startEpochMillis(), seconds));
        try {
            Files.createDirectories(directory);
            try (var log = new LatencyLog(
                    directory.resolve("latency.hlog"),
                    seconds.isEmpty() ? plan.startEpochMillis() : seconds.firstKey())) {
                for (var second : seconds.entrySet()) {
                    log.append(second.getKey(), second.getKey() + 1000, second.getValue());
                }
            }
        } catch (IOException e) {
            throw ShardException.failed("--out=" + directory + ": cannot be written: " + e.getMessage());
        }
        var first = parts.get(0).record();
        var recorder = new Recorder(directory, whole(first));
        for (int index = 0; index < plan.stretches().size(); index++) {
            window(index, seconds, first).ifPresent(recorder::add);
        }
        recorder.complete(
                Validity.of(checks()),
                parts.stream().mapToLong(part -> ended(part.record())).max().orElse(0));
        return recorder.record();
    }

    private static long ended(RunRecord record) {
        var ended = record.endedEpochMillis();
        return ended == null ? record.startedEpochMillis() : ended;
    }

    /**
     * Adds a shard's histograms to those of the second in whose middle theirs lies. One that was driven alone at an instant of its own is
     * put where the schedule has it: its windows are the same ones.
     */
    private static void read(Part part, long laterMillis, TreeMap<Long, Map<String, Histogram>> seconds) {
        var file = part.directory().resolve("latency.hlog");
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (var reader = new HistogramLogReader(file.toFile())) {
            for (var next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
                long middle = (next.getStartTimeStamp() + next.getEndTimeStamp()) / 2 + laterMillis;
                var byTag = seconds.computeIfAbsent(Math.floorDiv(middle, 1000L) * 1000, second -> new TreeMap<>());
                var sum = byTag.computeIfAbsent(next.getTag(), tag -> new Histogram(3));
                sum.add((Histogram) next);
            }
        } catch (IOException | RuntimeException e) {
            // A shard that was killed leaves half a last line; all before it counts.
            if (part.record().status() == RunRecord.Status.complete) {
                throw ShardException.wrong(file + ": is no histogram log: " + e.getMessage());
            }
        }
    }

    private RunRecord whole(RunRecord first) {
        return new RunRecord(
                RunRecord.SCHEMA_VERSION,
                RunId.next(Instant.ofEpochMilli(plan.startEpochMillis()), new SplittableRandom(plan.seed())),
                RunRecord.Status.partial,
                first.scenario(),
                first.seed(),
                1,
                parts.stream()
                        .mapToLong(part -> part.record().startedEpochMillis())
                        .min()
                        .orElse(0),
                null,
                first.headroom(),
                first.profile(),
                first.stack(),
                first.host(),
                List.of(),
                first.cores(),
                first.workload(),
                first.dataset(),
                first.classes(),
                List.of(),
                List.of(),
                null,
                null,
                List.of(),
                0,
                List.of(),
                first.validity());
    }

    private java.util.Optional<Window> window(
            int index, TreeMap<Long, Map<String, Histogram>> seconds, RunRecord record) {
        var windows = parts.stream()
                .flatMap(part -> part.record().windows().stream())
                .filter(window -> window.index() == index)
                .toList();
        if (windows.isEmpty()) {
            return java.util.Optional.empty();
        }
        var first = windows.get(0);
        long start = plan.startOf(index);
        double length =
                windows.stream().mapToDouble(Window::durationSeconds).max().orElse(0);
        return java.util.Optional.of(new Window(
                index,
                0,
                first.role(),
                start,
                length,
                first.mixName(),
                first.cores(),
                first.dataset(),
                first.scheduledPerSecond(),
                windows.stream().mapToDouble(Window::offeredPerSecond).sum(),
                windows.stream().mapToDouble(Window::servedPerSecond).sum(),
                windows.stream().mapToDouble(Window::telemetryPerSecond).sum(),
                windows.stream().mapToInt(Window::residents).sum(),
                windows.stream().mapToInt(Window::sockets).sum(),
                sum(windows.stream().map(Window::completed).toList()),
                sum(windows.stream().map(Window::failed).toList()),
                latencies(seconds, record, start, length),
                windows.stream()
                        .map(Window::slipP99Seconds)
                        .filter(slip -> slip != null)
                        .max(Double::compare)
                        .orElse(null),
                new Window.GeneratorHealth(
                        windows.stream()
                                .mapToDouble(window -> window.generator().cpuRatio())
                                .max()
                                .orElse(0),
                        windows.stream()
                                .mapToDouble(window -> window.generator().gcSeconds())
                                .sum()),
                0,
                null,
                null,
                lost.isEmpty() ? null : "shards lost: " + words(lost()),
                sum(windows.stream().map(Merge::refused).toList()),
                // Percentiles of a region cannot be added, and the log has none by region: each shard's record keeps
                // its own.
                null));
    }

    private static Map<String, Long> refused(Window window) {
        var refused = window.refused();
        return refused == null ? Map.of() : refused;
    }

    private static Map<String, Long> sum(List<Map<String, Long>> counts) {
        var sums = new TreeMap<String, Long>();
        counts.forEach(one -> one.forEach((operation, count) -> sums.merge(operation, count, Long::sum)));
        return sums;
    }

    /** Percentiles cannot be added; they are taken from the added histograms of the window's seconds. */
    private static Window.Latencies latencies(
            TreeMap<Long, Map<String, Histogram>> seconds, RunRecord record, long start, double length) {
        var headline = new HashSet<String>();
        record.classes().stream()
                .filter(requestClass -> requestClass.headline() && requestClass.honest())
                .forEach(requestClass -> headline.addAll(requestClass.operations()));
        var corrected = new Histogram(3);
        var service = new Histogram(3);
        seconds.forEach((second, byTag) -> {
            if (second + 500 >= start && second + 500 < start + length * 1000) {
                byTag.forEach((tag, histogram) -> {
                    var words = tag.split("\\|", -1);
                    if (headline.contains(words[0])) {
                        (words[1].equals("corrected") ? corrected : service).add(histogram);
                    }
                });
            }
        });
        return new Window.Latencies(latency(corrected), latency(service));
    }

    private static Window.@Nullable Latency latency(Histogram histogram) {
        return histogram.getTotalCount() == 0
                ? null
                : new Window.Latency(
                        histogram.getTotalCount(),
                        histogram.getMean() / NANOS,
                        histogram.getValueAtPercentile(50) / NANOS,
                        histogram.getValueAtPercentile(95) / NANOS,
                        histogram.getValueAtPercentile(99) / NANOS,
                        histogram.getMaxValue() / NANOS);
    }

    private List<Validity.Check> checks() {
        var checks = new ArrayList<Validity.Check>();
        checks.add(
                lost.isEmpty()
                        ? check(Validity.Finding.ok, "all " + plan.shard().count() + " shards are there")
                        : check(
                                Validity.Finding.notValid,
                                "lost: " + words(lost()) + " of " + plan.shard().count()
                                        + "; what is here is a known part of the schedule, not the run"));
        var starts = parts.stream()
                .map(part -> part.plan().startEpochMillis())
                .distinct()
                .toList();
        if (starts.size() > 1) {
            checks.add(new Validity.Check(
                    "oneInstant",
                    Validity.Finding.indicative,
                    (double) starts.size(),
                    1.0,
                    Validity.Cause.plan,
                    "the shards were driven at " + starts.size()
                            + " instants: every arrival is there, but they did not meet at the target"));
        }
        for (var part : parts) {
            for (var check : part.record().validity().checks()) {
                checks.add(new Validity.Check(
                        "shard" + part.plan().shard().index() + "." + check.name(),
                        check.outcome(),
                        check.value(),
                        check.limit(),
                        check.cause(),
                        check.message()));
            }
        }
        return checks;
    }

    private static Validity.Check check(Validity.Finding finding, String message) {
        return new Validity.Check(
                "shards", finding, null, null, finding == Validity.Finding.ok ? null : Validity.Cause.machine, message);
    }

    private static String words(List<Integer> shards) {
        return shards.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** The command that drives a lost shard alone, at an instant of its own. */
    String commandFor(int index) {
        var rates = plan.stretches().stream()
                .filter(stretch -> stretch.role().equals("scenario"))
                .map(stretch -> plain(stretch.perSecond()))
                .collect(Collectors.joining(","));
        double warmUp = plan.stretches().stream()
                .filter(stretch -> stretch.role().equals("warm-up"))
                .mapToDouble(ShardPlan.Stretch::seconds)
                .findFirst()
                .orElse(0);
        var last = plan.stretches().get(plan.stretches().size() - 1);
        return String.join(
                " ",
                "headroom load shard --shard " + index + "/" + plan.shard().count(),
                "--target " + plan.target(),
                "--workload " + plan.workload() + " --mix " + last.mix(),
                "--rate " + rates + " --duration " + plain(last.seconds()) + " --warm-up " + plain(warmUp),
                "--seed " + plan.seed() + " --dataset-seed " + plan.datasetSeed() + " --users " + plan.users(),
                "--start-at INSTANT --out DIR");
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
