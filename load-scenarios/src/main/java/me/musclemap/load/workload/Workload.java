package me.musclemap.load.workload;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What users do, read from a file: journeys with their weights, and every rate that follows. Immutable and safe to share.
 *
 * <p>A rate is of one user in session. GraphQL and REST requests make up the headline rate; telemetry posts are counted apart.
 */
public final class Workload {
    /** The name of the mix that follows from the journeys' own weights. */
    public static final String OWN_MIX = "workload";

    /**
     * How tokens live.
     *
     * @param lifeSeconds how long an access token is good for
     * @param refreshBeforeSeconds how long before its end a session asks for a new one
     */
    public record Tokens(double lifeSeconds, double refreshBeforeSeconds, Operation refresh) {}

    /**
     * What an open WebSocket does.
     *
     * @param send the text sent every {@code pingSeconds}; the server answers each
     * @param operation the name its latency is recorded under
     */
    public record Sockets(String path, String send, double pingSeconds, String operation) {}

    private final String name;
    private final String title;
    private final Map<String, String> sources;
    private final List<FitClass> classes;
    private final Map<String, Operation> operations;
    private final Optional<Tokens> tokens;
    private final Optional<Sockets> sockets;
    private final List<Region> regions;
    private final List<Journey> journeys;
    private final Map<String, Mix> mixes;

    Workload(
            String name,
            String title,
            Map<String, String> sources,
            List<FitClass> classes,
            Map<String, Operation> operations,
            Optional<Tokens> tokens,
            Optional<Sockets> sockets,
            List<Region> regions,
            List<Journey> journeys,
            Map<String, Mix> mixes) {
        this.name = name;
        this.title = title;
        this.sources = new LinkedHashMap<>(sources);
        this.classes = List.copyOf(classes);
        this.operations = new TreeMap<>(operations);
        this.tokens = tokens;
        this.sockets = sockets;
        this.regions = List.copyOf(regions);
        this.journeys = List.copyOf(journeys);
        this.mixes = new LinkedHashMap<>(mixes);
    }

    /**
     * Reads a workload and the operations file that it names.
     *
     * @throws WorkloadException when a person has to correct a file; the message says what and how
     */
    public static Workload load(Path file) {
        return WorkloadReader.read(file);
    }

    /** The name in the file. */
    public String name() {
        return name;
    }

    /** One line about it. */
    public String title() {
        return title;
    }

    /** What its numbers rest on. */
    public Map<String, String> sources() {
        return Map.copyOf(sources);
    }

    /** GraphQL and REST requests per second of one user in session, in the workload's own mix. */
    public double requestsPerSecondPerUser() {
        return ownMix().requestsPerSecondPerUser();
    }

    /** Telemetry posts per second of one user in session, in the workload's own mix. */
    public double telemetryPerSecondPerUser() {
        return ownMix().telemetryPerSecondPerUser();
    }

    /** How long a session lasts on average in the workload's own mix, in seconds. */
    public double sessionSeconds() {
        return ownMix().sessionSeconds();
    }

    /** The share of users in session who have a WebSocket open, 0 to 1, in the workload's own mix. */
    public double socketShare() {
        return ownMix().socketShare();
    }

    /** The families whose cost the model fits. */
    public List<FitClass> classes() {
        return classes;
    }

    /** Mix name to class name to share of the headline rate; for telemetry the ratio to it. The workload's own mix comes first. */
    public Map<String, Map<String, Double>> mixes() {
        var shares = new LinkedHashMap<String, Map<String, Double>>();
        mixes.forEach((mixName, mix) -> shares.put(mixName, mix.classShares(classes)));
        return shares;
    }

    /** The mixes by name. */
    public Map<String, Mix> mixesByName() {
        return new LinkedHashMap<>(mixes);
    }

    /** The mix of this name. */
    public Optional<Mix> mix(String mixName) {
        return Optional.ofNullable(mixes.get(mixName));
    }

    /** The mix that follows from the journeys' own weights. */
    public Mix ownMix() {
        return mix(OWN_MIX).orElseThrow();
    }

    /**
     * The highest rate that every mix can be driven at in one run, in requests per second. A user belongs to one journey for the whole of
     * it, so of each journey as many are needed as the mix has that takes the most of it, and more than any mix has awake at once.
     */
    public double mostPerSecondOfEveryMix(long users) {
        return Math.max(0, Math.min(Mix.USABLE * users, users - journeys.size())) / usersOfEveryMixPerRequest();
    }

    /** How many users a run needs that drives every mix at up to this rate: the inverse of {@link #mostPerSecondOfEveryMix}. */
    public long usersOfEveryMixAt(double perSecond) {
        double needed = perSecond * usersOfEveryMixPerRequest();
        return (long) Math.ceil(Math.max(needed / Mix.USABLE, needed + journeys.size()));
    }

    /** Users of all journeys together for one request per second in whichever mix. */
    private double usersOfEveryMixPerRequest() {
        return journeys.stream()
                .mapToDouble(journey -> mixes.values().stream()
                        .mapToDouble(mix -> mix.userShare(journey) / mix.requestsPerSecondPerUser())
                        .max()
                        .orElse(0))
                .sum();
    }

    /** The journeys, in the file's order. */
    public List<Journey> journeys() {
        return journeys;
    }

    /** The operations that it uses, by name. */
    public Map<String, Operation> operations() {
        return new TreeMap<>(operations);
    }

    /** How tokens live; empty when no session asks for new ones. */
    public Optional<Tokens> tokens() {
        return tokens;
    }

    /** What an open WebSocket does; empty without any. */
    public Optional<Sockets> sockets() {
        return sockets;
    }

    /** Where the users are; empty when the workload says nothing of it. */
    public List<Region> regions() {
        return regions;
    }

    /** The region of a user who stands at {@code place}, 0 to 1, when all are lined up by region. */
    public Optional<Region> regionOf(double place) {
        double rest = place;
        for (var region : regions) {
            rest -= region.share();
            if (rest < 0) {
                return Optional.of(region);
            }
        }
        return regions.isEmpty() ? Optional.empty() : Optional.of(regions.get(regions.size() - 1));
    }

    /** Whether it can only be played by users of our own data set: it names what no other deployment has. */
    public boolean needsSeededData() {
        return operations.values().stream()
                .flatMap(operation -> java.util.Arrays.stream(Placeholder.values())
                        .filter(Placeholder::needsSeededData)
                        .filter(value -> (operation.body() + operation.path()).contains("${" + value.written() + "}")))
                .findAny()
                .isPresent();
    }

    /** The class of an operation; empty for the socket's own. */
    public Optional<FitClass> classOf(String operation) {
        return classes.stream()
                .filter(fitClass -> fitClass.operations().contains(operation))
                .findFirst();
    }

    /** The operations that belong to a class; a socket's own pings are in none, and are no requests. */
    public Set<String> classedOperations() {
        return classes.stream()
                .flatMap(fitClass -> fitClass.operations().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The operations that nobody sends who means well. */
    public Set<String> abusive() {
        return operations.values().stream()
                .filter(Operation::abusive)
                .map(Operation::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The whole workload after defaults, with the rates that follow, in a stable order. */
    public ObjectNode resolvedJson() {
        return ResolvedWorkload.of(this);
    }

    /** Hash of {@link #resolvedJson()}: two workloads are the same where it is equal. */
    public String sha256() {
        try {
            var bytes = new ObjectMapper().writeValueAsString(resolvedJson()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (com.fasterxml.jackson.core.JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot hash the workload " + name, e);
        }
    }
}
