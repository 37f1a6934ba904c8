package me.musclemap.load.workload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * In which shares sessions of the journeys begin, and the rates that follow. Immutable.
 *
 * <p>All rates are of one user in session: requests of a session over its length, sessions weighted by their share.
 */
public final class Mix {
    /** The share of a data set's users that is ever asked for: what is left covers rounding, journey by journey. */
    static final double USABLE = 0.95;

    private final String name;
    private final boolean heldOut;
    private final List<Journey> journeys;
    private final Map<String, Double> sessionShares;
    private final Map<String, Boolean> headlineByOperation;

    Mix(
            String name,
            boolean heldOut,
            List<Journey> journeys,
            Map<String, Double> weights,
            Map<String, Boolean> headlineByOperation) {
        this.name = name;
        this.heldOut = heldOut;
        this.journeys = List.copyOf(journeys);
        this.headlineByOperation = Map.copyOf(headlineByOperation);
        var sum = weights.values().stream().mapToDouble(Double::doubleValue).sum();
        var shares = new LinkedHashMap<String, Double>();
        for (var journey : journeys) {
            shares.put(journey.name(), weights.getOrDefault(journey.name(), 0.0) / sum);
        }
        this.sessionShares = Map.copyOf(shares);
    }

    /** Its name; {@code workload} for the workload's own weights. */
    public String name() {
        return name;
    }

    /** Whether only held-out windows may use it. */
    public boolean heldOut() {
        return heldOut;
    }

    /** The share of this journey in the sessions that begin, 0 to 1. */
    public double sessionShare(Journey journey) {
        return sessionShares.getOrDefault(journey.name(), 0.0);
    }

    /** The share of this journey in the users who are in session at one moment, 0 to 1. */
    public double userShare(Journey journey) {
        return sessionShare(journey) * journey.sessionSeconds() / sessionSeconds();
    }

    /** How long a session lasts on average, in seconds. */
    public double sessionSeconds() {
        return journeys.stream()
                .mapToDouble(journey -> sessionShare(journey) * journey.sessionSeconds())
                .sum();
    }

    /** GraphQL and REST requests per second of one user in session. */
    public double requestsPerSecondPerUser() {
        return requestsPerSession(true) / sessionSeconds();
    }

    /** Telemetry posts per second of one user in session. */
    public double telemetryPerSecondPerUser() {
        return requestsPerSession(false) / sessionSeconds();
    }

    /** The share of users in session who have a WebSocket open. */
    public double socketShare() {
        return journeys.stream()
                        .mapToDouble(journey -> sessionShare(journey) * journey.socketSeconds())
                        .sum()
                / sessionSeconds();
    }

    /** How long a WebSocket stays open on average, in seconds; 0 when no page has one. */
    public double socketSeconds() {
        var opened = journeys.stream()
                .mapToDouble(journey -> sessionShare(journey) * journey.socketsOpened())
                .sum();
        return opened == 0 ? 0 : socketShare() * sessionSeconds() / opened;
    }

    /** How many users in session make {@code requestsPerSecond}, rounded up. */
    public long usersFor(double requestsPerSecond) {
        return (long) Math.ceil(requestsPerSecond / requestsPerSecondPerUser());
    }

    /**
     * The highest rate of a run that drives no other mix, in requests per second: what the users of a data set ask for when all of them
     * are in session at their own pace.
     */
    public double mostPerSecond(long users) {
        return USABLE * users * requestsPerSecondPerUser();
    }

    /** How often each operation is sent in a session, on average. */
    public Map<String, Double> requestsPerSession() {
        var counts = new TreeMap<String, Double>();
        for (var journey : journeys) {
            journey.requestsPerSession()
                    .forEach((operation, n) -> counts.merge(operation, n * sessionShare(journey), Double::sum));
        }
        return counts;
    }

    /** How often each operation is sent for one headline request: what the classes of this mix are made of. */
    public Map<String, Double> requestsPerHeadlineRequest() {
        var counts = requestsPerSession();
        var headline = requestsPerSession(true);
        counts.replaceAll((operation, n) -> n / headline);
        return counts;
    }

    private double requestsPerSession(boolean headline) {
        return requestsPerSession().entrySet().stream()
                .filter(entry -> headlineByOperation.getOrDefault(entry.getKey(), false) == headline)
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** The share of each class in the headline rate; telemetry as a ratio to it. */
    Map<String, Double> classShares(List<FitClass> classes) {
        var counts = requestsPerSession();
        var headline = requestsPerSession(true);
        var shares = new LinkedHashMap<String, Double>();
        for (var fitClass : classes) {
            var n = fitClass.operations().stream()
                    .mapToDouble(operation -> counts.getOrDefault(operation, 0.0))
                    .sum();
            shares.put(fitClass.name(), n / headline);
        }
        return shares;
    }
}
