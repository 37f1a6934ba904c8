package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import me.musclemap.load.cores.Slowdown;
import me.musclemap.load.record.RunRecord;

/**
 * Measures before anything is driven what the generator's core costs the other when both are busy: a second thread of one core
 * is not a second core. Two processes, one on each, work alone and together in turns.
 */
final class SecondCoreProbe {
    private static final int ROUNDS = 20;
    private static final int QUICK_ROUNDS = 6;
    private static final int SLICE_MILLIS = 80;
    private static final int WARM_UP_MILLIS = 1600;
    private static final int KINDS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** With more of this beside a process that works "alone", nothing can be told. */
    private static final double FOREIGN_RATIO = 0.1;

    private final Child first;
    private final Child second;
    private final Cores cores;

    private SecondCoreProbe(Child first, Child second, Cores cores) {
        this.first = first;
        this.second = second;
        this.cores = cores;
    }

    /** What came of it, or why there is no figure. */
    record Result(Optional<RunRecord.SecondCore> secondCore, String words) {}

    /** Takes about eight seconds, half of it where it is to be quick. The cores must not be shared. */
    static Result run(Lab lab, Programs programs, Cores cores, boolean quick, Path logs) {
        try {
            var first = start(lab, programs, cores.pinSystemUnderTest(), logs, 1);
            var second = start(lab, programs, cores.pinGenerator(), logs, 2);
            try {
                first.awaitReady(PATIENCE);
                second.awaitReady(PATIENCE);
                return new SecondCoreProbe(first, second, cores).measure(quick ? QUICK_ROUNDS : ROUNDS);
            } finally {
                lab.end(first);
                lab.end(second);
            }
        } catch (LabException | IllegalArgumentException e) {
            // It is no part of the run: without it the model plans as it did before there was such a figure.
            if (lab.isSignalled()) {
                throw LabException.failed("");
            }
            return new Result(Optional.empty(), "not measured: " + e.getMessage());
        }
    }

    private static Child start(Lab lab, Programs programs, List<String> pin, Path logs, int number) {
        String name = "second-core-" + number;
        return lab.start(name, pin, programs.coreWork(number), logs.resolve(name + ".log"));
    }

    private Result measure(int rounds) {
        ask(first, WARM_UP_MILLIS, 0);
        ask(second, WARM_UP_MILLIS, 0);
        answer(first);
        answer(second);
        var slowdown = new Slowdown();
        double foreign = 0;
        for (int round = 0; round < rounds; round++) {
            var alone = new CoreWatch(cores.generator(), List.of());
            alone.begin();
            ask(first, SLICE_MILLIS, round);
            var firstAlone = answer(first);
            foreign += alone.foreignRatio() / (2 * rounds);
            ask(first, SLICE_MILLIS, round);
            // Over the rounds each kind of work meets each of the others.
            ask(second, SLICE_MILLIS, round + round / KINDS);
            var firstTogether = answer(first);
            var secondTogether = answer(second);
            alone = new CoreWatch(cores.systemUnderTest(), List.of());
            alone.begin();
            ask(second, SLICE_MILLIS, round);
            var secondAlone = answer(second);
            foreign += alone.foreignRatio() / (2 * rounds);
            slowdown.add(List.of(firstAlone, secondAlone), List.of(firstTogether, secondTogether));
        }
        if (foreign > FOREIGN_RATIO) {
            return new Result(
                    Optional.empty(),
                    String.format(
                            Locale.ROOT,
                            "not measured: other processes took %.0f %% of the core that was to be idle",
                            foreign * 100));
        }
        var result = slowdown.result();
        return new Result(
                Optional.of(result),
                String.format(
                        Locale.ROOT,
                        "work costs %.2f times as much while the other core works too (%.2f to %.2f by kind)",
                        result.ratio(),
                        result.low(),
                        result.high()));
    }

    private static void ask(Child child, int millis, int first) {
        child.send("{\"millis\":" + millis + ",\"first\":" + first + "}");
    }

    private static Map<String, Double> answer(Child child) {
        JsonNode nanos = child.next(PATIENCE).path("nanos");
        var byKind = new LinkedHashMap<String, Double>();
        nanos.fieldNames()
                .forEachRemaining(kind -> byKind.put(kind, nanos.path(kind).asDouble()));
        return byKind;
    }
}
