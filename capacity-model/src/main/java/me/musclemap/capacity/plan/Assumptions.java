package me.musclemap.capacity.plan;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import me.musclemap.capacity.measure.StrictNode;

/**
 * Limits and guesses that all phases share; {@code phases.yaml} says where each comes from.
 *
 * @param cpuLimit share of the cores that policy allows
 * @param speedSpread deviation of the logarithm of a rented core's speed against the measured one
 * @param peakToMean the busiest hour over the mean of a month
 * @param leadDays time between ordering capacity and having it
 */
public record Assumptions(
        double cpuLimit,
        double poolLimit,
        double memoryLimit,
        double socketLimit,
        double speedSpread,
        double peakToMean,
        double sessionsPerDay,
        double growthPerDay,
        double leadDays,
        double redisCommandsPerRequest,
        double localPorts,
        double openFiles,
        double dollarsPerCore,
        double secondsPerMonth,
        Map<String, Double> bytesPerRequest,
        Map<String, Double> statementsPerRequest,
        Set<String> writeClasses) {
    private static final Set<String> KEYS = Set.of(
            "cpuLimit",
            "poolLimit",
            "memoryLimit",
            "socketLimit",
            "speedSpread",
            "peakToMean",
            "sessionsPerDay",
            "growthPerDay",
            "leadDays",
            "redisCommandsPerRequest",
            "localPorts",
            "openFiles",
            "dollarsPerCore",
            "secondsPerMonth",
            "bytesPerRequest",
            "statementsPerRequest",
            "writeClasses");

    public Assumptions {
        bytesPerRequest = Map.copyOf(bytesPerRequest);
        statementsPerRequest = Map.copyOf(statementsPerRequest);
        writeClasses = Set.copyOf(writeClasses);
    }

    static Assumptions read(StrictNode node) {
        node.onlyKeys(KEYS);
        return new Assumptions(
                share(node, "cpuLimit"),
                share(node, "poolLimit"),
                share(node, "memoryLimit"),
                share(node, "socketLimit"),
                node.at("speedSpread").amount("value"),
                node.at("peakToMean").positive("value"),
                node.at("sessionsPerDay").positive("value"),
                node.at("growthPerDay").amount("value"),
                node.at("leadDays").amount("value"),
                node.at("redisCommandsPerRequest").amount("value"),
                node.at("localPorts").positive("value"),
                node.at("openFiles").positive("value"),
                node.at("dollarsPerCore").amount("value"),
                node.at("secondsPerMonth").positive("value"),
                byClass(node.at("bytesPerRequest")),
                byClass(node.at("statementsPerRequest")),
                new LinkedHashSet<>(node.at("writeClasses").texts("value")));
    }

    private static double share(StrictNode node, String key) {
        double value = node.at(key).positive("value");
        if (value > 1) {
            throw node.at(key).at("value").wrong("a share, at most 1");
        }
        return value;
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
