package me.musclemap.capacity.validate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import me.musclemap.capacity.fit.ForeignLoad;
import me.musclemap.capacity.fit.GeneratorCost;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.StationUse;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.predict.Figure;
import me.musclemap.capacity.predict.ResponseQuantity;
import me.musclemap.capacity.predict.SealedPrediction;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * What a sealed prediction said of the held-out windows, beside what they were and what simpler methods said. Immutable.
 *
 * @param inside of {@code of} predicted intervals, how many held the measured value
 */
public record HeldOutComparison(String sealedSha256, List<Row> windows, List<ErrorRow> errors, int inside, int of) {
    /** Below this share of 90 % intervals something else is going on than chance. */
    private static final double COVERAGE_MIN = 0.5;

    public HeldOutComparison {
        windows = List.copyOf(windows);
        errors = List.copyOf(errors);
    }

    /**
     * Where a window was driven.
     *
     * @param generator whether the load generator was on the same cores, a station beside the others
     * @param own whether it is the size of the data and the cores that were fitted
     */
    public record Place(int users, int workouts, double cores, boolean generator, boolean own) {}

    /** One held-out window. */
    public record Row(int window, double offeredPerSecond, String mixName, Place place, List<Compared> figures) {
        public Row {
            figures = List.copyOf(figures);
        }
    }

    /** One figure and what was measured. */
    public record Compared(Figure figure, double measured) {
        /** Whether the measured value lies in the predicted interval. */
        public boolean inside() {
            // A station that used the same to the last digit has an interval of no width: allow for rounding.
            double slack = 1e-6 + 1e-4 * Math.abs(measured);
            return figure.predicted().low() - slack <= measured
                    && measured <= figure.predicted().high() + slack;
        }
    }

    /**
     * Absolute errors of one quantity over the windows of one place.
     *
     * @param points whether they are points of utilisation rather than relative
     * @param inside how many of the measured values lay in their intervals
     */
    public record ErrorRow(
            String quantity,
            Place place,
            boolean points,
            int count,
            int inside,
            Optional<Figures> model,
            Optional<Figures> straightLine,
            Optional<Figures> usl) {}

    /** Median and 90 percentile. */
    public record Figures(double median, double p90) {
        static Optional<Figures> of(double[] errors) {
            if (errors.length == 0) {
                return Optional.empty();
            }
            double[] sorted = errors.clone();
            Arrays.sort(sorted);
            return Optional.of(new Figures(Quantiles.quantile(sorted, 0.5), Quantiles.quantile(sorted, 0.9)));
        }
    }

    /** Compares; empty where no held-out window answers a condition. */
    public static Optional<HeldOutComparison> of(RunRecord run, SealedPrediction sealed, String sha256) {
        var rows = new ArrayList<Row>();
        ForeignLoad foreign = ForeignLoad.of(run);
        Window.Dataset own = ownData(run);
        for (Window window : run.windows()) {
            if (!window.role().equals("held-out")
                    || foreign.fault(window).isPresent()
                    || window.excluded().isPresent()
                    || window.use().isEmpty()) {
                continue;
            }
            sealed.answers().stream()
                    .filter(a -> a.window() == window.index())
                    .findFirst()
                    .ifPresent(answer -> rows.add(row(run, window, answer, sealed, own)));
        }
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        Coverage all = Coverage.over(rows.stream());
        return Optional.of(new HeldOutComparison(sha256, rows, errors(run, sealed, rows), all.inside(), all.of()));
    }

    /** The size of the data of the last fitted window: that of the restart that sealed. */
    private static Window.Dataset ownData(RunRecord run) {
        return run.windows().stream()
                .filter(w -> w.role().equals("fit"))
                .reduce((first, second) -> second)
                .or(() -> run.windows().stream().findFirst())
                .map(Window::dataset)
                .orElseThrow();
    }

    private static Row row(
            RunRecord run, Window window, SealedPrediction.Answer answer, SealedPrediction sealed, Window.Dataset own) {
        var compared = new ArrayList<Compared>();
        Optional<Arrived> arrived = Arrived.of(run, window, answer, sealed);
        for (Figure asked : answer.figures()) {
            Figure figure = arrived.map(a -> a.moved(asked)).orElse(asked);
            OptionalDouble measured = measured(run, window, figure, answer.besideGenerator());
            if (measured.isPresent()) {
                compared.add(new Compared(figure, measured.getAsDouble()));
            }
        }
        var place = new Place(
                window.dataset().users(),
                window.dataset().workouts(),
                window.cores(),
                answer.besideGenerator(),
                window.dataset().equals(own) && window.cores() == run.cpu().cores());
        return new Row(window.index(), window.offeredPerSecond(), window.mixName(), place, compared);
    }

    private static OptionalDouble measured(RunRecord run, Window window, Figure figure, boolean besideGenerator) {
        if (figure.quantity().equals(Figure.THROUGHPUT)) {
            return OptionalDouble.of(window.servedPerSecond());
        }
        if (figure.quantity().equals(Figure.UTILISATION)) {
            return window.use().isEmpty()
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(utilisation(
                            stations(run, besideGenerator), window, window.use().get(), figure.station()));
        }
        for (ResponseQuantity quantity : ResponseQuantity.values()) {
            if (quantity.figure().equals(figure.quantity()) && window.service().isPresent()) {
                return OptionalDouble.of(quantity.of(window.service().get()));
            }
        }
        return OptionalDouble.empty();
    }

