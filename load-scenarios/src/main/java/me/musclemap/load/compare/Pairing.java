package me.musclemap.load.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;

/** Whether two lists of runs may be compared, and which run belongs to which. */
final class Pairing {
    private Pairing() {}

    /** Runs in pairs, in the order in which they ran; or why there are none. */
    record Result(List<Pair> pairs, Optional<String> whyNot) {
        static Result not(String why) {
            return new Result(List.of(), Optional.of(why));
        }
    }

    static Result of(List<ComparedRun> base, List<ComparedRun> candidate) {
        if (base.size() != candidate.size()) {
            return Result.not(base.size() + " runs of the base and " + candidate.size()
                    + " of the candidate: a pair needs one of each");
        }
        var all = new ArrayList<>(base);
        all.addAll(candidate);
        var why = unusable(all).or(() -> differs(all));
        if (why.isPresent()) {
            return new Result(List.of(), why);
        }
        var byStart = Comparator.comparingLong(ComparedRun::startedEpochMillis);
        var left = base.stream().sorted(byStart).toList();
        var right = candidate.stream().sorted(byStart).toList();
        why = seeds(left, right).or(() -> blocked(left, right));
        if (why.isPresent()) {
            return new Result(List.of(), why);
        }
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < left.size(); i++) {
            pairs.add(Pair.of(left.get(i), right.get(i)));
        }
        return new Result(pairs, Optional.empty());
    }

    /** Why one of these runs may not be used at all; empty when all may. */
    static Optional<String> unusable(List<ComparedRun> runs) {
        var ids = runs.stream().map(run -> run.record().id()).toList();
        var twice = ids.stream()
                .filter(id -> ids.indexOf(id) != ids.lastIndexOf(id))
                .findFirst();
        if (twice.isPresent()) {
            return Optional.of("run " + twice.get() + " stands there twice");
        }
        for (var run : runs) {
            if (run.record().status() != RunRecord.Status.complete) {
                return Optional.of("run " + run.record().id() + " did not come to its end");
            }
            if (run.record().validity().verdict() == Validity.Outcome.notValid) {
                return Optional.of("run " + run.record().id() + " is not valid: " + firstFailed(run.record()));
            }
        }
        return Optional.empty();
    }

    private static String firstFailed(RunRecord record) {
        return record.validity().checks().stream()
                .filter(check -> check.outcome() == Validity.Finding.notValid)
                .map(check -> check.name() + ", " + check.message())
                .findFirst()
                .orElse("no check says why");
    }

    /** One thing that must be alike in all runs. */
    private record Fact(String name, Function<RunRecord, Object> of) {}

    private static final List<Fact> FACTS = List.of(
            new Fact("host", run -> run.host().fingerprint()),
            new Fact("profile", RunRecord::profile),
            new Fact("stack", run -> run.stack().name() + " (" + run.stack().scope() + ")"),
            new Fact("scenario", RunRecord::scenario),
            new Fact(
                    "workload",
                    run -> run.workload().name() + " "
                            + shortened(run.workload().sha256())),
            new Fact(
                    "data set",
                    run -> run.dataset().users() + " users, " + run.dataset().workouts() + " workouts, snapshot "
                            + shortened(run.dataset().snapshotSha256())),
            new Fact(
                    "cores",
                    run -> run.cores().systemUnderTest().size() + (run.cores().shared() ? " shared" : "")));

    private static Optional<String> differs(List<ComparedRun> runs) {
        for (var fact : FACTS) {
            var values = runs.stream()
                    .map(run -> fact.of().apply(run.record()))
                    .distinct()
                    .toList();
            if (values.size() > 1) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "the runs differ in their %s: %s",
                        fact.name(),
                        values.stream().map(String::valueOf).collect(Collectors.joining(" and "))));
            }
        }
        return Optional.empty();
    }

    private static String shortened(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) : hash;
    }

    private static Optional<String> seeds(List<ComparedRun> base, List<ComparedRun> candidate) {
        for (int i = 0; i < base.size(); i++) {
            long left = base.get(i).record().seed();
            long right = candidate.get(i).record().seed();
            if (left != right) {
                return Optional.of("pair " + (i + 1) + " has two seeds, " + left + " and " + right
                        + ": both runs of a pair must play the same users");
            }
        }
        return Optional.empty();
    }

    /** Pairs one after the other: a machine that drifts would otherwise look like a change. */
    private static Optional<String> blocked(List<ComparedRun> base, List<ComparedRun> candidate) {
        for (int i = 1; i < base.size(); i++) {
            long ended = Math.max(
                    base.get(i - 1).endedEpochMillis(), candidate.get(i - 1).endedEpochMillis());
            long began =
                    Math.min(base.get(i).startedEpochMillis(), candidate.get(i).startedEpochMillis());
            if (began < ended) {
                return Optional.of("the runs are not interleaved: pair " + (i + 1) + " ("
                        + base.get(i).record().id() + ", "
                        + candidate.get(i).record().id()
                        + ") began before pair " + i
                        + " had ended, and a drift of the machine would look like a change");
            }
        }
        return Optional.empty();
    }
}
