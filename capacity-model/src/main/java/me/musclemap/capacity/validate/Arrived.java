package me.musclemap.capacity.validate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecord.RequestClass;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.predict.Figure;
import me.musclemap.capacity.predict.ResponseModel;
import me.musclemap.capacity.predict.ResponseQuantity;
import me.musclemap.capacity.predict.SealedCosts;
import me.musclemap.capacity.predict.SealedPrediction;
import me.musclemap.capacity.uncertainty.Interval;

/**
 * Moves a prediction from the requests that were asked for to those that in fact arrived: in eight seconds the number of
 * logins alone, which cost most, is a tenth off by chance, and that is the generator's doing and not the model's. Everything it
 * uses was sealed before the window: costs, straight lines, and how response times answer to load. The baselines are moved in
 * the same way.
 */
final class Arrived {
    private final SealedCosts costs;
    private final double[] asked;
    private final double[] arrived;
    private final SealedPrediction.Answer answer;
    private final double arrivedHeadline;
    private final Window window;
    private final List<String> stations;
    private final boolean besideGenerator;

    private Arrived(
            SealedCosts costs,
            double[] asked,
            double[] arrived,
            SealedPrediction.Answer answer,
            double arrivedHeadline,
            Window window,
            List<String> stations) {
        this.costs = costs;
        this.asked = asked;
        this.arrived = arrived;
        this.answer = answer;
        this.arrivedHeadline = arrivedHeadline;
        this.window = window;
        this.stations = stations;
        this.besideGenerator = answer.besideGenerator();
    }

    /** Empty where the prediction was sealed without what it rests on, or names other classes than the run. */
    static Optional<Arrived> of(RunRecord run, Window window, SealedPrediction.Answer answer, SealedPrediction sealed) {
        List<String> classes = run.classes().stream().map(RequestClass::name).toList();
        if (sealed.costs().isEmpty()
                || answer.ratesPerSecond().size() != classes.size()
                || !sealed.costs().get().classes().equals(classes)
                || !sealed.costs().get().stations().equals(run.cpu().stations())
                || (answer.besideGenerator() && sealed.costs().get().generator().isEmpty())
                || !(window.servedPerSecond() > 0)) {
            return Optional.empty();
        }
        double[] arrived = new double[classes.size()];
        double headline = 0;
        for (int c = 0; c < arrived.length; c++) {
            for (String operation : run.classes().get(c).operations()) {
                arrived[c] += window.finished().getOrDefault(operation, 0L) / window.durationSeconds();
            }
            headline += run.classes().get(c).headline() ? arrived[c] : 0;
        }
        return Optional.of(new Arrived(
                sealed.costs().get(),
                answer.ratesPerSecond().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray(),
                arrived,
                answer,
                headline,
                window,
                run.cpu().stations()));
    }

    Figure moved(Figure figure) {
        if (figure.quantity().equals(Figure.UTILISATION)) {
            return utilisation(figure);
        }
        if (figure.quantity().equals(Figure.THROUGHPUT)) {
            double factor = window.offeredPerSecond() / answer.requestsPerSecond();
            return scaled(figure, factor, factor);
        }
        for (ResponseQuantity quantity : ResponseQuantity.values()) {
            if (quantity.figure().equals(figure.quantity())) {
                return response(figure);
            }
        }
        return figure;
    }

    private Figure utilisation(Figure figure) {
        double cores = window.cores();
        int index = costs.index(figure.station(), besideGenerator);
        double by = utilisation(arrived)[index] - utilisation(asked)[index];
        double lineBy = lines(arrivedHeadline, cores)[index] - lines(answer.requestsPerSecond(), cores)[index];
        Interval p = figure.predicted();
        return new Figure(
                figure.quantity(),
                figure.station(),
                new Interval(
                        Math.max(0, p.low() + by),
                        Math.max(0, p.mid() + by),
                        Math.max(0, p.high() + by),
                        p.confidence()),
                figure.straightLine().isPresent()
                        ? OptionalDouble.of(Math.max(0, figure.straightLine().getAsDouble() + lineBy))
                        : figure.straightLine(),
                figure.usl());
    }

    private double[] utilisation(double[] ratesPerSecond) {
        double workouts = window.dataset().workouts();
        return besideGenerator
                ? costs.utilisationBeside(ratesPerSecond, window.cores(), workouts)
                : costs.utilisation(ratesPerSecond, window.cores(), workouts);
    }

    private double[] lines(double headlinePerSecond, double cores) {
        return besideGenerator ? costs.linesBeside(headlinePerSecond, cores) : costs.lines(headlinePerSecond, cores);
    }

    /** A saturated window's time has no figure: what is left to wait for grows as long as it lasts. */
    private Figure response(Figure figure) {
        Optional<ResponseModel.Stretch> stretch =
                Optional.ofNullable(answer.stretch().get(figure.quantity()));
        if (stretch.isEmpty()) {
            return figure;
        }
        double cores = window.cores();
        // What the window's own compilers took was not known beforehand, and is not used.
        double compiling = costs.compilingCores() / cores;
        double factor = stretch.get().at(utilisation(arrived)[stations.size()] + compiling)
                / stretch.get().at(utilisation(asked)[stations.size()] + compiling);
        return scaled(figure, factor, 1);
    }

    private static Figure scaled(Figure figure, double factor, double baselineFactor) {
        Interval p = figure.predicted();
        return new Figure(
                figure.quantity(),
                figure.station(),
                new Interval(p.low() * factor, p.mid() * factor, p.high() * factor, p.confidence()),
                times(figure.straightLine(), baselineFactor),
                times(figure.usl(), baselineFactor));
    }

    private static OptionalDouble times(OptionalDouble value, double factor) {
        return value.isPresent() ? OptionalDouble.of(value.getAsDouble() * factor) : value;
    }
}
