package me.musclemap.alerts.capacity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request of each class costs in requests of the workload's mix, by CPU. So a login storm counts for what it
 * costs: the capacity in requests per second holds for the mix only.
 */
public final class Weights {
    private final Map<String, Double> byClass = new LinkedHashMap<>();
    private final boolean known;

    /** The weights by the demands of the answer at the stations that share the CPU. */
    public Weights(CapacityAnswer capacity, RunFacts run) {
        var mix = capacity.workload().mix();
        var demands = capacity.demands().stream()
                .filter(demand -> run.cpu().stations().contains(demand.station()))
                .toList();
        double ofMix = mix.entrySet().stream()
                .mapToDouble(share -> share.getValue() * cpuSeconds(demands, share.getKey()))
                .sum();
        known = ofMix > 0 && demands.stream().allMatch(CapacityAnswer.Demand::identifiable);
        for (var requestClass : run.classes()) {
            double weight = requestClass.headline() ? 1 : 0;
            if (known) {
                weight = cpuSeconds(demands, requestClass.name()) / ofMix;
            }
            byClass.put(requestClass.name(), weight);
        }
    }

    private static double cpuSeconds(List<CapacityAnswer.Demand> demands, String requestClass) {
        return demands.stream()
                .filter(demand -> demand.requestClass().equals(requestClass))
                .mapToDouble(demand -> demand.cpuSecondsPerRequest().mid())
                .sum();
    }

    /** Whether the run could tell the classes apart; if not, every headline request counts as one. */
    public boolean known() {
        return known;
    }

    /** Requests of the mix that one request of the class costs as much as. */
    public double of(String requestClass) {
        return byClass.getOrDefault(requestClass, 1.0);
    }
}
