package me.musclemap.load.replay;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.lab.Options;
import me.musclemap.load.workload.Journey;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code load replay}: a workload from what production did. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        versionProvider = ImportCommand.VersionText.class,
        description = {
            "Builds a workload from an access log (Caddy JSON, common or combined format), or from Prometheus counters.",
            "A log that names its GraphQL operations gives journeys of its own; otherwise the base's journeys get the weights under"
                    + " which its counts are likeliest. No address and no user agent is written.",
            "Exit codes: 0 done, 1 the server or the disk failed, 2 wrong arguments or an unreadable log, 4 too few requests."
        })
public final class ReplayCommand implements Callable<Integer> {
    private static final int MOST_JOURNEYS = 12;
    private static final int FEWEST_REQUESTS = 50;
    private static final double NAMED = 0.9;

    private final Supplier<LabConfig> config;
    private final PrintStream out;

    @Parameters(arity = "0..1", paramLabel = "ACCESS_LOG", description = "The log; gzipped if its name ends in .gz")
    private @Nullable Path log;

    @Option(
            names = "--prometheus",
            paramLabel = "URL",
            description = "Instead of a log: the server that scrapes production")
    private @Nullable URI prometheus;

    @Option(
            names = "--from",
            paramLabel = "INSTANT",
            description = "With --prometheus: as 2026-11-22T20:00:00Z, or epoch seconds")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "INSTANT", description = "With --prometheus: the end")
    private @Nullable String to;

    @Option(
            names = "--base",
            defaultValue = "musclemap-day",
            paramLabel = "FILE|NAME",
            description =
                    "The workload whose operations, classes and, where needed, journeys are taken. Default: ${DEFAULT-VALUE}")
    private String base = "";

    @Option(names = "--name", defaultValue = "replayed", description = "The workload's name. Default: ${DEFAULT-VALUE}")
    private String name = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where the workload goes, for example mine.yaml")
    private Path file = Path.of("");

    /** Results go to {@code out}. */
    public ReplayCommand(Supplier<LabConfig> config, PrintStream out) {
        this.config = config;
        this.out = out;
    }

    @Override
    public Integer call() {
        if ((log == null) == (prometheus == null)) {
            throw ReplayException.wrong("name an access log, or a server with --prometheus; one of them");
        }
        var baseFile = Options.workloadFile(base, config.get().home());
        var workload = Workload.load(baseFile);
        var written = log != null
                ? fromLog(log, baseFile, workload)
                : fromCounters(prometheus == null ? URI.create("") : prometheus, baseFile, workload);
        out.printf(
                Locale.ROOT,
                "%s: one user in session makes %.4f requests/s, a session lasts %.1f minutes%n",
                file,
                written.requestsPerSecondPerUser(),
                written.sessionSeconds() / 60);
        out.println("next: headroom load workload " + file);
        return 0;
    }

    private Workload fromCounters(URI server, Path baseFile, Workload workload) {
        if (from == null || to == null) {
            throw ReplayException.wrong("--prometheus: say with --from and --to which time is replayed");
        }
        var windows = Period.inWindowsUpTo(from, to, 3600);
        var telemetry = new Telemetry(new Prometheus(server), windows, new OperationNames(workload), false);
        var counted = new TreeMap<String, Double>();
        for (int window = 0; window < windows.windows(); window++) {
            telemetry.completed(window).forEach((operation, count) -> counted.merge(operation, count, Double::sum));
            telemetry.failed(window).forEach((operation, count) -> counted.merge(operation, count, Double::sum));
        }
        return weighted(baseFile, workload, counted, telemetry.unknown(), "counters of " + from + " to " + to);
    }

    private Workload fromLog(Path from, Path baseFile, Workload workload) {
        var names = new OperationNames(workload);
        var known = new ArrayList<Visit.Known>();
        var unknown = new TreeMap<String, Double>();
        int graphql = 0;
        int unnamed = 0;
        var read = AccessLog.read(from);
        for (var entry : read.entries()) {
            boolean isGraphql = entry.path().equals(OperationNames.GRAPHQL);
            graphql += isGraphql ? 1 : 0;
            if (isGraphql && entry.operation().isEmpty()) {
                unnamed++;
                continue;
            }
            var operation = isGraphql ? names.graphql(entry.operation()) : names.rest(entry.method(), entry.path());
            if (operation.isEmpty()) {
                unknown.merge(isGraphql ? "GraphQL " + entry.operation() : "other paths", 1.0, Double::sum);
            } else {
                known.add(new Visit.Known(
                        entry.epochMillis(), entry.client(), entry.page(), operation(workload, operation.get())));
            }
        }
        var source = read.entries().size() + " requests of an access log";
        if (unnamed > (1 - NAMED) * graphql) {
            var counted = new TreeMap<String, Double>();
            known.forEach(request -> counted.merge(request.operation().name(), 1.0, Double::sum));
            counted.put(graphqlOperations(workload), (double) unnamed);
            out.println(unnamed + " of " + graphql
                    + " GraphQL requests have no name in the log (header X-Apollo-Operation-Name, or"
                    + " ?operationName=): the base's journeys are kept, only their weights are fitted");
            return weighted(baseFile, workload, counted, unknown, source);
        }
        return visited(baseFile, workload, known, unknown, source);
    }

    private static Operation operation(Workload workload, String name) {
        var operation = workload.operations().get(name);
        if (operation == null) {
            throw new IllegalStateException("no operation " + name);
        }
        return operation;
    }

    private static String graphqlOperations(Workload workload) {
        return workload.operations().values().stream()
                .filter(operation -> operation.kind() == Operation.Kind.GRAPHQL)
                .map(Operation::name)
                .collect(Collectors.joining(" "));
    }

    private Workload weighted(
            Path baseFile, Workload workload, Map<String, Double> counted, Map<String, Double> unknown, String source) {
        requireEnough(counted.values().stream().mapToDouble(Double::doubleValue).sum());
        var refresh = workload.tokens().map(tokens -> tokens.refresh().name()).orElse("");
        counted.remove(refresh); // the player makes refreshes by itself
        var perSession = new LinkedHashMap<String, Map<String, Double>>();
        var start = new HashMap<String, Double>();
        for (var journey : workload.journeys()) {
            perSession.put(journey.name(), journey.requestsPerSession());
            start.put(journey.name(), Math.max(0.01, journey.weight()));
        }
        var weights = Weights.fit(perSession, counted, start);
        var into = new WorkloadFile(baseFile, workload);
        into.describe(
                name,
                "Production's mix, played with the journeys of " + workload.name(),
                sources(
                        source,
                        "the journeys and pauses of " + workload.name()
                                + "; weights under which the counts are likeliest (Poisson)"));
        into.weights(weights, "fitted to production's counts");
        var written = into.write(file);
        say(Weights.misplaced(perSession, counted, weights), unknown);
        workload.journeys().stream()
                .map(Journey::name)
                .forEach(journey -> out.printf(Locale.ROOT, "  %-14s %6.1f %%%n", journey, share(weights, journey)));
        return written;
    }

    private static double share(Map<String, Double> weights, String journey) {
        return 100
                * weights.getOrDefault(journey, 0.0)
                / weights.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static Map<String, String> sources(String source, String journeys) {
        var sources = new LinkedHashMap<String, String>();
        sources.put("requests", source);
        sources.put("journeys", journeys);
        return sources;
    }

    private Workload visited(
            Path baseFile, Workload workload, List<Visit.Known> known, Map<String, Double> unknown, String source) {
        requireEnough(known.size());
        var visits = Visit.of(known);
        var kinds = kinds(visits);
        var medoids = WorkloadFile.medoids(kinds);
        var counted = new TreeMap<String, Double>();
        known.forEach(request -> counted.merge(request.operation().name(), 1.0, Double::sum));
        var perSession = new LinkedHashMap<String, Map<String, Double>>();
        medoids.forEach((kind, visit) -> perSession.put(kind, visit.counts()));
        var seen = new HashMap<String, Double>();
        kinds.forEach((kind, all) -> seen.put(kind, (double) all.size()));
        var weights = Weights.fit(perSession, counted, seen);
        var into = new WorkloadFile(baseFile, workload);
        into.describe(
                name,
                "What " + visits.size() + " visits of an access log did",
                sources(
                        source,
                        "the visit of middle length of each kind; a new one begins after 30 minutes of silence, requests within a"
                                + " second are one page; weights under which the counts are likeliest (Poisson)"));
        into.journeys(medoids, weights, spreads(visits));
        var written = into.write(file);
        out.printf(Locale.ROOT, "%,d requests in %,d visits, %d kinds%n", known.size(), visits.size(), kinds.size());
        say(Weights.misplaced(perSession, counted, weights), unknown);
        return written;
    }

    /** The most frequent kinds under a name each; the rest goes to the kind that it shares most with. */
    private static Map<String, List<Visit>> kinds(List<Visit> visits) {
        var byKind = new HashMap<String, List<Visit>>();
        visits.stream()
                .filter(visit -> visit.seconds() > 0)
                .forEach(visit -> byKind.computeIfAbsent(visit.kind(), kind -> new ArrayList<>())
                        .add(visit));
        if (byKind.isEmpty()) {
            throw ReplayException.notValid(
                    "no visit has two requests with a pause between them: does the log tell people apart (address, user agent)?");
        }
        var ordered = byKind.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, List<Visit>>>comparingInt(
                                kind -> -kind.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .toList();
        var named = new LinkedHashMap<String, List<Visit>>();
        var kept = ordered.subList(0, Math.min(MOST_JOURNEYS, ordered.size()));
        for (int i = 0; i < kept.size(); i++) {
            named.put("visit" + (i + 1), new ArrayList<>(kept.get(i).getValue()));
        }
        for (var rare : ordered.subList(kept.size(), ordered.size())) {
            int best = 0;
            for (int i = 1; i < kept.size(); i++) {
                if (alike(kept.get(i).getKey(), rare.getKey())
                        > alike(kept.get(best).getKey(), rare.getKey())) {
                    best = i;
                }
            }
            named.getOrDefault("visit" + (best + 1), new ArrayList<>()).addAll(rare.getValue());
        }
        return named;
    }

    private static double alike(String one, String other) {
        var left = new HashSet<>(List.of(one.split(" ", -1)));
        var right = new HashSet<>(List.of(other.split(" ", -1)));
        var both = new HashSet<>(left);
        both.retainAll(right);
        left.addAll(right);
        return both.size() / (double) left.size();
    }

    /** How much the pause after an operation varies, as the deviation of its logarithm. */
    private static Map<String, Double> spreads(List<Visit> visits) {
        var logs = new HashMap<String, List<Double>>();
        for (var visit : visits) {
            for (var moment : visit.moments()) {
                if (moment.pauseSeconds() > 0) {
                    var last = moment.operations()
                            .get(moment.operations().size() - 1)
                            .name();
                    logs.computeIfAbsent(last, name -> new ArrayList<>()).add(Math.log(moment.pauseSeconds()));
                }
            }
        }
        var spreads = new HashMap<String, Double>();
        logs.forEach((operation, values) -> {
            if (values.size() >= 5) {
                double mean = values.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(0);
                double variance = values.stream()
                        .mapToDouble(value -> (value - mean) * (value - mean))
                        .average()
                        .orElse(0);
                spreads.put(operation, Math.max(0.1, Math.min(1.5, Math.sqrt(variance))));
            }
        });
        return spreads;
    }

    private static void requireEnough(double requests) {
        if (requests < FEWEST_REQUESTS) {
            throw ReplayException.notValid(Math.round(requests) + " requests of the workload's operations: at least "
                    + FEWEST_REQUESTS + " are needed");
        }
    }

    private void say(double misplaced, Map<String, Double> unknown) {
        out.printf(Locale.ROOT, "%.1f %% of the requests are another operation than in production%n", misplaced * 100);
        if (!unknown.isEmpty()) {
            var words = unknown.entrySet().stream()
                    .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                    .limit(5)
                    .map(entry -> Math.round(entry.getValue()) + " " + entry.getKey())
                    .collect(Collectors.joining(", "));
            out.println("left out, not in the base workload: " + words);
        }
    }
}
