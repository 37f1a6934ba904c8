package me.musclemap.capacity.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.LoadForm;
import me.musclemap.capacity.fit.SecondCore;
import me.musclemap.capacity.measure.RunRecord.RequestClass;
import me.musclemap.capacity.measure.StrictNode;

/**
 * What a prediction rests on, sealed with it: costs, the straight line. With it a prediction can be asked what it says of the requests that in fact came, without being fitted again: a window's arrivals are
 * random, and a model of costs is not to be blamed or praised for them.
 *
 * @param classes in the order of the costs
 * @param stations in the order of the costs
 * @param lines the straight line of each station, in cores, and of all of them last, as a share of the cores
 * @param cores that the line of all of them is a share of
 * @param compilingCores cores that were expected to compile beside the requests
 * @param generator what the load generator uses; empty where it was not watched apart
 */
public record SealedCosts(
        List<String> classes,
        List<String> stations,
        DemandModel model,
        List<Baselines.Line> lines,
        double cores,
        double compilingCores,
        Optional<Generator> generator) {
    public SealedCosts {
        classes = List.copyOf(classes);
        stations = List.copyOf(stations);
        lines = List.copyOf(lines);
    }

    /**
     * Cores without a request, CPU seconds for each of any class, and a line through the headline rate alone.
     *
     * @param fittedShare the share of its busy time in which the system's core was busy too
     */
    public record Generator(double cores, double cpuSeconds, double fittedShare, Baselines.Line line) {}

    static SealedCosts of(FittedRun fitted) {
        double cores = fitted.run().cpu().cores();
        var lines = new ArrayList<>(fitted.baselines().stations());
        lines.add(fitted.baselines().total());
        return new SealedCosts(
                fitted.run().classes().stream().map(RequestClass::name).toList(),
                fitted.run().cpu().stations(),
                fitted.demand().model(),
                lines,
                cores,
                fitted.demand().compilingCores(),
                fitted.generator()
                        .map(g -> new Generator(
                                g.cores(),
                                g.cpuSeconds(),
                                g.fittedShare(),
                                new Baselines.Line(g.lineCores(), g.lineCpuSeconds()))));
    }

    /** The same on cores that the load generator shares: its utilisation and that of all follow those of the stations. */
    public double[] utilisationBeside(double[] ratesPerSecond, double onCores, double workouts) {
        double requests = Arrays.stream(ratesPerSecond).sum();
        Generator beside = generator.orElseThrow();
        double apart = beside.cores() + beside.cpuSeconds() * requests;
        DemandModel grown = model.grownTo(workouts);
        SecondCore theirs = grown.secondCore().fittedAt(beside.fittedShare());
        DemandModel.Load load =
                grown.beside(ratesPerSecond, onCores, busy -> Beside.cores(apart, theirs, busy, onCores));
        return Beside.of(
                stations,
                utilisation(load, onCores),
                Beside.cores(apart, theirs, load.utilisation(), onCores) / onCores);
    }

    /** What the straight lines say there. */
    public double[] linesBeside(double headlinePerSecond, double onCores) {
        double at = Math.max(0, generator.orElseThrow().line().at(headlinePerSecond));
        return Beside.of(stations, lines(headlinePerSecond, onCores), at / onCores);
    }

    /** Where a figure of a station stands in these; of all of them where it is empty. */
    public int index(Optional<String> station, boolean besideGenerator) {
        int named = station.map(stations::indexOf).orElse(-1);
        if (named >= 0) {
            return named;
        }
        return stations.size() + (besideGenerator && station.isEmpty() ? 1 : 0);
    }

    /** Utilisation by station and of all of them last, under these rates by class, with so many workouts in the data. */
    public double[] utilisation(double[] ratesPerSecond, double onCores, double workouts) {
        return utilisation(model.grownTo(workouts).at(ratesPerSecond, onCores), onCores);
    }

    private double[] utilisation(DemandModel.Load load, double onCores) {
        double[] utilisation = Arrays.copyOf(load.busyCores(), stations.size() + 1);
        double total = 0;
        for (int s = 0; s < stations.size(); s++) {
            utilisation[s] /= onCores;
            total += utilisation[s];
        }
        double cut = total > 1 ? 1 / total : 1;
        for (int s = 0; s < stations.size(); s++) {
            utilisation[s] *= cut;
        }
        utilisation[stations.size()] = total * cut;
        return utilisation;
    }

    /** What the straight lines say of a headline rate, in the same order. */
    public double[] lines(double headlinePerSecond, double onCores) {
        double[] said = new double[lines.size()];
        for (int i = 0; i < said.length; i++) {
            double at = Math.max(0, lines.get(i).at(headlinePerSecond));
            said[i] = i < stations.size() ? at / onCores : Math.min(1, at * cores / onCores);
        }
        return said;
    }

    TreeMap<String, Object> json() {
        var json = new TreeMap<String, Object>();
        json.put("classes", classes);
        json.put("stations", stations);
        json.put("cores", cores);
        json.put("compilingCores", compilingCores);
        json.put("backgroundCores", model.background());
        json.put("cpuSecondsPerRequest", model.demand());
        json.put("loadForm", model.form().name());
        json.put("loadCpuSecondsPerRequest", model.loadPart());
        if (model.workouts() > 0) {
            json.put("workouts", model.workouts());
            json.put("growthCpuSecondsPerDoubling", model.growth());
        }
        if (model.secondCore().ratio() > 1) {
            json.put(
                    "secondCore",
                    new TreeMap<>(Map.of(
                            "ratio", model.secondCore().ratio(),
                            "fittedShare", model.secondCore().fittedShare(),
                            "fittedCores", model.secondCore().fittedCores())));
        }
        generator.ifPresent(g -> json.put(
                "generator",
                new TreeMap<>(Map.of(
                        "backgroundCores", g.cores(),
                        "cpuSecondsPerRequest", g.cpuSeconds(),
                        "systemBusyBeside", g.fittedShare(),
                        "lineIntercept", g.line().intercept(),
                        "lineSlope", g.line().slope()))));
        json.put(
                "straightLines",
                lines.stream()
                        .map(l -> new TreeMap<>(Map.of("intercept", l.intercept(), "slope", l.slope())))
                        .toList());
        return json;
    }

    static SealedCosts read(StrictNode node) {
        List<String> stations = node.texts("stations");
        double cores = node.positive("cores");
        double[][] demand = node.list("cpuSecondsPerRequest").stream()
                .map(SealedCosts::numbers)
                .toArray(double[][]::new);
        var lines = node.list("straightLines").stream()
                .map(l -> new Baselines.Line(l.number("intercept"), l.number("slope")))
                .toList();
        if (demand.length != stations.size() || lines.size() != stations.size() + 1) {
            throw node.at("cpuSecondsPerRequest").wrong("one row of costs for each of the stations");
        }
        LoadForm form;
        try {
            form = LoadForm.valueOf(node.text("loadForm"));
        } catch (IllegalArgumentException e) {
            throw node.at("loadForm").wrong("CONSTANT, FALLING or RISING");
        }
        return new SealedCosts(
                node.texts("classes"),
                stations,
                new DemandModel(
                        numbers(node.at("backgroundCores")),
                        demand,
                        numbers(node.at("loadCpuSecondsPerRequest")),
                        form,
                        node.find("growthCpuSecondsPerDoubling")
                                .map(SealedCosts::numbers)
                                .orElseGet(() -> new double[stations.size()]),
                        node.findNumber("workouts").orElse(0),
                        node.find("secondCore").map(SealedCosts::secondCore).orElse(SecondCore.NOT_MEASURED)),
                lines,
                cores,
                node.amount("compilingCores"),
                node.find("generator")
                        .map(g -> new Generator(
                                g.amount("backgroundCores"),
                                g.amount("cpuSecondsPerRequest"),
                                g.findNumber("systemBusyBeside").orElse(0),
                                new Baselines.Line(g.number("lineIntercept"), g.number("lineSlope")))));
    }

    private static SecondCore secondCore(StrictNode node) {
        try {
            return new SecondCore(node.number("ratio"), node.amount("fittedShare"), node.positive("fittedCores"));
        } catch (IllegalArgumentException e) {
            throw node.wrong("a ratio from 1 and a share up to 1");
        }
    }

    private static double[] numbers(StrictNode node) {
        return node.elements().stream().mapToDouble(StrictNode::asNumber).toArray();
    }
}
