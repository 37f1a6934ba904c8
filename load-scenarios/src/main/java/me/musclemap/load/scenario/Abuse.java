package me.musclemap.load.scenario;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import me.musclemap.load.record.Window;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Workload;

/**
 * Whether what the workload has of abuse was stopped: each operation of it, how often it was asked and how often refused. Immutable.
 *
 * <p>A guess of a password that was answered "wrong" was tried: it counts as refused only where a limit refused it.
 */
public record Abuse(List<Kind> kinds) {
    /** Abusers ask for at least four times what their limit allows, so a limit that works refuses more than this share. */
    private static final double STOPPED = 0.5;

    private static final List<String> TRIED = List.of("http 401", "graphql UNAUTHENTICATED", "graphql UNAUTHORIZED");

    /**
     * One operation of it.
     *
     * @param answered requests with any answer or failure
     * @param refused how it was refused, with how often
     * @param tried guesses that were answered "wrong"
     * @param failed requests that failed, which is no refusal
     */
    public record Kind(String operation, long answered, Map<String, Long> refused, long tried, long failed) {
        public Kind {
            refused = Map.copyOf(refused);
        }

        double refusedRatio() {
            return answered == 0 ? 0 : (double) refusedCount() / answered;
        }

        long refusedCount() {
            return refused.values().stream().mapToLong(Long::longValue).sum();
        }

        private String words() {
            var how = refused.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                    .limit(2)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.joining(", "));
            return String.format(
                    Locale.ROOT,
                    "%s %.0f %% of %,d%s%s%s",
                    operation,
                    100 * refusedRatio(),
                    answered,
                    how.isEmpty() ? "" : " (" + how + ")",
                    tried == 0 ? "" : String.format(Locale.ROOT, ", %,d tried and told to be wrong", tried),
                    failed == 0 ? "" : String.format(Locale.ROOT, ", %,d failed", failed));
        }
    }

    public Abuse {
        kinds = List.copyOf(kinds);
    }

    /** What these windows saw of it; empty where the workload has none, or none was sent. */
    public static Optional<Abuse> in(List<Window> windows, Workload workload) {
        var kinds = new ArrayList<Kind>();
        new TreeMap<>(workload.operations())
                .values().stream().filter(Operation::abusive).forEach(operation -> {
                    var kind = kind(windows, operation);
                    if (kind.answered() > 0) {
                        kinds.add(kind);
                    }
                });
        return kinds.isEmpty() ? Optional.empty() : Optional.of(new Abuse(kinds));
    }

    private static Kind kind(List<Window> windows, Operation operation) {
        long answered = 0;
        long failed = 0;
        long tried = 0;
        var refused = new TreeMap<String, Long>();
        for (var window : windows) {
            long wrong = window.failed().getOrDefault(operation.name(), 0L);
            failed += wrong;
            answered += wrong + window.completed().getOrDefault(operation.name(), 0L);
            var counts = window.refused();
            for (var entry : counts == null ? Map.<String, Long>of().entrySet() : counts.entrySet()) {
                var words = entry.getKey().split(": ", 2);
                if (words[0].equals(operation.name())) {
                    if (operation.guesses() && TRIED.contains(words[1])) {
                        tried += entry.getValue();
                    } else {
                        refused.merge(words[1], entry.getValue(), Long::sum);
                    }
                }
            }
        }
        return new Kind(operation.name(), answered, refused, tried, failed);
    }

    /** Whether a limit refused most of every kind. */
    public boolean stopped() {
        return kinds.stream().allMatch(kind -> kind.refusedRatio() > STOPPED);
    }

    /** The answer in one sentence. */
    public String words() {
        var through = kinds.stream()
                .filter(kind -> kind.refusedRatio() <= STOPPED)
                .map(Kind::operation)
                .toList();
        var verdict = through.isEmpty()
                ? "Abuse was stopped"
                : through.size() == kinds.size()
                        ? "Abuse was not stopped"
                        : "Abuse was stopped in part, not " + String.join(", ", through);
        return verdict + "; refused were: " + kinds.stream().map(Kind::words).collect(Collectors.joining("; "))
                + ". Latency and errors above are those of honest users alone.";
    }

    /** The verdict with this answer in it. */
    public Verdict addedTo(Verdict verdict) {
        return verdict.with(words(), "abuse", json());
    }

    private ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode().put("stopped", stopped());
        for (var kind : kinds) {
            var node = json.withObject("/operations")
                    .putObject(kind.operation())
                    .put("answered", kind.answered())
                    .put("tried", kind.tried())
                    .put("failed", kind.failed())
                    .put("refusedRatio", kind.refusedRatio());
            new TreeMap<>(kind.refused()).forEach(node.putObject("refused")::put);
        }
        return json;
    }
}
