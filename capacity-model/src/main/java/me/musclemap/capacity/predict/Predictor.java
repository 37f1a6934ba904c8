package me.musclemap.capacity.predict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.ForeignLoad;
import me.musclemap.capacity.fit.GeneratorCost;
import me.musclemap.capacity.fit.SecondCore;
import me.musclemap.capacity.fit.UnsupportedFitException;
import me.musclemap.capacity.uncertainty.Interval;

/** Answers conditions from a fitted run, each figure with the interval in which one such window is expected. Thread-safe. */
public final class Predictor {
    private final FittedRun fitted;
    private final double windowSeconds;

    /** @param windowSeconds how long a window that answers will be: a short one strays more */
    public Predictor(FittedRun fitted, double windowSeconds) {
        this.fitted = fitted;
        this.windowSeconds = windowSeconds;
    }

    /** How the response times of a condition answer to load, by figure. */
    public Map<String, ResponseModel.Stretch> stretch(Condition condition) {
        var stretch = new HashMap<String, ResponseModel.Stretch>();
        TrafficMix mix = condition.trafficMix(fitted.run().classes());
        for (ResponseQuantity quantity : ResponseQuantity.values()) {
            fitted.stretch(quantity, mix, condition.cores()).ifPresent(s -> stretch.put(quantity.figure(), s));
        }
        return stretch;
    }

    /** What the answers rest on. */
    public SealedCosts costs() {
        return SealedCosts.of(fitted);
    }

    /**
     * What is expected under this condition; beside the load generator on the same cores only utilisation and throughput.
     *
     * @throws UnsupportedFitException if the generator is asked about, and no window watched it
     */
    public List<Figure> answer(Condition condition) {
        if (condition.generator()) {
            return besideGenerator(condition);
        }
        TrafficMix mix = condition.trafficMix(fitted.run().classes());
        double offered = condition.requestsPerSecond();
        double cores = condition.cores();
        Models models = models(condition);
        var figures = new ArrayList<Figure>();
        figures.add(throughput(models, mix, offered, cores));
        figures.addAll(utilisation(condition));
        for (ResponseQuantity quantity : ResponseQuantity.values()) {
            response(quantity, models, mix, offered, cores).ifPresent(figures::add);
        }
        figures.add(maxSustainable(models, mix, cores));
        return figures;
    }

    /** Of each station, and of all of them last. */
    List<Figure> utilisation(Condition condition) {
        TrafficMix mix = condition.trafficMix(fitted.run().classes());
        double offered = condition.requestsPerSecond();
        double cores = condition.cores();
        int stations = fitted.run().cpu().stations().size();
        Models models = models(condition);
        var loads = new ArrayList<double[]>();
        for (int draw = 0; draw < fitted.draws(); draw++) {
            loads.add(load(draw, models, mix, offered, cores));
        }
        double[] best = load(FittedRun.BEST, models, mix, offered, cores);
        var figures = new ArrayList<Figure>();
        Baselines baselines = fitted.baselines();
        for (int s = 0; s < stations; s++) {
            int station = s;
            figures.add(new Figure(
                    Figure.UTILISATION,
                    Optional.of(fitted.run().cpu().stations().get(s)),
                    interval(best[s], draw -> loads.get(draw)[station]),
                    OptionalDouble.of(Math.max(0, baselines.stations().get(s).at(offered)) / cores),
                    OptionalDouble.empty()));
        }
        figures.add(new Figure(
                Figure.UTILISATION,
                Optional.empty(),
                interval(best[stations], draw -> loads.get(draw)[stations]),
                OptionalDouble.of(Math.min(
                        1, baselines.total().at(offered) * fitted.run().cpu().cores() / cores)),
                OptionalDouble.empty()));
        return figures;
    }

    private Models models(Condition condition) {
        return draw -> grown(fitted.model(draw, condition.restart()), condition);
    }

    private List<Figure> besideGenerator(Condition condition) {
        GeneratorCost generator = fitted.generator()
                .orElseThrow(() -> new UnsupportedFitException(condition.name()
                        + ": no window watched what the generator uses on a core of its own; leave out 'generator'"));
        TrafficMix mix = condition.trafficMix(fitted.run().classes());
        double offered = condition.requestsPerSecond();
        double cores = condition.cores();
        List<String> stations = fitted.run().cpu().stations();
        Models models = models(condition);
        var loads = new ArrayList<double[]>();
        for (int draw = FittedRun.BEST; draw < fitted.draws(); draw++) {
            DemandModel model = models.of(draw);
            double apart = generator.at(draw, offered * mix.total(), windowSeconds);
            SecondCore theirs = model.secondCore().fittedAt(generator.fittedShare());
            DemandModel.Load load =
                    model.beside(mix.rates(offered), cores, busy -> Beside.cores(apart, theirs, busy, cores));
            loads.add(Beside.of(
                    stations,
                    utilisation(draw, load, mix, offered, cores),
                    Beside.cores(apart, theirs, load.utilisation(), cores) / cores));
        }
        double[] best = loads.remove(0);
        double[] lines = costs().linesBeside(offered, cores);
        var figures = new ArrayList<Figure>();
        figures.add(throughput(models, mix, offered, cores));
        for (int i = 0; i < best.length; i++) {
            int station = i;
            Optional<String> name = Beside.name(stations, i);
            if (i < best.length - 1 && name.filter(ForeignLoad::isRest).isPresent()) {
                continue; // on these cores it is the lab and the host agent too
            }
            figures.add(new Figure(
                    Figure.UTILISATION,
                    name,
                    interval(best[i], draw -> loads.get(draw)[station]),
                    OptionalDouble.of(lines[i]),
                    OptionalDouble.empty()));
        }
        return figures;
    }

