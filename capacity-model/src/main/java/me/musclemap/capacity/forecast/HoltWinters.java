package me.musclemap.capacity.forecast;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.MultivariateFunction;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer;

/**
 * Exponential smoothing of level, trend and season, as R's {@code HoltWinters} does it: the same recursions, the same start
 * values from a decomposition of the first periods, and the smoothing parameters that leave the least squared one-step
 * error. Immutable.
 *
 * <p>Source: P. R. Winters 1960; start values: R, stats::HoltWinters.
 */
public final class HoltWinters {
    private final double[] series;
    private final Settings settings;
    private final double[] parameters;
    private final State state;

    private HoltWinters(double[] series, Settings settings, double[] parameters, State state) {
        this.series = series;
        this.settings = settings;
        this.parameters = parameters;
        this.state = state;
    }

    /** How the season enters. */
    public enum Season {
        /** Added to the level. */
        ADDITIVE,
        /** Multiplied by the level. */
        MULTIPLICATIVE,
        /** Not at all. */
        NONE
    }

    /**
     * What is known beforehand.
     *
     * @param period values in one season; 1 without one
     * @param season how it enters
     * @param trend whether there is a trend
     * @param alpha smoothing of the level, 0 to 1; empty to choose the best
     * @param beta smoothing of the trend, 0 to 1; empty to choose the best
     * @param gamma smoothing of the season, 0 to 1; empty to choose the best
     * @param startPeriods periods that the start values are taken from
     * @param start given start values; each part empty to derive it
     */
    public record Settings(
            int period,
            Season season,
            boolean trend,
            OptionalDouble alpha,
            OptionalDouble beta,
            OptionalDouble gamma,
            int startPeriods,
            Start start) {
        /** Checks the settings. */
        public Settings {
            for (OptionalDouble share : List.of(alpha, beta, gamma)) {
                if (share.isPresent() && !(share.getAsDouble() >= 0 && share.getAsDouble() <= 1)) {
                    throw new IllegalArgumentException(
                            "smoothing=" + share.getAsDouble() + ": give a number from 0 to 1");
                }
            }
            if (season != Season.NONE && (period < 2 || startPeriods < 2)) {
                throw new IllegalArgumentException("period=" + period + " with start from " + startPeriods
                        + " periods: a season needs a period of at least 2, and a start from at least 2 of them");
            }
            if (season != Season.NONE
                    && !start.season().isEmpty()
                    && start.season().size() != period) {
                throw new IllegalArgumentException("start season has "
                        + start.season().size() + " values, the period is " + period + ": give one for each");
            }
        }

        /** Settings that choose everything. */
        public static Settings seasonal(int period, Season season) {
            return new Settings(
                    period,
                    season,
                    true,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    2,
                    Start.DERIVED);
        }
    }

    /**
     * Given start values.
     *
     * @param season one value for each place in the period; empty to derive them
     */
    public record Start(OptionalDouble level, OptionalDouble trend, List<Double> season) {
        /** Derive everything. */
        public static final Start DERIVED = new Start(OptionalDouble.empty(), OptionalDouble.empty(), List.of());

        /** Copies the season. */
        public Start {
            season = List.copyOf(season);
        }
    }

    /** Level, trend and season at a time; for the start and for the end of the series. */
    private static final class State {
        double level;
        double trend;
        final double[] season;
        double squaredError;

        State(double level, double trend, double[] season) {
            this.level = level;
            this.trend = trend;
            this.season = season;
        }
    }

    /**
     * Fits the series.
     *
     * @throws IllegalArgumentException if it is too short for its start values, holds a value that is not finite, or is not
     *     positive where the season multiplies
     */
    public static HoltWinters fit(double[] series, Settings settings) {
        require(series, settings);
        double[] known = {
            settings.alpha().orElse(Double.NaN),
            settings.trend() ? settings.beta().orElse(Double.NaN) : 0,
            settings.season() != Season.NONE ? settings.gamma().orElse(Double.NaN) : 0
        };
        double[] best = optimum(series, settings, known);
        double[] own = series.clone();
        return new HoltWinters(own, settings, best, run(own, settings, best));
    }

    private static void require(double[] series, Settings settings) {
        int needed = settings.season() == Season.NONE ? 3 : settings.startPeriods() * settings.period();
        if (series.length < needed) {
            throw new IllegalArgumentException(
                    "series has " + series.length + " values: at least " + needed + " are needed for the start values");
        }
        for (int i = 0; i < series.length; i++) {
            if (!Double.isFinite(series[i]) || (settings.season() == Season.MULTIPLICATIVE && series[i] <= 0)) {
                throw new IllegalArgumentException(
                        "series[" + i + "]=" + series[i] + ": give finite values, above 0 where the season multiplies");
            }
        }
    }

