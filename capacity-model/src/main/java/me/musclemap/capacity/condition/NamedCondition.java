package me.musclemap.capacity.condition;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecord.RequestClass;
import me.musclemap.capacity.measure.StrictNode;
import me.musclemap.capacity.predict.TrafficMix;

/**
 * A load and a machine that somebody asks about. What the file leaves out is as in the run.
 *
 * @param mix requests of each class per headline request; headline shares add up to 1
 * @param requestsPerSecond headline requests, of all users together
 * @param perUser headline requests per second of one user in session
 * @param activeUsers different users who ask within a time to live; the users in session unless the file says otherwise
 * @param activeUsersFixed whether they stay as many when the rate changes
 * @param dataset size of the data, where it is not the run's
 * @param caches changes to the caches, by key class
 * @param poolSize database connections; empty where the run has no pool
 * @param roundTripSeconds between the API and the database, beyond the run's own
 */
public record NamedCondition(
        String name,
        String title,
        Map<String, Double> mix,
        double requestsPerSecond,
        double perUser,
        double telemetryPerRequest,
        double activeUsers,
        boolean activeUsersFixed,
        Optional<Dataset> dataset,
        Map<String, CacheChange> caches,
        double cores,
        OptionalInt poolSize,
        double roundTripSeconds) {
    private static final Set<String> KEYS = Set.of(
            "name",
            "title",
            "mix",
            "operations",
            "requestsPerSecond",
            "users",
            "requestsPerSecondPerUser",
            "telemetryPerRequest",
            "activeIds",
            "dataset",
            "cache",
            "cores",
            "poolSize",
            "databaseRoundTripSeconds");
    private static final int POOL_MAX = 100_000;

    public NamedCondition {
        mix = Map.copyOf(mix);
        caches = Map.copyOf(caches);
    }

    /** Rows that the costs depend on. */
    public record Dataset(double users, double workouts) {}

    /** What a condition says of one cache; empty is as in the run. */
    public record CacheChange(OptionalDouble ttlSeconds, OptionalDouble keys, OptionalDouble zipf) {
        private static final Set<String> KEYS = Set.of("ttlSeconds", "keys", "zipf");

        static CacheChange read(StrictNode node) {
            node.onlyKeys(KEYS);
            return new CacheChange(
                    node.find("ttlSeconds").isPresent()
                            ? OptionalDouble.of(node.amount("ttlSeconds"))
                            : OptionalDouble.empty(),
                    node.find("keys").isPresent() ? OptionalDouble.of(node.positive("keys")) : OptionalDouble.empty(),
                    node.find("zipf").isPresent() ? OptionalDouble.of(node.amount("zipf")) : OptionalDouble.empty());
        }
    }

    /**
     * Reads a condition.
     *
     * @param caches the key classes that there are
     * @throws MalformedInputException if a key is not known, or a value is not what it must be
     */
    public static NamedCondition read(String file, String text, RunRecord run, Set<String> caches) {
        StrictNode root = StrictNode.parseYaml(file, text);
        root.onlyKeys(KEYS);
        RunRecord.Workload workload = run.workload();
        double perUser = root.find("requestsPerSecondPerUser").isPresent()
                ? root.positive("requestsPerSecondPerUser")
                : workload.requestsPerSecondPerUser();
        double rate = rate(file, root, perUser);
        boolean activeGiven = root.find("activeIds").isPresent();
        return new NamedCondition(
                root.text("name"),
                root.findText("title").orElse(""),
                mix(file, root, run),
                rate,
                perUser,
                root.find("telemetryPerRequest").isPresent()
                        ? root.amount("telemetryPerRequest")
                        : workload.telemetryPerSecondPerUser() / workload.requestsPerSecondPerUser(),
                activeGiven ? root.positive("activeIds") : rate / perUser,
                activeGiven,
                dataset(root),
                changes(root, caches),
                root.find("cores").isPresent()
                        ? root.positive("cores")
                        : run.cpu().cores(),
                pool(root, run),
                root.find("databaseRoundTripSeconds").isPresent() ? root.amount("databaseRoundTripSeconds") : 0);
    }

    private static double rate(String file, StrictNode root, double perUser) {
        boolean users = root.find("users").isPresent();
        if (users == root.find("requestsPerSecond").isPresent()) {
            throw new MalformedInputException(file + ": requestsPerSecond: give either it or users, one of them");
        }
        return users ? root.positive("users") * perUser : root.positive("requestsPerSecond");
    }

    private static Map<String, Double> mix(String file, StrictNode root, RunRecord run) {
        boolean byClass = root.find("mix").isPresent();
        if (byClass && root.find("operations").isPresent()) {
            throw new MalformedInputException(file + ": mix: give either it or operations, not both");
        }
        if (!byClass && root.find("operations").isEmpty()) {
            return run.workload().mix();
        }
        String key = byClass ? "mix" : "operations";
        var mix = new LinkedHashMap<String, Double>();
        root.amounts(key).forEach((name, share) -> {
            RequestClass found = run.classes().stream()
                    .filter(c ->
                            byClass ? c.name().equals(name) : c.operations().contains(name))
                    .findFirst()
                    .orElseThrow(() -> root.at(key).at(name).wrong(byClass ? classes(run) : operations(run)));
            if (!found.headline()) {
                throw root.at(key)
                        .at(name)
                        .wrong("a headline " + (byClass ? "class" : "operation")
                                + "; telemetryPerRequest says how many of these there are");
            }
            mix.merge(found.name(), share, Double::sum);
        });
        if (!(mix.values().stream().mapToDouble(Double::doubleValue).sum() > 0)) {
            throw root.at(key).wrong("at least one share above zero");
        }
        return mix;
    }

    private static String classes(RunRecord run) {
        return "one of the run's classes, "
                + String.join(
                        ", ", run.classes().stream().map(RequestClass::name).toList());
    }

    private static String operations(RunRecord run) {
        return "one of the run's operations, "
                + String.join(
                        ", ",
                        run.classes().stream()
                                .flatMap(c -> c.operations().stream())
                                .toList());
    }

    private static Optional<Dataset> dataset(StrictNode root) {
        return root.find("dataset").map(node -> {
            node.onlyKeys(Set.of("users", "workouts"));
            return new Dataset(node.positive("users"), node.positive("workouts"));
        });
    }

    private static Map<String, CacheChange> changes(StrictNode root, Set<String> caches) {
        var changes = new LinkedHashMap<String, CacheChange>();
        if (root.find("cache").isPresent()) {
            root.members("cache").forEach((name, node) -> {
                if (!caches.contains(name)) {
                    throw node.wrong("the settings of a cache that there is: "
                            + String.join(", ", caches.stream().sorted().toList()));
                }
                changes.put(name, CacheChange.read(node));
            });
        }
        return changes;
    }

    private static OptionalInt pool(StrictNode root, RunRecord run) {
        if (root.find("poolSize").isEmpty()) {
            return run.pools().values().stream().mapToInt(Integer::intValue).max();
        }
        int size = root.count("poolSize");
        if (size < 1 || size > POOL_MAX) {
            throw root.at("poolSize").wrong("a whole number from 1 to " + POOL_MAX);
        }
        return OptionalInt.of(size);
    }

    /** The mix as the model takes it. Which telemetry posts come is not asked for: they come as they did in the run. */
    TrafficMix traffic(RunRecord run) {
        var all = new HashMap<String, Double>(mix);
        for (RequestClass requestClass : run.classes()) {
            Double share = run.workload().mix().get(requestClass.name());
            if (!requestClass.headline() && share != null) {
                all.put(requestClass.name(), share);
            }
        }
        return TrafficMix.of(run.classes(), all, telemetryPerRequest);
    }

    /** Users who ask within a time to live, at this rate. */
    double activeUsersAt(double perSecond) {
        return activeUsersFixed ? activeUsers : perSecond / perUser;
    }
}
