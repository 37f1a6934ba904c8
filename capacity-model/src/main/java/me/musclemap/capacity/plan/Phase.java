package me.musclemap.capacity.plan;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import me.musclemap.capacity.cache.KeyPopulation;
import me.musclemap.capacity.measure.StrictNode;

/**
 * One phase of the scaling plan: what is claimed for it, and the machines it would have.
 *
 * @param claimedUsers from, to
 * @param claimedDollarsPerMonth from, to
 * @param databaseConnections server connections that statements can use at one time
 * @param regions where its users are; each has a cache of its own at the origin
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
        List<Region> regions,
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
            "regions",
            "proxiedSockets",
            "bandwidthTerabytesPerMonth",
            "edgeCache",
            "costs",
            "oneMachineLost");

    public Phase {
        tiers = List.copyOf(tiers);
        edgeCache = List.copyOf(edgeCache);
        costs = List.copyOf(costs);
        regions = List.copyOf(regions);
    }

    /**
     * A part of the users.
     *
     * @param share of all users
     * @param readSeconds round trip from the API that serves them to the database that reads for them
     * @param writeSeconds round trip from there to the primary
     */
    public record Region(String name, double share, double readSeconds, double writeSeconds) {
        private static final Set<String> KEYS =
                Set.of("name", "share", "readSeconds", "writeSeconds", "source", "ranges");

        static Region read(StrictNode node) {
            node.onlyKeys(KEYS);
            Assumptions.sourced(node);
            return new Region(
                    node.text("name"),
                    Assumptions.shareOf(node.at("share")),
                    node.amount("readSeconds"),
                    node.amount("writeSeconds"));
        }
    }

    private static List<Region> regions(StrictNode node) {
        List<Region> regions = node.list("regions").stream().map(Region::read).toList();
        double shares = regions.stream().mapToDouble(Region::share).sum();
        if (Math.abs(shares - 1) > 1e-6) {
            throw node.at("regions").wrong("regions whose shares add up to 1, not to " + shares);
        }
        return regions;
    }

    /** Mean round trip over the users. */
    double roundTripSeconds(boolean write) {
        return regions.stream()
                .mapToDouble(r -> r.share() * (write ? r.writeSeconds() : r.readSeconds()))
                .sum();
    }

    /**
     * Equal machines that run the same stations.
     *
     * @param machines of a database: primaries and replicas of all shards together
     * @param speed of a core over a measured one
     * @param diskGigabytes of each; 0 where nothing says it
     * @param shards parts of the data, each with a primary of its own
     */
    public record Tier(
            String name,
            int machines,
            double cores,
            double speed,
            double memoryGigabytes,
            double diskGigabytes,
            int shards,
            List<String> stations) {
        private static final Set<String> KEYS = Set.of(
                "name",
                "machines",
                "cores",
                "speed",
                "memoryGigabytes",
                "diskGigabytes",
                "shards",
                "stations",
                "source",
                "ranges");

        public Tier {
            stations = List.copyOf(stations);
        }

        static Tier read(StrictNode node) {
            node.onlyKeys(KEYS);
            Assumptions.sourced(node);
            int machines = node.count("machines");
            if (machines < 1) {
                throw node.at("machines").wrong("at least 1");
            }
            int shards = node.find("shards").isPresent() ? node.count("shards") : 1;
            if (shards < 1 || machines % shards != 0) {
                throw node.at("shards").wrong("a whole number that divides the machines evenly");
            }
            return new Tier(
                    node.text("name"),
                    machines,
                    node.positive("cores"),
                    node.find("speed").isPresent() ? node.positive("speed") : 1,
                    node.positive("memoryGigabytes"),
                    node.find("diskGigabytes").isPresent() ? node.amount("diskGigabytes") : 0,
                    shards,
                    node.texts("stations"));
        }

        /** The same with another number of machines. */
        Tier with(int otherMachines) {
            return new Tier(name, otherMachines, cores, speed, memoryGigabytes, diskGigabytes, shards, stations);
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
     * @param ranking its different answers and how popular each is
     * @param pops places that each keep their own
     */
    public record EdgeCache(String requestClass, double share, KeyPopulation ranking, double ttlSeconds, double pops) {
        private static final Set<String> KEYS =
                Set.of("class", "share", "keys", "zipf", "ttlSeconds", "pops", "source", "ranges");

        static EdgeCache read(StrictNode node) {
            node.onlyKeys(KEYS);
            Assumptions.sourced(node);
            return new EdgeCache(
                    node.text("class"),
                    Assumptions.shareOf(node.at("share")),
                    Phase.ranking(node, node.positive("keys")),
                    node.positive("ttlSeconds"),
                    node.positive("pops"));
        }

        /** Share of the class that is answered at the edge, at such a rate of the class. */
        double hits(double classPerSecond, double life) {
            return life == 0 ? 0 : share * ranking.hitRatio(classPerSecond * share / pops, ttlSeconds * life);
        }
    }

    /**
     * A price: fixed with its range, or metered.
     *
     * @param fixed low, likely, high dollars a month; zeros for a metered one
     * @param machines whether it is the rent of the phase's machines, which another choice of machines replaces
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Cost(
            String what,
            double[] fixed,
            OptionalDouble perMillionRequests,
            OptionalDouble perMillionRedisCommands,
            double includedMillions,
            boolean machines) {
        private static final Set<String> KEYS = Set.of(
                "what",
                "dollarsPerMonth",
                "dollarsPerMillionRequests",
                "dollarsPerMillionRedisCommands",
                "includedMillions",
                "machines",
                "source");

        static Cost read(StrictNode node) {
            node.onlyKeys(KEYS);
            Assumptions.sourced(node);
            double[] fixed = node.find("dollarsPerMonth").isPresent()
                    ? numbers(node, "dollarsPerMonth", 3)
                    : new double[] {0, 0, 0};
            return new Cost(
                    node.text("what"),
                    fixed,
                    node.findNumber("dollarsPerMillionRequests"),
                    node.findNumber("dollarsPerMillionRedisCommands"),
                    node.findNumber("includedMillions").orElse(0),
                    node.find("machines").isPresent() && node.flag("machines"));
        }

        /** The metered part of a month. */
        double metered(double millionRequests, double millionRedisCommands) {
            return perMillionRequests.orElse(0) * Math.max(0, millionRequests - includedMillions)
                    + perMillionRedisCommands.orElse(0) * Math.max(0, millionRedisCommands - includedMillions);
        }
    }

    /** Keys of the popularity that a cache's node states. */
    static KeyPopulation ranking(StrictNode node, double keys) {
        double zipf = node.find("zipf").isPresent() ? node.amount("zipf") : 0;
        return KeyPopulation.of(keys, zipf);
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
                Assumptions.positive(node, "databaseConnections"),
                regions(node),
                Assumptions.flag(node, "proxiedSockets"),
                Assumptions.positive(node, "bandwidthTerabytesPerMonth"),
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

    /** The same with one tier changed. */
    Phase with(Tier changed) {
        return withTiers(tiers.stream()
                .map(t -> t.name().equals(changed.name()) ? changed : t)
                .toList());
    }

    /** The same on other machines, with as many connections to the database and as much bandwidth. */
    public Phase on(List<Tier> others, double connections, double terabytesPerMonth) {
        return new Phase(
                id,
                name,
                place,
                targetUsers,
                claimedUsers,
                claimedDollarsPerMonth,
                others,
                connections,
                regions,
                proxiedSockets,
                terabytesPerMonth,
                edgeCache,
                costs,
                oneMachineLost);
    }

    /** The same on other machines. */
    Phase withTiers(List<Tier> others) {
        return on(others, databaseConnections, bandwidthTerabytesPerMonth);
    }

    /** Cores of all tiers. */
    public double totalCores() {
        return tiers.stream().mapToDouble(Tier::totalCores).sum();
    }

    /** The tier that runs a station, if one does. */
    public java.util.Optional<Tier> tierOf(String station) {
        return tiers.stream().filter(t -> t.stations().contains(station)).findFirst();
    }
}