    /** From R's start (0.3, 0.1, 0.1), within 0 and 1. */
    private static double[] optimum(double[] series, Settings settings, double[] known) {
        double[] start = {0.3, 0.1, 0.1};
        int[] free = IntStream.range(0, 3).filter(i -> Double.isNaN(known[i])).toArray();
        MultivariateFunction error = point -> {
            double[] all = known.clone();
            for (int i = 0; i < free.length; i++) {
                all[free[i]] = Math.min(1, Math.max(0, point[i]));
            }
            double sum = run(series, settings, all).squaredError;
            return Double.isFinite(sum) ? sum : Double.MAX_VALUE / 1e10;
        };
        double[] found = known.clone();
        double[] point = Arrays.stream(free).mapToDouble(i -> start[i]).toArray();
        if (free.length == 1) {
            point = new double[] {alongOne(error)};
        } else if (free.length > 1) {
            point = inBox(error, point);
        }
        for (int i = 0; i < free.length; i++) {
            found[free[i]] = Math.min(1, Math.max(0, point[i]));
        }
        return found;
    }

    private static double[] inBox(MultivariateFunction error, double[] start) {
        double[] low = new double[start.length];
        double[] high = new double[start.length];
        Arrays.fill(high, 1);
        double[] point = start;
        for (double radius : new double[] {0.05, 0.01, 0.001}) { // restarts polish what the first left
            try {
                point = new BOBYQAOptimizer(2 * start.length + 1, radius, 1e-9)
                        .optimize(
                                new MaxEval(20_000),
                                MaxIter.unlimited(),
                                new ObjectiveFunction(error),
                                GoalType.MINIMIZE,
                                new SimpleBounds(low, high),
                                new InitialGuess(point))
                        .getPoint();
            } catch (MathIllegalStateException e) { // the model is exact to rounding: there is nothing left to gain
                break;
            }
        }
        return point;
    }

