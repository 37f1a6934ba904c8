package me.musclemap.capacity.plan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import me.musclemap.capacity.measure.StrictNode;
import me.musclemap.capacity.thresholds.Thresholds;

/**
 * Limits and guesses that all phases share; {@code phases.yaml} says where each comes from.
 *
 * @param cpuLimit share of the cores that policy allows
 * @param speedSpread deviation of the logarithm of a rented core's speed against the measured one
 * @param secondCore what work costs beside a busy core of the phases' machines, over that beside an idle one; empty: as on
 *     the measured machine
 * @param peakToMean the busiest hour over the mean of a month
 * @param leadDays time between ordering capacity and having it
 * @param replayShare cost of a write on a replica over that on the primary
 * @param portBitsPerSecond of a machine's network port
 * @param diskBytesPerWrite what a write leaves on the disk, indexes included
 * @param connectionBytes memory of one database connection
 * @param fanOutClasses that ask every shard of the database
 * @param originCache what the origin of the measured stack keeps
 * @param configured what the measured stack's settings allow at most
 */
public record Assumptions(
        double cpuLimit,
        double poolLimit,
        double memoryLimit,
        double socketLimit,
        double speedSpread,
        OptionalDouble secondCore,
        double peakToMean,
        double sessionsPerDay,
        double growthPerDay,
        double leadDays,
        double redisCommandsPerRequest,
        double localPorts,
        double openFiles,
        double dollarsPerCore,
        double secondsPerMonth,
        double replayShare,
        double portBitsPerSecond,
        double diskBytesPerWrite,
        double connectionBytes,
        Map<String, Double> bytesPerRequest,
        Map<String, Double> statementsPerRequest,
        Set<String> writeClasses,
        Set<String> fanOutClasses,
        List<OriginCache> originCache,
        Thresholds.Configured configured) {
    private static final String MEASURED = "measured";
    private static final double SECOND_CORE_MAX = 4;

    private static final Set<String> STATED = Set.of("value", "range", "source");

    private static final Set<String> KEYS = Set.of(
            "cpuLimit",
            "poolLimit",
            "memoryLimit",
            "socketLimit",
            "speedSpread",
            "secondCore",
            "peakToMean",
            "sessionsPerDay",
            "growthPerDay",
            "leadDays",
            "redisCommandsPerRequest",
            "localPorts",
            "openFiles",
            "dollarsPerCore",
            "secondsPerMonth",
            "replayShare",
            "portBitsPerSecond",
            "diskBytesPerWrite",
            "connectionBytes",
            "bytesPerRequest",
            "statementsPerRequest",
            "writeClasses",
            "fanOutClasses",
            "originCache",
            "requestSecondsMax",
            "poolWaitSecondsMax",
            "requestsInFlightMax",
            "serverConnectionsMax");

    public Assumptions {
        bytesPerRequest = Map.copyOf(bytesPerRequest);
        statementsPerRequest = Map.copyOf(statementsPerRequest);
        writeClasses = Set.copyOf(writeClasses);
        fanOutClasses = Set.copyOf(fanOutClasses);
        originCache = List.copyOf(originCache);
    }

    static Assumptions read(StrictNode node) {
        node.onlyKeys(KEYS);
        return new Assumptions(
                positive(node, share(node, "cpuLimit"), "cpuLimit"),
                positive(node, share(node, "poolLimit"), "poolLimit"),
                positive(node, share(node, "memoryLimit"), "memoryLimit"),
                positive(node, share(node, "socketLimit"), "socketLimit"),
                amount(node, "speedSpread"),
                secondCore(node),
                positive(node, "peakToMean"),
                positive(node, "sessionsPerDay"),
                amount(node, "growthPerDay"),
                amount(node, "leadDays"),
                amount(node, "redisCommandsPerRequest"),
                positive(node, "localPorts"),
                positive(node, "openFiles"),
                amount(node, "dollarsPerCore"),
                positive(node, "secondsPerMonth"),
                amount(node, "replayShare"),
                amount(node, "portBitsPerSecond"),
                amount(node, "diskBytesPerWrite"),
                amount(node, "connectionBytes"),
                byClass(stated(node, "bytesPerRequest")),
                byClass(stated(node, "statementsPerRequest")),
                new LinkedHashSet<>(stated(node, "writeClasses").texts("value")),
                new LinkedHashSet<>(stated(node, "fanOutClasses").texts("value")),
                node.list("originCache").stream().map(OriginCache::read).toList(),
                new Thresholds.Configured(
                        orNone(node, "requestSecondsMax"),
                        orNone(node, "poolWaitSecondsMax"),
                        orNone(node, "requestsInFlightMax"),
                        orNone(node, "serverConnectionsMax")));
    }

    /** A limit above zero; infinite where the word none is stated. */
    private static double orNone(StrictNode node, String key) {
        StrictNode stated = stated(node, key);
        return stated.at("value").shown().equals("none") ? Double.POSITIVE_INFINITY : stated.positive("value");
    }

    /** A plan that does not speak of it means the machine of the run. */
    private static OptionalDouble secondCore(StrictNode node) {
        if (node.find("secondCore").isEmpty()) {
            return OptionalDouble.empty();
        }
        StrictNode value = stated(node, "secondCore").at("value");
        if (value.shown().equals(MEASURED)) {
            return OptionalDouble.empty();
        }
        double ratio;
        try {
            ratio = Double.parseDouble(value.shown());
        } catch (NumberFormatException e) {
            throw value.wrong("'measured', or a number from 1");
        }
        if (!(ratio >= 1 && ratio <= SECOND_CORE_MAX)) {
            throw value.wrong("'measured', or a number from 1 (whole cores) to " + (int) SECOND_CORE_MAX);
        }
        return OptionalDouble.of(ratio);
    }

    private static double positive(StrictNode node, double value, String key) {
        if (!(value > 0)) {
            throw node.at(key).at("value").wrong("a share above zero");
        }
        return value;
    }

    /** A value above zero, beside its source and, where it is uncertain, its range. */
    static double positive(StrictNode node, String key) {
        return stated(node, key).positive("value");
    }

    /** A value from zero. */
    static double amount(StrictNode node, String key) {
        return stated(node, key).amount("value");
    }

    /** A value from zero to one. */
    static double share(StrictNode node, String key) {
        return shareOf(stated(node, key).at("value"));
    }

    /** This value as a share. */
    static double shareOf(StrictNode value) {
        if (value.asAmount() > 1) {
            throw value.wrong("a share, at most 1");
        }
        return value.asAmount();
    }

    /** A value of any kind beside its source. */
    static StrictNode stated(StrictNode node, String key) {
        StrictNode stated = node.at(key);
        stated.onlyKeys(STATED);
        sourced(stated);
        return stated;
    }

    /** True or false beside its source. */
    static boolean flag(StrictNode node, String key) {
        return stated(node, key).flag("value");
    }

    /** Refuses numbers that do not say where they come from. */
    static void sourced(StrictNode node) {
        if (node.text("source").isBlank()) {
            throw node.at("source").wrong("where the numbers beside it come from");
        }
    }

    private static Map<String, Double> byClass(StrictNode node) {
        node.at("value").amount("default");
        return node.amounts("value");
    }

    /** A figure by class, or the default for a class that is not listed. */
    static double of(Map<String, Double> byClass, String requestClass) {
        Double value = byClass.get(requestClass);
        return value != null ? value : byClass.getOrDefault("default", 0.0);
    }
}
