package me.musclemap.load.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Workload;

/** What one person did from opening the application to leaving it: requests that left together, and the pause after them. Immutable. */
record Visit(List<Moment> moments) {
    /** Requests of one person closer than this belong to one page. */
    private static final long TOGETHER_MILLIS = 1000;

    private static final long NEW_VISIT_MILLIS = 30 * 60_000;

    Visit {
        moments = List.copyOf(moments);
    }

    /**
     * Requests that left together.
     *
     * @param pauseSeconds until the next ones; 0 for the last
     */
    record Moment(String page, List<Operation> operations, double pauseSeconds) {
        Moment {
            operations = List.copyOf(operations);
        }
    }

    /** A request whose operation is known. */
    record Known(long epochMillis, String client, String page, Operation operation) {}

    /** The visits that these requests make up. */
    static List<Visit> of(List<Known> requests) {
        var byClient = new HashMap<String, List<Known>>();
        for (var request : requests) {
            byClient.computeIfAbsent(request.client(), client -> new ArrayList<>())
                    .add(request);
        }
        var visits = new ArrayList<Visit>();
        for (var own : byClient.values()) {
            own.sort(Comparator.comparingLong(Known::epochMillis));
            int from = 0;
            for (int i = 1; i <= own.size(); i++) {
                if (i == own.size() || own.get(i).epochMillis() - own.get(i - 1).epochMillis() > NEW_VISIT_MILLIS) {
                    visits.add(one(own.subList(from, i)));
                    from = i;
                }
            }
        }
        return visits;
    }

    private static Visit one(List<Known> requests) {
        var moments = new ArrayList<Moment>();
        var together = new ArrayList<Operation>();
        var first = requests.get(0);
        for (int i = 0; i < requests.size(); i++) {
            together.add(requests.get(i).operation());
            boolean last = i + 1 == requests.size();
            long gap = last
                    ? 0
                    : requests.get(i + 1).epochMillis() - requests.get(i).epochMillis();
            if (last || gap > TOGETHER_MILLIS) {
                moments.add(new Moment(first.page(), together, gap / 1000.0));
                together.clear();
                first = last ? first : requests.get(i + 1);
            }
        }
        return new Visit(moments);
    }

    /** The names of everything that was asked, sorted: visits that look alike have the same. */
    String kind() {
        var names = new TreeSet<String>();
        moments.forEach(moment -> moment.operations().forEach(operation -> names.add(operation.name())));
        return String.join(" ", names);
    }

    int requests() {
        return moments.stream().mapToInt(moment -> moment.operations().size()).sum();
    }

    double seconds() {
        return moments.stream().mapToDouble(Moment::pauseSeconds).sum();
    }

    Map<String, Double> counts() {
        var counts = new TreeMap<String, Double>();
        moments.forEach(
                moment -> moment.operations().forEach(operation -> counts.merge(operation.name(), 1.0, Double::sum)));
        return counts;
    }

    boolean needsToken() {
        return moments.stream()
                .flatMap(moment -> moment.operations().stream())
                .anyMatch(operation -> operation.token() == Operation.Token.REQUIRED);
    }

    boolean logsIn() {
        return moments.stream()
                .flatMap(moment -> moment.operations().stream())
                .anyMatch(operation -> operation.effect() == Operation.Effect.KEEPS_TOKEN);
    }

    /** The operation with which somebody of this workload gets a token. */
    static String loginOf(Workload workload) {
        var refresh = workload.tokens().map(tokens -> tokens.refresh().name()).orElse("");
        return workload.operations().values().stream()
                .filter(operation -> operation.effect() == Operation.Effect.KEEPS_TOKEN
                        && !operation.name().equals(refresh))
                .map(Operation::name)
                .findFirst()
                .orElse("");
    }
}
