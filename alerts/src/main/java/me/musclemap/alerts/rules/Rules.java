package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.capacity.RunFacts;

/** The rule book: what is recorded, what is watched, and by which limits. */
public final class Rules {
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private Rules() {}

    /** The rules for a system with this capacity. */
    public static RuleBook of(CapacityAnswer capacity, RunFacts run) {
        var inputs = Inputs.of(capacity, run);
        var omitted = new ArrayList<RuleBook.Omitted>();
        var groups = List.of(
                new Group("headroom-load", INTERVAL, Load.recordings(inputs), List.of()),
                new Group("headroom-failures", INTERVAL, Failures.recordings(), Failures.alerts()),
                new Group("headroom-latency", INTERVAL, Latency.recordings(), Latency.alerts(inputs, omitted)),
                new Group("headroom-stations", INTERVAL, Stations.recordings(inputs), Stations.alerts(inputs, omitted)),
                new Group("headroom-capacity", INTERVAL, Headroom.recordings(inputs), Headroom.alerts(inputs, omitted)),
                new Group("headroom-host", INTERVAL, Host.recordings(), Host.alerts(inputs, omitted)),
                new Group("headroom-visitors", INTERVAL, List.of(), Visitors.alerts()),
                new Group("headroom-monitoring", INTERVAL, List.of(), Monitoring.alerts()));
        var origin = "Thresholds from run %s: %s (%s), %s.%s"
                .formatted(
                        capacity.runId(),
                        capacity.stack().name(),
                        capacity.stack().scope(),
                        capacity.quality().label(),
                        inputs.weights().known()
                                ? ""
                                : " The run could not tell the classes apart: every request counts as one of the mix.");
        return new RuleBook(origin, groups, omitted);
    }
}