    /** The best of one parameter: a scan, then golden section around its best. */
    private static double alongOne(MultivariateFunction error) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= 100; i++) {
            double value = error.value(new double[] {i / 100.0});
            if (value < least) {
                least = value;
                best = i;
            }
        }
        double low = Math.max(0, (best - 1) / 100.0);
        double high = Math.min(1, (best + 1) / 100.0);
        double golden = (Math.sqrt(5) - 1) / 2;
        for (int round = 0; round < 60; round++) {
            double left = high - golden * (high - low);
            double right = low + golden * (high - low);
            if (error.value(new double[] {left}) <= error.value(new double[] {right})) {
                high = right;
            } else {
                low = left;
            }
        }
        return (low + high) / 2;
    }

    private static State run(double[] x, Settings settings, double[] smoothing) {
        State state = start(x, settings);
        int first = firstStep(settings);
        for (int i = first; i < x.length; i++) {
            step(state, x[i], (i - first) % settings.period(), settings, smoothing);
        }
        rotate(state.season, (x.length - first) % settings.period());
        return state;
    }

    private static int firstStep(Settings settings) {
        return settings.season() == Season.NONE ? (settings.trend() ? 2 : 1) : settings.period();
    }

    private static void step(State state, double value, int place, Settings settings, double[] smoothing) {
        boolean multiplies = settings.season() == Season.MULTIPLICATIVE;
        double season = state.season[place];
        double expected = state.level + state.trend;
        double error = value - (multiplies ? expected * season : expected + season);
        state.squaredError += error * error;
        double level = smoothing[0] * (multiplies ? value / season : value - season) + (1 - smoothing[0]) * expected;
        if (settings.trend()) {
            state.trend = smoothing[1] * (level - state.level) + (1 - smoothing[1]) * state.trend;
        }
        state.level = level;
        if (settings.season() != Season.NONE) {
            state.season[place] =
                    smoothing[2] * (multiplies ? value / level : value - level) + (1 - smoothing[2]) * season;
        }
    }

    /** Puts the season of the next value first. */
    private static void rotate(double[] season, int by) {
        double[] old = season.clone();
        for (int i = 0; i < season.length; i++) {
            season[i] = old[(i + by) % season.length];
        }
    }

    private static State start(double[] x, Settings settings) {
        Start given = settings.start();
        if (settings.season() == Season.NONE) {
            double level = given.level().orElse(settings.trend() ? x[1] : x[0]);
            double trend = settings.trend() ? given.trend().orElse(x[1] - x[0]) : 0;
            return new State(level, trend, new double[settings.period()]);
        }
        double[] trend = movingAverage(x, settings.startPeriods() * settings.period(), settings.period());
        double[] line = line(trend);
        double[] season = given.season().isEmpty()
                ? figure(x, trend, settings)
                : given.season().stream().mapToDouble(v -> v).toArray();
        return new State(
                given.level().orElse(line[0]), settings.trend() ? given.trend().orElse(line[1]) : 0, season);
    }

    /** The centred moving average over one period; NaN where it does not exist. */
    private static double[] movingAverage(double[] x, int length, int period) {
        double[] average = new double[length];
        Arrays.fill(average, Double.NaN);
        int half = period / 2;
        for (int i = half; i < length - half; i++) {
            double sum = 0;
            for (int j = i - half; j <= i + half; j++) {
                boolean end = period % 2 == 0 && (j == i - half || j == i + half);
                sum += end ? x[j] / 2 : x[j];
            }
            average[i] = sum / period;
        }
        return average;
    }

    /** The straight line through the averages that exist, numbered from 1: its values at 0 and per step. */
    private static double[] line(double[] average) {
        double[] present = Arrays.stream(average).filter(v -> !Double.isNaN(v)).toArray();
        int n = present.length;
        if (n == 1) {
            return new double[] {present[0], 0};
        }
        double meanTime = (n + 1) / 2.0;
        double mean = Arrays.stream(present).average().orElse(0);
        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            products += (i + 1 - meanTime) * (present[i] - mean);
            squares += (i + 1 - meanTime) * (i + 1 - meanTime);
        }
        double slope = products / squares;
        return new double[] {mean - slope * meanTime, slope};
    }

    /** The mean season by place, centred. */
    private static double[] figure(double[] x, double[] average, Settings settings) {
        boolean multiplies = settings.season() == Season.MULTIPLICATIVE;
        double[] figure = new double[settings.period()];
        for (int place = 0; place < figure.length; place++) {
            int count = 0;
            for (int i = place; i < average.length; i += figure.length) {
                if (!Double.isNaN(average[i])) {
                    figure[place] += multiplies ? x[i] / average[i] : x[i] - average[i];
                    count++;
                }
            }
            figure[place] /= count;
        }
        double mean = Arrays.stream(figure).average().orElse(0);
        for (int place = 0; place < figure.length; place++) {
            figure[place] = multiplies ? figure[place] / mean : figure[place] - mean;
        }
        return figure;
    }

    /** Smoothing of the level. */
    public double alpha() {
        return parameters[0];
    }

    /** Smoothing of the trend; 0 without one. */
    public double beta() {
        return parameters[1];
    }

    /** Smoothing of the season; 0 without one. */
    public double gamma() {
        return parameters[2];
    }

    /** Level at the end of the series. */
    public double level() {
        return state.level;
    }

    /** Trend per step at the end of the series; 0 without one. */
    public double trend() {
        return state.trend;
    }

    /** Seasons of the values to come, the next one first; all 0 without a season. */
    public double[] season() {
        return state.season.clone();
    }

    /** Sum of the squared one-step errors. */
    public double squaredError() {
        return state.squaredError;
    }

    /** The value {@code steps} after the end of the series; {@code steps} from 1. */
    public double forecast(int steps) {
        double season = state.season[(steps - 1) % state.season.length];
        double line = state.level + steps * state.trend;
        return settings.season() == Season.MULTIPLICATIVE ? line * season : line + season;
    }

    /** One-step errors as a share of what was expected, from the first value after the start values. */
    double[] relativeErrors() {
        State replayed = start(series, settings);
        int first = firstStep(settings);
        double[] errors = new double[series.length - first];
        for (int i = first; i < series.length; i++) {
            int place = (i - first) % settings.period();
            errors[i - first] = series[i] / expected(replayed, place) - 1;
            step(replayed, series[i], place, settings, parameters);
        }
        return errors;
    }

    /** Values to come if each strays from what is expected by such a share, and level, trend and season follow them. */
    double[] path(double[] relativeErrors) {
        State moving = new State(state.level, state.trend, state.season.clone());
        double[] path = new double[relativeErrors.length];
        for (int h = 0; h < path.length; h++) {
            int place = h % settings.period();
            double expected = expected(moving, place);
            // A series that multiplies its season cannot reach zero: it stays at a thousandth of its level.
            path[h] = Math.max(expected * (1 + relativeErrors[h]), Math.abs(state.level) / 1000);
            step(moving, path[h], place, settings, parameters);
        }
        return path;
    }

    private double expected(State at, int place) {
        double line = at.level + at.trend;
        return settings.season() == Season.MULTIPLICATIVE ? line * at.season[place] : line + at.season[place];
    }
}
