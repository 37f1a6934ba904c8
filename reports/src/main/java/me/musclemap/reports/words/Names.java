package me.musclemap.reports.words;

import java.util.Map;
import me.musclemap.reports.record.CapacityAnswer.ClaimVerdict;
import me.musclemap.reports.record.Quality;

/** What the report calls the things that the contracts name for machines. A name it does not know is taken apart at its capitals. */
public final class Names {
    private static final Map<String, String> STATIONS = Map.of(
            "api", "API",
            "postgres", "PostgreSQL",
            "redis", "Redis",
            "rum", "RUM collector",
            "other", "kernel and rest",
            "node", "Node",
            "pgbouncer", "PgBouncer",
            "caddy", "Caddy",
            "cpu", "CPU");

    private static final Map<String, String> CLASSES = Map.of(
            "read", "small reads",
            "heavyRead", "heavy reads",
            "write", "writes",
            "login", "logins",
            "telemetry", "telemetry posts",
            "beacon", "web-vitals beacons");

    private static final Map<String, String> CONSTRAINTS = Map.of(
            "cpu", "CPU",
            "dbPool", "database pool",
            "dbConnections", "database connections",
            "sockets", "open sockets",
            "localPorts", "local ports",
            "eventLoop", "event loops",
            "port", "network port");

    private static final Map<String, String> QUANTITIES = Map.of(
            "utilisation", "CPU utilisation",
            "throughput", "throughput",
            "throughputPerSecond", "throughput",
            "knee", "knee",
            "meanResponse", "mean response",
            "meanSeconds", "mean response",
            "p95", "p95",
            "p95Seconds", "p95",
            "p99", "p99",
            "p99Seconds", "p99");

    private static final Map<String, String> USERS = Map.of(
            "inSession", "Users in session",
            "fiveMinuteActive", "Active within five minutes",
            "openSocket", "Users with an open socket",
            "daily", "Users a day");

    private static final Map<String, String> OBSERVABLES = Map.of(
            "requestRate", "Request rate",
            "cpuUtilisation", "CPU utilisation",
            "p99", "p99 latency",
            "poolUtilisation", "Pool in use",
            "poolWait", "Waiting for the pool",
            "modelError", "Model error",
            "memory", "Memory",
            "failedRatio", "Failed requests");

    private static final Map<String, String> CHECKS = Map.ofEntries(
            Map.entry("complete", "The run came to its end"),
            Map.entry("scheduleSlip", "The generator kept its schedule"),
            Map.entry("offeredRate", "The generator offered what it was to offer"),
            Map.entry("generatorCpu", "The generator had CPU to spare"),
            Map.entry("failedRequests", "Few requests failed"),
            Map.entry("served", "Requests were served"),
            Map.entry("steal", "The machine kept its CPU"),
            Map.entry("freeCore", "Generator on a core of its own"),
            Map.entry("distinctUsers", "Enough users in the data"),
            Map.entry("residents", "Enough users awake"),
            Map.entry("warmUpSettled", "The warm-up settled"),
            Map.entry("targetUnchanged", "The target did not change"),
            Map.entry("fitWindows", "Enough windows to fit"),
            Map.entry("kneeReached", "The probe found the knee"),
            Map.entry("restarts", "Enough restarts"));

    private Names() {}

    /** A station: api is API. */
    public static String station(String name) {
        return STATIONS.getOrDefault(name, name);
    }

    /** A class of requests: heavyRead is heavy reads. */
    public static String requestClass(String name) {
        return CLASSES.getOrDefault(name, spaced(name));
    }

    /** A constraint: dbPool is database pool. */
    public static String constraint(String name) {
        return CONSTRAINTS.getOrDefault(name, spaced(name));
    }

    /** A predicted quantity. */
    public static String quantity(String name) {
        return QUANTITIES.getOrDefault(name, spaced(name));
    }

    /** A kind of user. */
    public static String users(String kind) {
        return USERS.getOrDefault(kind, Nouns.capital(spaced(kind)));
    }

    /** Something an alert watches. */
    public static String observable(String name) {
        return OBSERVABLES.getOrDefault(name, Nouns.capital(spaced(name)));
    }

    /** A validity check, as what it would be good to find. */
    public static String check(String name) {
        return CHECKS.getOrDefault(name, Nouns.capital(spaced(name)));
    }

    /** The label of a run's quality. */
    public static String quality(Quality quality) {
        return switch (quality) {
            case VALID -> "valid";
            case INDICATIVE -> "indicative";
            case NOT_VALID -> "not valid";
        };
    }

    /** What became of a claim. */
    public static String verdict(ClaimVerdict verdict) {
        return switch (verdict) {
            case HOLDS -> "holds";
            case DOES_NOT_HOLD -> "does not hold";
            case SELF_CONTRADICTED -> "contradicts itself";
            case UNDECIDED -> "undecided";
            case UNTESTABLE -> "cannot be tested here";
        };
    }

    /** What became of {@code count} claims: 1 holds, 3 hold. */
    public static String verdict(ClaimVerdict verdict, long count) {
        if (count == 1) {
            return verdict == ClaimVerdict.UNDECIDED ? "is undecided" : verdict(verdict);
        }
        return switch (verdict) {
            case HOLDS -> "hold";
            case DOES_NOT_HOLD -> "do not hold";
            case SELF_CONTRADICTED -> "contradict themselves";
            case UNDECIDED -> "are undecided";
            case UNTESTABLE -> "cannot be tested here";
        };
    }

    private static String spaced(String camelCase) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            char letter = camelCase.charAt(i);
            if (Character.isUpperCase(letter)) {
                words.append(' ');
            }
            words.append(Character.toLowerCase(letter));
        }
        return words.toString().strip();
    }
}
