package me.musclemap.capacity.plan;

import java.util.List;
import java.util.Set;
import me.musclemap.capacity.measure.StrictNode;

/**
 * What can be bought.
 *
 * @param machines from which the cheapest configuration is put together
 * @param machinesMax of one kind in one tier
 * @param databaseConnections that one database machine may be given, to choose from
 */
public record Prices(List<Machine> machines, int machinesMax, List<Double> databaseConnections) {
    private static final Set<String> KEYS = Set.of("machines", "machinesMax", "databaseConnections");

    public Prices {
        machines = List.copyOf(machines);
        databaseConnections = List.copyOf(databaseConnections);
    }

    /** A rented machine. */
    public record Machine(
            String name, double cores, double memoryGigabytes, double bandwidthTerabytes, double dollarsPerMonth) {
        private static final Set<String> KEYS =
                Set.of("name", "cores", "memoryGigabytes", "bandwidthTerabytes", "dollarsPerMonth", "source");

        static Machine read(StrictNode node) {
            node.onlyKeys(KEYS);
            Assumptions.sourced(node);
            return new Machine(
                    node.text("name"),
                    node.positive("cores"),
                    node.positive("memoryGigabytes"),
                    node.positive("bandwidthTerabytes"),
                    node.amount("dollarsPerMonth"));
        }
    }

    static Prices read(StrictNode node) {
        node.onlyKeys(KEYS);
        List<Machine> machines =
                node.list("machines").stream().map(Machine::read).toList();
        if (machines.isEmpty()) {
            throw node.at("machines").wrong("at least one machine");
        }
        int most = Assumptions.stated(node, "machinesMax").count("value");
        if (most < 1) {
            throw node.at("machinesMax").at("value").wrong("at least 1");
        }
        return new Prices(
                machines,
                most,
                Assumptions.stated(node, "databaseConnections").list("value").stream()
                        .map(StrictNode::asAmount)
                        .toList());
    }
}