    /** Utilisation by station, and of all of them last; a window strays from what many would average. */
    private double[] load(int draw, Models models, TrafficMix mix, double offered, double cores) {
        return utilisation(draw, models.of(draw).at(mix.rates(offered), cores), mix, offered, cores);
    }

    private double[] utilisation(int draw, DemandModel.Load load, TrafficMix mix, double offered, double cores) {
        int stations = load.busyCores().length;
        double[] stray = draw == FittedRun.BEST
                ? new double[stations]
                : fitted.demand().strayCores(draw, offered * mix.total(), windowSeconds);
        double[] utilisation = new double[stations + 1];
        double total = 0;
        for (int s = 0; s < stations; s++) {
            utilisation[s] = Math.max(0, load.busyCores()[s] + stray[s]) / cores;
            total += utilisation[s];
        }
        // More than all of the cores cannot be used: beyond them every station gets its share.
        double cut = total > 1 ? 1 / total : 1;
        for (int s = 0; s < stations; s++) {
            utilisation[s] *= cut;
        }
        utilisation[stations] = total * cut;
        return utilisation;
    }

    /** The costs of a draw, at the size of the data that is asked about. */
    private interface Models {
        DemandModel of(int draw);
    }

    private static DemandModel grown(DemandModel model, Condition condition) {
        return condition.workouts().isPresent()
                ? model.grownTo(condition.workouts().getAsDouble())
                : model;
    }

    private Figure throughput(Models models, TrafficMix mix, double offered, double cores) {
        IntToDoubleFunction served =
                draw -> Math.min(offered, fitted.rateAtUtilisation(models.of(draw), mix, cores, 1));
        OptionalDouble line = fitted.baselines().total().reaches(1);
        OptionalDouble peak = fitted.baselines().uslMax();
        // The number of arrivals in a window is random in itself.
        double chance = 1.645 / Math.sqrt(Math.max(1, offered * windowSeconds));
        Interval drawn = interval(served.applyAsDouble(FittedRun.BEST), served);
        return new Figure(
                Figure.THROUGHPUT,
                Optional.empty(),
                new Interval(drawn.low() * (1 - chance), drawn.mid(), drawn.high() * (1 + chance), drawn.confidence()),
                line.isPresent() ? OptionalDouble.of(Math.min(offered, line.getAsDouble())) : line,
                peak.isPresent() ? OptionalDouble.of(Math.min(offered, peak.getAsDouble())) : peak);
    }

    private Optional<Figure> response(
            ResponseQuantity quantity, Models models, TrafficMix mix, double offered, double cores) {
        // Requests wait behind compilers too, as long as these are at work.
        double compiling = fitted.demand().compilingCores() / cores;
        DemandModel.Load load = models.of(FittedRun.BEST).at(mix.rates(offered), cores);
        if (!fitted.hasResponse() || load.utilisation() + compiling >= ResponseModel.UTILISATION_MAX) {
            return Optional.empty();
        }
        IntToDoubleFunction seconds = draw -> {
            DemandModel model = models.of(draw);
            double busy = compiling + model.at(mix.rates(offered), cores).utilisation();
            double at = fitted.seconds(draw, quantity, model, mix, busy, cores).orElse(0);
            return draw == FittedRun.BEST ? at : at * fitted.stray(draw, quantity, model, mix, busy, cores);
        };
        OptionalDouble usl =
                quantity == ResponseQuantity.MEAN ? fitted.baselines().uslSeconds(offered) : OptionalDouble.empty();
        return Optional.of(new Figure(
                quantity.figure(),
                Optional.empty(),
                interval(seconds.applyAsDouble(FittedRun.BEST), seconds),
                OptionalDouble.empty(),
                usl));
    }

    private Figure maxSustainable(Models models, TrafficMix mix, double cores) {
        IntToDoubleFunction rate = draw -> fitted.maxSustainable(draw, models.of(draw), mix, cores);
        return new Figure(
                Figure.MAX_SUSTAINABLE,
                Optional.empty(),
                interval(rate.applyAsDouble(FittedRun.BEST), rate),
                fitted.baselines().total().reaches(FittedRun.SUSTAINABLE_UTILISATION),
                fitted.baselines().uslMax());
    }

    private Interval interval(double best, IntToDoubleFunction drawn) {
        return Interval.of(
                best,
                IntStream.range(0, fitted.draws()).parallel().mapToDouble(drawn).toArray());
    }
}
