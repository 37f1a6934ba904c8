package me.musclemap.capacity.predict;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import me.musclemap.capacity.fit.DemandFit;
import me.musclemap.capacity.fit.DemandFitter;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.GeneratorCost;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.RunRecord;

/**
 * Everything that is fitted from one run: costs, response times and the baselines, with their draws. A draw -1 means the best
 * estimate. Thread-safe once made.
 */
public final class FittedRun {
    /** Utilisation above which a rate no longer counts as carried: the rule of the probe that finds the knee. */
    public static final double SUSTAINABLE_UTILISATION = 0.90;

    /** The plan's own limit on the 99th percentile, in seconds. */
    public static final double SLO_P99_SECONDS = 1;

    /** The draw that stands for the best estimate. */
    public static final int BEST = -1;

    private final RunRecord run;
    private final DemandFit demand;
    private final Optional<ResponseModel> response;
    private final Baselines baselines;
    private final Optional<GeneratorCost> generator;
    /** Standard normal, by draw. */
    private final double[] formDraws;

    private FittedRun(
            RunRecord run,
            DemandFit demand,
            Optional<ResponseModel> response,
            Baselines baselines,
            Optional<GeneratorCost> generator) {
        this.run = run;
        this.generator = generator;
        this.demand = demand;
        this.response = response;
        this.baselines = baselines;
        this.formDraws = new double[demand.draws().size()];
        var random = new SplittableRandom(run.seed() ^ 0xf0f0);
        for (int d = 0; d < formDraws.length; d++) {
            formDraws[d] =
                    Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
        }
    }

    /**
     * Fits the selected windows.
     *
     * @throws me.musclemap.capacity.fit.UnsupportedFitException if they are too few
     */
    public static FittedRun of(RunRecord run, Selection selection, int draws, long seed) {
        DemandFit demand = new DemandFitter(run, draws, seed).fit(selection);
        Map<Integer, TrafficMix> mixes = new HashMap<>();
        for (Observation o : selection.loaded()) {
            mixes.put(o.window().index(), mixOf(run, o));
        }
        return new FittedRun(
                run,
                demand,
                MeasuredTimes.of(run, demand, seed)
                        .or(() -> ResponseFit.of(
                                demand, o -> mixes.getOrDefault(o.window().index(), TrafficMix.of(run)), seed)),
                Baselines.of(selection.loaded(), run.cpu().stations().size()),
                GeneratorCost.of(run, selection, draws, seed));
    }

    private static TrafficMix mixOf(RunRecord run, Observation o) {
        double[] perRequest = o.ratesPerSecond().clone();
        boolean[] headline = new boolean[perRequest.length];
        for (int c = 0; c < perRequest.length; c++) {
            headline[c] = run.classes().get(c).headline();
            perRequest[c] /= Math.max(o.headlinePerSecond(), 1e-9);
        }
        return new TrafficMix(perRequest, headline);
    }

    /** The mix of a window as it was driven. */
    public TrafficMix mixOf(Observation observation) {
        return mixOf(run, observation);
    }

    public RunRecord run() {
        return run;
    }

    public DemandFit demand() {
        return demand;
    }

    Baselines baselines() {
        return baselines;
    }

    /** What the load generator uses; empty where it was not watched apart. */
    Optional<GeneratorCost> generator() {
        return generator;
    }

    /** Whether windows had response times to fit. */
    public boolean hasResponse() {
        return response.isPresent();
    }

    /** How many draws there are. */
    public int draws() {
        return demand.draws().size();
    }

    /** The costs of one draw in this restart: the last one that was measured is known better than one to come. */
    public DemandModel model(int draw, OptionalInt restart) {
        if (restart.isEmpty() || restart.getAsInt() != demand.lastRestart()) {
            return model(draw);
        }
        return draw == BEST
                ? demand.model().scaled(demand.lastFactor())
                : demand.lastDraws().get(draw).scaled(formFactor(draw));
    }

    /** The costs of one draw, in a restart like those measured. */
    public DemandModel model(int draw) {
        return draw == BEST
                ? demand.model()
                : demand.draws().get(draw).scaled(demand.restartScale()[draw] * formFactor(draw));
    }

    /** The costs of one draw as the mean over restarts to come: what a headline figure is of. */
    public DemandModel headlineModel(int draw) {
        return draw == BEST
                ? demand.model()
                : demand.draws().get(draw).scaled(demand.restartMeanScale()[draw] * formFactor(draw));
    }

    /** By what the form of the model may be off at loads that were not fitted. */
    private double formFactor(int draw) {
        return Math.exp(demand.formSpread() * formDraws[draw]);
    }

    /** What a window strays by from a draw, as a factor on its response time. */
    double stray(
            int draw, ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores) {
        return response.map(r -> r.stray(draw, quantity, model, mix, utilisation, cores))
                .orElse(1.0);
    }

    /** How a quantity answers to load; empty where that is not known. */
    Optional<ResponseModel.Stretch> stretch(ResponseQuantity quantity, TrafficMix mix, double cores) {
        return response.flatMap(r -> r.stretch(quantity, demand.model(), mix, cores));
    }

    /** Seconds under a mix when the cores are so busy; empty without response times. */
    public OptionalDouble seconds(
            int draw, ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores) {
        if (response.isEmpty()) {
            return OptionalDouble.empty();
        }
        ResponseModel fit = response.get();
        return OptionalDouble.of(
                draw == BEST
                        ? fit.seconds(quantity, model, mix, utilisation, cores)
                        : fit.seconds(draw, quantity, model, mix, utilisation, cores));
    }

    /** The headline rate at which the shared cores are so busy. */
    public double rateAtUtilisation(DemandModel model, TrafficMix mix, double cores, double utilisation) {
        return highest(rate -> model.at(mix.rates(rate), cores).utilisation() - utilisation);
    }

    /** The highest headline rate in this mix that is carried: cores at most 90 % busy and, where known, p99 at most 1 s. */
    public double maxSustainable(int draw, DemandModel model, TrafficMix mix, double cores) {
        double byCpu = rateAtUtilisation(model, mix, cores, SUSTAINABLE_UTILISATION);
        return Math.min(byCpu, sloRate(draw, model, mix, cores).orElse(byCpu));
    }

    /** The headline rate at which p99 reaches 1 s; empty without response times. */
    public OptionalDouble sloRate(int draw, DemandModel model, TrafficMix mix, double cores) {
        if (response.isEmpty()) {
            return OptionalDouble.empty();
        }
        double utilisation = highest(
                u -> seconds(draw, ResponseQuantity.P99, model, mix, u, cores).orElse(0) - SLO_P99_SECONDS,
                ResponseModel.UTILISATION_MAX);
        return OptionalDouble.of(rateAtUtilisation(model, mix, cores, utilisation));
    }

    /** The argument at which a rising function turns positive. */
    private static double highest(DoubleUnaryOperator rising) {
        double high = 1;
        while (rising.applyAsDouble(high) < 0 && high < 1e12) {
            high *= 2;
        }
        return highest(rising, high);
    }

    private static double highest(DoubleUnaryOperator rising, double high) {
        double low = 0;
        double top = high;
        for (int round = 0; round < 50 && top - low > 1e-9 * top; round++) {
            double middle = (low + top) / 2;
            if (rising.applyAsDouble(middle) < 0) {
                low = middle;
            } else {
                top = middle;
            }
        }
        return (low + top) / 2;
    }
}