    /** Beside the generator the rest of the cores counts in no sum: the lab and the host agent run there too. */
    private static List<String> stations(RunRecord run, boolean besideGenerator) {
        if (!besideGenerator) {
            return run.cpu().stations();
        }
        var stations = new ArrayList<>(run.cpu().stations());
        stations.removeIf(ForeignLoad::isRest);
        stations.add(GeneratorCost.STATION);
        return stations;
    }

    private static double utilisation(List<String> stations, Window window, StationUse use, Optional<String> station) {
        double seconds = 0;
        for (String name : stations) {
            StationUse.Usage usage = use.stations().get(name);
            if (usage != null && (station.isEmpty() || station.get().equals(name))) {
                seconds += usage.steadyCpuSeconds();
            }
        }
        return seconds / use.durationSeconds() / window.cores();
    }

    /** Of the place that was fitted first, then of each other. */
    private static List<ErrorRow> errors(RunRecord run, SealedPrediction sealed, List<Row> rows) {
        var errors = new ArrayList<ErrorRow>();
        var places = new LinkedHashSet<Place>();
        rows.stream().map(Row::place).filter(Place::own).forEach(places::add);
        rows.stream().map(Row::place).forEach(places::add);
        for (Place place : places) {
            List<Row> there = rows.stream().filter(r -> r.place().equals(place)).toList();
            error("utilisation", place, true, of(there, Figure.UTILISATION)).ifPresent(errors::add);
            error("throughput", place, false, of(there, Figure.THROUGHPUT)).ifPresent(errors::add);
            if (place.own()) {
                error("knee", place, false, knee(run, sealed, there)).ifPresent(errors::add);
            }
            for (ResponseQuantity quantity : ResponseQuantity.values()) {
                error(quantity.errorName(), place, false, of(there, quantity.figure()))
                        .ifPresent(errors::add);
            }
        }
        return errors;
    }

    private static List<Compared> of(List<Row> rows, String quantity) {
        return rows.stream()
                .flatMap(r -> r.figures().stream())
                .filter(c -> c.figure().quantity().equals(quantity)
                        && c.figure().station().isEmpty())
                .toList();
    }

    /** The knee of the workload's own mix: nothing that measured it was fitted. */
    private static List<Compared> knee(RunRecord run, SealedPrediction sealed, List<Row> rows) {
        OptionalDouble measured =
                MeasuredKnee.of(run, sealed, rows.stream().map(Row::window).toList());
        if (measured.isEmpty()) {
            return List.of();
        }
        return sealed.answers().stream()
                .filter(a -> a.name().equals(SealedPrediction.Answer.OWN_MIX))
                .flatMap(a -> a.figure(Figure.MAX_SUSTAINABLE, Optional.empty()).stream())
                .map(f -> new Compared(f, measured.getAsDouble()))
                .toList();
    }

    private static Optional<ErrorRow> error(String quantity, Place place, boolean points, List<Compared> compared) {
        if (compared.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ErrorRow(
                quantity,
                place,
                points,
                compared.size(),
                (int) compared.stream().filter(Compared::inside).count(),
                figures(compared, points, f -> OptionalDouble.of(f.predicted().mid())),
                figures(compared, points, Figure::straightLine),
                figures(compared, points, Figure::usl)));
    }

    private interface Said {
        OptionalDouble by(Figure figure);
    }

    private static Optional<Figures> figures(List<Compared> compared, boolean points, Said said) {
        var errors = new ArrayList<Double>();
        for (Compared c : compared) {
            OptionalDouble value = said.by(c.figure());
            if (value.isPresent() && c.measured() > 0) {
                double off = Math.abs(value.getAsDouble() - c.measured());
                errors.add(points ? off : off / c.measured());
            }
        }
        return Figures.of(errors.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** How many of so many figures lay in their intervals. */
    public record Coverage(int inside, int of) {
        private static Coverage over(Stream<Row> rows) {
            List<Compared> figures = rows.flatMap(row -> row.figures().stream()).toList();
            return new Coverage((int) figures.stream().filter(Compared::inside).count(), figures.size());
        }
    }

    /**
     * What the model is judged by: the windows at the data and on the cores that were fitted, or all where none was driven there.
     * What was driven elsewhere is said of that place.
     */
    public Coverage ownCoverage() {
        return ownWindows() == 0
                ? new Coverage(inside, of)
                : Coverage.over(windows.stream().filter(row -> row.place().own()));
    }

    /** Of the windows at one place. */
    public Coverage coverage(Place place) {
        return Coverage.over(windows.stream().filter(row -> row.place().equals(place)));
    }

    /** Whether so few intervals held the measured value that the model does not describe what was measured. */
    public boolean noLongerFits() {
        Coverage own = ownCoverage();
        return own.of() > 0 && (double) own.inside() / own.of() < COVERAGE_MIN;
    }

    /** The error of a quantity at the data and on the cores that were fitted, if it could be told. */
    public Optional<ErrorRow> error(String quantity) {
        return errors.stream()
                .filter(e -> e.quantity().equals(quantity) && e.place().own())
                .findFirst();
    }

    /** Windows at the data and on the cores that were fitted. */
    public int ownWindows() {
        return (int) windows.stream().filter(row -> row.place().own()).count();
    }
}
