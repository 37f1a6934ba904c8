package me.musclemap.capacity.plan;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import me.musclemap.capacity.measure.StrictNode;

/**
 * One phase of the scaling plan: what is claimed for it, and the machines it would have.
 *
 * @param claimedUsers from, to
 * @param claimedDollarsPerMonth from, to
 * @param databaseConnections server connections that statements can use at one time
 * @param roundTripSeconds between the API and the database
 * @param proxiedSockets whether each socket costs a local port of the proxy
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record Phase(
        String id,
        String name,
        String place,
        double targetUsers,
        double[] claimedUsers,
        double[] claimedDollarsPerMonth,
        List<Tier> tiers,
        double databaseConnections,
        double roundTripSeconds,
        boolean proxiedSockets,
        double bandwidthTerabytesPerMonth,
        List<EdgeCache> edgeCache,
        List<Cost> costs,
        String oneMachineLost) {
    private static final Set<String> KEYS = Set.of(
            "id",
            "name",
            "place",
            "targetUsers",
            "claimedUsers",
            "claimedDollarsPerMonth",
            "tiers",
            "databaseConnections",
            "roundTripSeconds",
            "proxiedSockets",
            "bandwidthTerabytesPerMonth",
            "edgeCache",
            "costs",
            "oneMachineLost");

    public Phase {
        tiers = List.copyOf(tiers);
        edgeCache = List.copyOf(edgeCache);
        costs = List.copyOf(costs);
    }

    /** Equal machines that run the same stations. */
    public record Tier(String name, int machines, double cores, double memoryGigabytes, List<String> stations) {
        private static final Set<String> KEYS =
                Set.of("name", "machines", "cores", "memoryGigabytes", "stations", "source");

        public Tier {
            stations = List.copyOf(stations);
        }

        static Tier read(StrictNode node) {
            node.onlyKeys(KEYS);
            int machines = node.count("machines");
            if (machines < 1) {
                throw node.at("machines").wrong("at least 1");
            }
            return new Tier(
                    node.text("name"),
                    machines,
                    node.positive("cores"),
                    node.positive("memoryGigabytes"),
                    node.texts("stations"));
        }

        /** Cores of all its machines. */
        public double totalCores() {
            return machines * cores;
        }
    }

    /**
     * Answers that are kept near the user.
     *
     * @param share of the class that may be kept
     * @param keys different answers, equally popular
     * @param pops places that each keep their own
     */
    public record EdgeCache(String requestClass, double share, double keys, double ttlSeconds, double pops) {
        private static final Set<String> KEYS = Set.of("class", "share", "keys", "ttlSeconds", "pops", "source");

        static EdgeCache read(StrictNode node) {
            node.onlyKeys(KEYS);
            return new EdgeCache(
                    node.text("class"),
                    node.amount("share"),
                    node.positive("keys"),
                    node.positive("ttlSeconds"),
                    node.positive("pops"));
        }
    }

    /**
     * A price: fixed with its range, or metered.
     *
     * @param fixed low, likely, high dollars a month; zeros for a metered one
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Cost(
            String what,
            double[] fixed,
            OptionalDouble perMillionRequests,
            OptionalDouble perMillionRedisCommands,
            double includedMillions) {
        private static final Set<String> KEYS = Set.of(
                "what",
                "dollarsPerMonth",
                "dollarsPerMillionRequests",
                "dollarsPerMillionRedisCommands",
                "includedMillions",
                "source");

        static Cost read(StrictNode node) {
            node.onlyKeys(KEYS);
            double[] fixed = node.find("dollarsPerMonth").isPresent()
                    ? numbers(node, "dollarsPerMonth", 3)
                    : new double[] {0, 0, 0};
            return new Cost(
                    node.text("what"),
                    fixed,
                    node.findNumber("dollarsPerMillionRequests"),
                    node.findNumber("dollarsPerMillionRedisCommands"),
                    node.findNumber("includedMillions").orElse(0));
        }

        /** The metered part of a month. */
        double metered(double millionRequests, double millionRedisCommands) {
            return perMillionRequests.orElse(0) * Math.max(0, millionRequests - includedMillions)
                    + perMillionRedisCommands.orElse(0) * Math.max(0, millionRedisCommands - includedMillions);
        }
    }

    static Phase read(StrictNode node) {
        node.onlyKeys(KEYS);
        return new Phase(
                node.text("id"),
                node.text("name"),
                node.text("place"),
                node.positive("targetUsers"),
                numbers(node, "claimedUsers", 2),
                numbers(node, "claimedDollarsPerMonth", 2),
                node.list("tiers").stream().map(Tier::read).toList(),
                node.at("databaseConnections").positive("value"),
                node.at("roundTripSeconds").amount("value"),
                node.at("proxiedSockets").flag("value"),
                node.at("bandwidthTerabytesPerMonth").positive("value"),
                node.list("edgeCache").stream().map(EdgeCache::read).toList(),
                node.list("costs").stream().map(Cost::read).toList(),
                node.text("oneMachineLost"));
    }

    private static double[] numbers(StrictNode node, String key, int count) {
        double[] numbers =
                node.list(key).stream().mapToDouble(StrictNode::asAmount).toArray();
        if (numbers.length != count) {
            throw node.at(key).wrong(count + " numbers");
        }
        return numbers;
    }

    /** Cores of all tiers. */
    public double totalCores() {
        return tiers.stream().mapToDouble(Tier::totalCores).sum();
    }

    /** The tier that runs a station, if one does. */
    java.util.Optional<Tier> tierOf(String station) {
        return tiers.stream().filter(t -> t.stations().contains(station)).findFirst();
    }
}
