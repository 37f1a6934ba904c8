package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import me.musclemap.capacity.fit.DemandFit;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.LoadForm;
import me.musclemap.capacity.fit.SecondCore;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.StrictNode;
import me.musclemap.capacity.predict.TrafficMix;

/** A stack whose costs were measured operation by operation, elsewhere; its answers are estimates, because its knee was not. */
final class PresetStack {
    private static final List<String> STATIONS = List.of("api", "postgres", "redis");
    private static final String DATABASE = "postgres";
    private static final Set<String> KEYS = Set.of(
            "measurements",
            "variant",
            "variantWithoutTracing",
            "scope",
            "measuredCores",
            "eventLoopsPerCore",
            "commonSpread",
            "idleCores",
            "idleResidentBytes",
            "bytesPerSocket",
            "classes");

    /** Its costs were measured one operation at a time: no neighbour was busy. */
    private static final SecondCore ONE_AT_A_TIME = new SecondCore(1, 0, 1);

    private final StrictNode preset;
    private final String name;
    private final Map<String, Map<String, Cost>> operations;
    private final boolean caches;

    private PresetStack(StrictNode preset, String name, Map<String, Map<String, Cost>> operations, boolean caches) {
        this.preset = preset;
        this.name = name;
        this.operations = operations;
        this.caches = caches;
    }

    /** CPU seconds of an operation at a station. */
    private record Cost(double median, double min, double max) {
        /** Half of the logarithm of max over min spans two deviations, roughly, for five repeats. */
        double spread() {
            return min > 0 && max > min ? Math.log(max / min) / 2.33 : 0.1;
        }
    }

    /** The production stack that ships with the room, traced and cached as is asked for. */
    static PresetStack shipped(Asking asking) {
        String name = "musclemap-node-2026-02";
        StrictNode preset = StrictNode.parseYaml(name + ".yaml", Phases.resource("/presets/" + name + ".yaml"));
        preset.onlyKeys(KEYS);
        String measurements = preset.text("measurements");
        StrictNode data = StrictNode.parse(measurements, Phases.resource("/presets/" + measurements));
        String variant = preset.text(asking.productionTracing() ? "variant" : "variantWithoutTracing");
        var operations = new HashMap<String, Map<String, Cost>>();
        for (StrictNode node : data.list("variants")) {
            if (node.text("name").equals(variant)) {
                node.list("operations").forEach(o -> operations.put(o.text("operation"), costs(o)));
            }
        }
        if (operations.isEmpty()) {
            throw preset.at("variant").wrong("a variant of " + measurements);
        }
        return new PresetStack(preset, data.text("stack"), operations, asking.productionCache());
    }

    private static Map<String, Cost> costs(StrictNode operation) {
        var costs = new HashMap<String, Cost>();
        for (String station : STATIONS) {
            StrictNode cost = operation.at(station);
            double median = cost.amount("median");
            costs.put(
                    station,
                    new Cost(
                            median,
                            cost.findNumber("min").orElse(median),
                            cost.findNumber("max").orElse(median)));
        }
        return costs;
    }

    /** Each operation beside what a request of its class costs on the measured stack. */
    List<CapacityAnswer.StackRatio> against(RunRecord run, DemandFit fit, double utilisation) {
        double[] perRequest = TrafficMix.of(run).perRequest();
        double mean = 0;
        double requests = 0;
        for (int c = 0; c < perRequest.length; c++) {
            mean += perRequest[c] * fit.model().totalDemandAt(c, utilisation);
            requests += perRequest[c];
        }
        var ratios = new ArrayList<CapacityAnswer.StackRatio>();
        for (int c = 0; c < perRequest.length; c++) {
            String requestClass = run.classes().get(c).name();
            double measured = fit.identifiable()[c] ? fit.model().totalDemandAt(c, utilisation) : mean / requests;
            if (preset.at("classes").find(requestClass).isEmpty() || !(measured > 0)) {
                continue;
            }
            for (String operation : preset.at("classes").texts(requestClass)) {
                double production = operations.getOrDefault(operation, Map.of()).values().stream()
                        .mapToDouble(Cost::median)
                        .sum();
                ratios.add(new CapacityAnswer.StackRatio(
                        requestClass, operation, measured, production, !fit.identifiable()[c]));
            }
        }
        return ratios;
    }

    /** As a stack under the run's classes; empty if the mix has a class that the preset does not know. */
    Optional<Stack> stack(RunRecord run, int draws, long seed) {
        Map<String, StrictNode> classes = preset.members("classes");
        for (RunRecord.RequestClass requestClass : run.classes()) {
            boolean asked = run.workload().mix().getOrDefault(requestClass.name(), 0.0) > 0;
            if (asked && !classes.containsKey(requestClass.name())) {
                return Optional.empty();
            }
        }
        var random = new SplittableRandom(seed ^ 0x0de);
        double common = preset.amount("commonSpread");
        DemandModel best = model(run, Optional.empty());
        var models = new ArrayList<DemandModel>();
        for (int d = 0; d < draws; d++) {
            models.add(model(run, Optional.of(random)).scaled(Math.exp(common * PhasePlanner.gaussian(random))));
        }
        TrafficMix mix = TrafficMix.of(run);
        return Optional.of(new Stack(
                name,
                preset.text("scope"),
                STATIONS,
                best,
                models,
                PoolHold.fromCpu(best, STATIONS.indexOf(DATABASE), mix),
                preset.positive("measuredCores"),
                Double.POSITIVE_INFINITY,
                preset.amount("idleResidentBytes") * 2,
                preset.amount("bytesPerSocket"),
                OptionalInt.of(preset.count("eventLoopsPerCore")),
                caches,
                new double[run.classes().size()], // its cache did not work while its costs were measured
                new LoopResponse(STATIONS.indexOf(PhasePlanner.API)),
                PeriodicLoad.NONE, // what the real product does at intervals was not measured
                true));
    }

    private DemandModel model(RunRecord run, Optional<SplittableRandom> random) {
        double[] background = new double[STATIONS.size()];
        double[][] demand = new double[STATIONS.size()][run.classes().size()];
        for (int s = 0; s < background.length; s++) {
            background[s] = preset.at("idleCores").amount(STATIONS.get(s));
            for (int c = 0; c < demand[s].length; c++) {
                demand[s][c] = demand(run.classes().get(c).name(), STATIONS.get(s), random);
            }
        }
        return new DemandModel(background, demand, new double[background.length], LoadForm.CONSTANT)
                .with(ONE_AT_A_TIME);
    }

    /** Mean over the operations that stand for the class, each drawn within its repeats. */
    private double demand(String requestClass, String station, Optional<SplittableRandom> random) {
        if (preset.at("classes").find(requestClass).isEmpty()) {
            return 0;
        }
        double sum = 0;
        List<String> names = preset.at("classes").texts(requestClass);
        for (String operation : names) {
            Map<String, Cost> costs = operations.get(operation);
            if (costs == null) {
                throw preset.at("classes")
                        .at(requestClass)
                        .wrong("operations that were measured; " + operation + " was not");
            }
            Cost cost = costs.getOrDefault(station, new Cost(0, 0, 0));
            double factor = random.isPresent() ? Math.exp(cost.spread() * PhasePlanner.gaussian(random.get())) : 1;
            sum += cost.median() * factor;
        }
        return sum / names.size();
    }
}
