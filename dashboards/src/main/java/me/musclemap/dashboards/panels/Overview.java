package me.musclemap.dashboards.panels;

import java.util.List;
import me.musclemap.dashboards.capacity.CapacityFacts;
import me.musclemap.dashboards.capacity.RunFacts;

/** The overview: what a person on call needs on the first screen, then one row a question. */
public final class Overview {
    private Overview() {}

    /** The overview of a system with this capacity. */
    public static Dashboard of(CapacityFacts capacity, RunFacts run) {
        var facts = new Facts(capacity, run);
        return new Dashboard(
                "headroom-overview",
                "Headroom: overview",
                "Capacity limits from run %s (%s, %s), %s."
                        .formatted(
                                capacity.runId(),
                                capacity.stack().name(),
                                capacity.stack().scope(),
                                capacity.quality().label()),
                List.of(
                        FirstScreen.status(facts),
                        FirstScreen.golden(facts),
                        CapacityRows.capacity(facts),
                        ServiceRows.requests(facts),
                        CapacityRows.database(facts),
                        ServiceRows.cache(),
                        ServiceRows.sockets(),
                        ServiceRows.visitors(),
                        CapacityRows.host(facts),
                        CapacityRows.loadTest(),
                        ServiceRows.unseen()));
    }
}
