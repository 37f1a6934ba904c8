package me.musclemap.capacity.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.regression.Nnls;
import me.musclemap.capacity.regression.RepeatedNnls;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Fits what a request costs at each station by weighted least squares with costs that cannot be negative, and draws
 * alternatives by redrawing what restarts differ by ({@link RestartEffects}) and then the residuals, in blocks of neighbouring
 * windows.
 *
 * <p>A cost may depend on more than its class ({@link Shape}), but only where windows left out of the fit are met better with
 * it. The idle windows name the form of a dependence on load: the intercept fitted without them must agree with them, otherwise
 * the cost is tried as a function of the utilisation. They are rows like any other. Without an idle window the intercept is
 * fitted and nothing checks it.
 *
 * <p>The rest of the watched cores, which is no part of the stack, gets a background and one cost for every headline request:
 * what strangers do cannot be told apart by classes.
 */
public final class DemandFitter {
    /** Weight of a window without a request, as a share of the highest rate. */
    private static final double RATE_FLOOR = 0.05;

    /** Spread from one restart to the next that is assumed where only one was measured: lognormal, of this deviation. */
    static final double ONE_RESTART_SPREAD = 0.05;

    /** The quantile at which Student's distribution is matched to the normal one: the end of a 90 % interval. */
    private static final double STUDENT = 0.95;

    /** Autocorrelation of residuals beyond which neighbours are not independent. */
    private static final double LAG_MAX = 0.3;

    /** A restart is at least this share of as dear as the others, whatever chance draws. */
    private static final double LEAST_FACTOR = 0.1;

    private static final int LAST_WINDOWS = 5;
    private static final double FORM_SPREAD_MAX = 0.2;
    private static final int CHECK_DRAWS = 60;
    private static final double MEETS_CORES = 0.003;

    private final RunRecord run;
    private final int draws;
    private final long seed;

    public DemandFitter(RunRecord run, int draws, long seed) {
        if (draws < 20) {
            throw new IllegalArgumentException("draws must be at least 20 for an interval, was " + draws);
        }
        this.run = run;
        this.draws = draws;
        this.seed = seed;
    }

    /**
     * Fits the selected windows.
     *
     * @throws UnsupportedFitException if they are too few
     */
    public DemandFit fit(Selection selection) {
        List<Observation> loaded = selection.loaded();
        if (loaded.size() < 3) {
            throw new UnsupportedFitException("the data do not support a fit: " + loaded.size()
                    + " windows with load are left, at least 3 are needed; "
                    + selection.excluded().size()
                    + " were left out" + firstReason(selection));
        }
        double rateScale =
                loaded.stream().mapToDouble(Observation::totalPerSecond).max().orElse(0);
        if (!(rateScale > 0)) {
            throw new UnsupportedFitException("the data do not support a fit: no request ended in any window");
        }
        Rows alone = rows(loaded, rateScale);
        Design design = Design.of(run.classes(), loaded, alone.weights());
        if (loaded.size() < design.columns() + 2) {
            throw new UnsupportedFitException("the data do not support a fit: " + loaded.size() + " windows for "
                    + design.columns() + " costs and an intercept; drive more windows");
        }
        double[] idle = idleCores(selection.idle());
        boolean[] meets = new boolean[stationCount()];
        Arrays.fill(meets, true);
        if (idle.length > 0) {
            meets = meetsIdle(alone, design, idle);
        }
        Rows all = rows(join(loaded, selection.idle()), rateScale);
        Shape shape = shape(alone, all, design, idle);
        return estimate(all, design, shape, selection, idle, meets);
    }

    /**
     * The simplest shape that the windows ask for: each part is taken up only where windows that were left out of the fit are
     * met better with it than without, by more than one standard error of the difference.
     */
    private Shape shape(Rows alone, Rows all, Design design, double[] idle) {
        Shape shape = Shape.CONSTANT;
        if (Shape.sizesDiffer(alone.observations())) {
            shape = grown(alone, all, design, shape);
        }
        if (run.usualSteal().isPresent()) {
            shape = better(all, design, shape, shape.withSteal(), 0);
        }
        // That code is being compiled for minutes after a start is known beforehand: here the better of the two is
        // enough.
        shape = better(all, design, shape, shape.withWarming(), 0);
        if (idle.length > 0) {
            LoadForm form = form(alone, design, shape, idle);
            shape = better(all, design, shape, shape.with(form), 1);
        }
        return shape;
    }

    /**
     * Growth with the data. Its column is all but a column of one restart, so that windows that are left out cannot tell it
     * from what restarts differ by anyhow. Where restarts of one size were repeated, the draws hold what these differ by: then
     * it is always taken up, because to leave it out would be to be sure that nothing grows.
     */
    private Shape grown(Rows alone, Rows all, Design design, Shape shape) {
        double[] total = total(alone);
        double[][] matrix = matrix(alone, design, shape);
        double[] fitted = times(matrix, solve(matrix, total, alone.weights()));
        RestartEffects effects =
                RestartEffects.of(alone.observations(), new double[][] {total}, new double[][] {fitted});
        return effects.known() ? shape.withGrowth() : better(all, design, shape, shape.withGrowth(), 1);
    }

    private Shape better(Rows rows, Design design, Shape simple, Shape complex, double errorsBetter) {
        if (simple.equals(complex) || rows.size() < 1 + design.columns() + complex.extra() + 2) {
            return simple;
        }
        double[] without = leftOut(rows, design, simple);
        double[] with = leftOut(rows, design, complex);
        double mean = 0;
        for (int r = 0; r < with.length; r++) {
            mean += (without[r] * without[r] - with[r] * with[r]) / with.length;
        }
        double squares = 0;
        for (int r = 0; r < with.length; r++) {
            double difference = without[r] * without[r] - with[r] * with[r] - mean;
            squares += difference * difference;
        }
        double error = Math.sqrt(squares / (with.length - 1) / with.length);
        return mean > errorsBetter * error ? complex : simple;
    }

    /** What each window strays by from a fit of the stack's total made without it, weighted. */
    private double[] leftOut(Rows rows, Design design, Shape shape) {
        double[][] matrix = matrix(rows, design, shape);
        double[] total = total(rows);
        double[] stray = new double[total.length];
        var repeated = new RepeatedNnls(matrix, squared(rows.weights()));
        for (int r = 0; r < stray.length; r++) {
            double[] coefficients = repeated.solveWithout(r, total);
            stray[r] = rows.weights()[r] * (total[r] - times(matrix[r], coefficients));
        }
        return stray;
    }

    /** Cores that the whole stack kept busy, strangers left out. */
    private double[] total(Rows rows) {
        double[] total = new double[rows.size()];
        for (int r = 0; r < total.length; r++) {
            double[] busy = rows.observations().get(r).busyCores();
            for (int s = 0; s < busy.length; s++) {
                total[r] += isRest(s) ? 0 : busy[s];
            }
        }
        return total;
    }

    private static String firstReason(Selection selection) {
        return selection.excluded().isEmpty()
                ? ""
                : " (window " + selection.excluded().get(0).window() + ": "
                        + selection.excluded().get(0).reason() + ")";
    }

    private static List<Observation> join(List<Observation> loaded, List<Observation> idle) {
        var all = new ArrayList<>(loaded);
        all.addAll(idle);
        all.sort((a, b) -> Integer.compare(a.window().index(), b.window().index()));
        return all;
    }

    /** The variance of busy time grows with the rate and falls with the length of the window. */
    static double weight(double totalPerSecond, double durationSeconds, double rateScale) {
        return Math.sqrt(durationSeconds / (totalPerSecond + RATE_FLOOR * rateScale));
    }

    @SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
    private record Rows(List<Observation> observations, double[] weights) {
        int size() {
            return weights.length;
        }
    }

    private static Rows rows(List<Observation> observations, double rateScale) {
        double[] weights = new double[observations.size()];
        for (int r = 0; r < weights.length; r++) {
            Observation o = observations.get(r);
            weights[r] = weight(o.totalPerSecond(), o.window().durationSeconds(), rateScale);
        }
        return new Rows(observations, weights);
    }

    private int stationCount() {
        return run.cpu().stations().size();
    }

    private double[] idleCores(List<Observation> idle) {
        if (idle.isEmpty()) {
            return new double[0];
        }
        double[] mean = new double[stationCount()];
        double seconds = 0;
        for (Observation o : idle) {
            seconds += o.window().durationSeconds();
            for (int s = 0; s < mean.length; s++) {
                mean[s] += o.busyCores()[s] * o.window().durationSeconds();
            }
        }
        for (int s = 0; s < mean.length; s++) {
            mean[s] /= seconds;
        }
        return mean;
    }

    /** The form that the whole stack asks for: stations share the wake-ups. */
    private LoadForm form(Rows alone, Design design, Shape shape, double[] idle) {
        double idleTotal = 0;
        for (int s = 0; s < idle.length; s++) {
            idleTotal += isRest(s) ? 0 : idle[s];
        }
        double[] total = total(alone);
        double[][] matrix = matrix(alone, design, shape);
        double[] coefficients = solve(matrix, total, alone.weights());
        double spread = interceptSpread(matrix, total, coefficients, alone.weights());
        double gap = coefficients[0] - idleTotal;
        if (Math.abs(gap) <= Math.max(2 * spread, MEETS_CORES)) {
            return LoadForm.CONSTANT;
        }
        return gap > 0 ? LoadForm.FALLING : LoadForm.RISING;
    }

    private boolean[] meetsIdle(Rows alone, Design design, double[] idle) {
        double[][] matrix = matrix(alone, design, Shape.CONSTANT);
        boolean[] meets = new boolean[idle.length];
        for (int s = 0; s < meets.length; s++) {
            double[] busy = station(alone, s);
            double[][] own = isRest(s) ? restMatrix(alone) : matrix;
            double[] coefficients = solve(own, busy, alone.weights());
            double spread = interceptSpread(own, busy, coefficients, alone.weights());
            meets[s] = Math.abs(coefficients[0] - idle[s]) <= Math.max(2 * spread, MEETS_CORES);
        }
        return meets;
    }

    private double interceptSpread(double[][] matrix, double[] busy, double[] coefficients, double[] weights) {
        var random = new SplittableRandom(seed ^ 0x1d1e);
        double[] fitted = times(matrix, coefficients);
        double inflate = inflation(weights.length, coefficients.length);
        double squares = 0;
        var repeated = new RepeatedNnls(matrix, squared(weights));
        for (int d = 0; d < CHECK_DRAWS; d++) {
            double[] redrawn = fitted.clone();
            for (int r = 0; r < redrawn.length; r++) {
                redrawn[r] += (random.nextBoolean() ? 1 : -1) * inflate * (busy[r] - fitted[r]);
            }
            double difference = repeated.solve(redrawn)[0] - coefficients[0];
            squares += difference * difference;
        }
        return Math.sqrt(squares / CHECK_DRAWS);
    }

    private DemandFit estimate(
            Rows rows, Design design, Shape shape, Selection selection, double[] idle, boolean[] meets) {
        double[][][] matrices = matrices(rows, design, shape);
        int stations = stationCount();
        double[][] coefficients = new double[stations][];
        double[][] fitted = new double[stations][];
        double[][] residuals = new double[stations][rows.size()];
        double[][] measured = new double[stations][];
        for (int s = 0; s < stations; s++) {
            measured[s] = station(rows, s);
            coefficients[s] = solve(matrices[s], measured[s], rows.weights());
            fitted[s] = times(matrices[s], coefficients[s]);
        }
        RestartEffects effects = RestartEffects.of(rows.observations(), measured, fitted);
        double[][] expected = new double[stations][rows.size()];
        for (int s = 0; s < stations; s++) {
            for (int r = 0; r < rows.size(); r++) {
                expected[s][r] = fitted[s][r] * (1 + effects.of(restart(rows, r)));
                residuals[s][r] = measured[s][r] - expected[s][r];
            }
        }
        double reference = Shape.referenceWorkouts(rows.observations());
        var random = new SplittableRandom(seed);
        var models = new ArrayList<DemandModel>();
        var lastModels = new ArrayList<DemandModel>();
        double[] scale = new double[draws];
        double[] meanScale = new double[draws];
        double[][] noise = new double[draws][stations];
        int parameters = 1 + design.columns() + shape.extra();
        double inflate = student(rows.size() - parameters);
        double stray = inflation(rows.size(), parameters);
        double[][] leverage = new double[stations][];
        for (int s = 0; s < stations; s++) {
            leverage[s] = Leverage.of(matrices[s], rows.weights());
        }
        var repeated = new RepeatedNnls[stations];
        for (int s = 0; s < stations; s++) {
            repeated[s] = new RepeatedNnls(matrices[s], squared(rows.weights()));
        }
        int block = block(residuals);
        DemandModel alike = model(coefficients, design, shape, reference);
        double fittedShare = SecondCore.fittedShare(run, selection.loaded());
        SecondCoreEvidence evidence = SecondCoreEvidence.of(
                run,
                selection.onMoreCores(),
                alike,
                fittedShare,
                effects.known() ? effects.spread() : ONE_RESTART_SPREAD);
        SecondCore second = SecondCore.of(run, fittedShare, evidence.ratio());
        var neighbours = new SplittableRandom(seed ^ 0x5ec0);
        for (int d = 0; d < draws; d++) {
            int[] signs = blockSigns(rows.size(), block, random);
            double[][] strayed = new double[stations][rows.size()];
            for (int s = 0; s < stations; s++) {
                for (int r = 0; r < rows.size(); r++) {
                    strayed[s][r] = signs[r] * inflate * residuals[s][r] / (1 - leverage[s][r]);
                }
            }
            double spread = effects.drawnSpread(random);
            double[][] common = effects.known() ? otherRestarts(rows, fitted, spread, random) : expected;
            double quantile = neighbours.nextDouble();
            SecondCore drawnSecond =
                    evidence.ratio().map(r -> second.with(r.quantile(quantile))).orElse(second);
            DemandModel drawn = model(solve(repeated, common, strayed), design, shape, reference)
                    .with(drawnSecond);
            models.add(drawn);
            lastModels.add(
                    effects.known()
                            ? model(solve(repeated, expected, strayed), design, shape, reference)
                                    .with(drawnSecond)
                                    .scaled(Math.max(
                                            LEAST_FACTOR,
                                            effects.lastFactor() + effects.lastSpread() * gaussian(random)))
                            : drawn);
            int taken = random.nextInt(rows.size());
            int sign = random.nextBoolean() ? 1 : -1;
            for (int s = 0; s < stations; s++) {
                noise[d][s] = sign * stray * residuals[s][taken] * rows.weights()[taken];
            }
            // With one restart the held-out windows are of the same one, and nothing is added to them.
            scale[d] = effects.known() ? Math.max(LEAST_FACTOR, 1 + spread * gaussian(random)) : 1;
            meanScale[d] = effects.known() ? 1 : Math.exp(ONE_RESTART_SPREAD * gaussian(random));
        }
        return new DemandFit(
                alike.with(second),
                evidence,
                models,
                effects.last(),
                effects.lastFactor(),
                lastModels,
                effects.spread(),
                effects.all(),
                scale,
                meanScale,
                noise,
                design.identifiable(),
                design.conditionNumber(),
                idle,
                meets,
                stationFits(residuals),
                selection,
                rows.observations().stream()
                        .mapToDouble(Observation::totalPerSecond)
                        .max()
                        .orElse(1),
                jitRatio(rows),
                formSpread(rows, design, shape),
                shape.warming() ? warmingRatio(matrices, coefficients, shape.warmingColumn(1 + design.columns())) : 0,
                compilingCores(rows));
    }

    /** What the coldest window paid for being cold, as a share of its CPU. */
    private static double warmingRatio(double[][][] matrices, double[][] coefficients, int column) {
        double most = 0;
        for (int r = 0; r < matrices[0].length; r++) {
            double cold = 0;
            double all = 0;
            for (int s = 0; s < matrices.length; s++) {
                all += times(matrices[s][r], coefficients[s]);
                cold += matrices[s][r].length > column ? matrices[s][r][column] * coefficients[s][column] : 0;
            }
            most = Math.max(most, all > 0 ? cold / all : 0);
        }
        return most;
    }

    /** Compilation goes on for long: what the windows to come will see of it is what the last ones saw. */
    private static double compilingCores(Rows rows) {
        var loaded =
                rows.observations().stream().filter(o -> o.totalPerSecond() > 0).toList();
        return loaded.subList(Math.max(0, loaded.size() - LAST_WINDOWS), loaded.size()).stream()
                .mapToDouble(Observation::jitCores)
                .average()
                .orElse(0);
    }

    /**
     * How far the form may be off where nobody looked: the mean by which the third of the windows with the highest load
     * strayed from a fit made without them, less what chance explains of it.
     */
    private double formSpread(Rows rows, Design design, Shape shape) {
        var order = new ArrayList<Integer>();
        for (int r = 0; r < rows.size(); r++) {
            order.add(r);
        }
        double[] total = total(rows);
        order.sort((a, b) -> Double.compare(total[b], total[a]));
        int top = rows.size() / 3;
        if (top < 2 || rows.size() - top < 1 + design.columns() + shape.extra() + 1) {
            return 0;
        }
        double[][] matrix = matrix(rows, design, shape);
        double[] weights = rows.weights().clone();
        order.subList(0, top).forEach(r -> weights[r] = 0);
        double[] coefficients = solve(matrix, total, weights);
        double[] stray = new double[top];
        double mean = 0;
        for (int i = 0; i < top; i++) {
            double said = times(matrix[order.get(i)], coefficients);
            stray[i] = said > 0 ? total[order.get(i)] / said - 1 : 0;
            mean += stray[i] / top;
        }
        double squares = 0;
        for (double each : stray) {
            squares += (each - mean) * (each - mean);
        }
        double chance = squares / (top - 1) / top;
        return Math.min(FORM_SPREAD_MAX, Math.sqrt(Math.max(0, mean * mean - chance)));
    }

    /** Compilation as a share of all CPU in the fitted windows. */
    private static double jitRatio(Rows rows) {
        double jit = 0;
        double busy = 0;
        for (Observation o : rows.observations()) {
            jit += o.jitCores();
            busy += o.jitCores() + sum(o.busyCores());
        }
        return busy == 0 ? 0 : jit / busy;
    }

    /** What other restarts would have used: each draws its own distance from the common fit. */
    private static double[][] otherRestarts(Rows rows, double[][] fitted, double spread, SplittableRandom random) {
        var factors = new HashMap<Integer, Double>();
        double[][] redrawn = new double[fitted.length][rows.size()];
        for (int r = 0; r < rows.size(); r++) {
            double factor = factors.computeIfAbsent(
                    restart(rows, r), restart -> Math.max(LEAST_FACTOR, 1 + spread * gaussian(random)));
            for (int s = 0; s < fitted.length; s++) {
                redrawn[s][r] = fitted[s][r] * factor;
            }
        }
        return redrawn;
    }

    private static double[][] solve(RepeatedNnls[] repeated, double[][] expected, double[][] strayed) {
        double[][] coefficients = new double[repeated.length][];
        for (int s = 0; s < repeated.length; s++) {
            double[] busy = expected[s].clone();
            for (int r = 0; r < busy.length; r++) {
                busy[r] += strayed[s][r];
            }
            coefficients[s] = repeated[s].solve(busy);
        }
        return coefficients;
    }

    private static int restart(Rows rows, int row) {
        return rows.observations().get(row).window().restart();
    }

    private static double gaussian(SplittableRandom random) {
        return RestartEffects.gaussian(random);
    }

    /** How many neighbours share a sign: one, unless what a window strays by is seen again in the next one. */
    private static int block(double[][] residuals) {
        double[] total = new double[residuals[0].length];
        for (double[] station : residuals) {
            for (int r = 0; r < total.length; r++) {
                total[r] += station[r];
            }
        }
        double lag1 = stationFits(new double[][] {total}).get(0).lag1().orElse(0);
        return lag1 <= LAG_MAX ? 1 : total.length < 40 ? 3 : 5;
    }

    private static int[] blockSigns(int rows, int block, SplittableRandom random) {
        int offset = random.nextInt(block);
        int[] signs = new int[rows];
        int sign = random.nextBoolean() ? 1 : -1;
        for (int r = 0; r < rows; r++) {
            if (r > 0 && (r + offset) % block == 0) {
                sign = random.nextBoolean() ? 1 : -1;
            }
            signs[r] = sign;
        }
        return signs;
    }

    /** How much residuals are stretched for the degrees of freedom that the fit took. */
    private static double inflation(int rows, int parameters) {
        return Math.sqrt((double) rows / Math.max(1, rows - parameters));
    }

    /** How much wider than normal an interval from a small sample is. */
    private static double student(int free) {
        return new TDistribution(Math.max(1, free)).inverseCumulativeProbability(STUDENT) / 1.6448536269514722;
    }

    private static List<DemandFit.StationFit> stationFits(double[][] residuals) {
        var fits = new ArrayList<DemandFit.StationFit>();
        for (double[] station : residuals) {
            double squares = 0;
            double products = 0;
            for (int r = 0; r < station.length; r++) {
                squares += station[r] * station[r];
                products += r == 0 ? 0 : station[r] * station[r - 1];
            }
            fits.add(new DemandFit.StationFit(
                    Math.sqrt(squares / station.length),
                    station.length < 4 || squares == 0
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(products / squares)));
        }
        return fits;
    }

    private DemandModel model(double[][] coefficients, Design design, Shape shape, double reference) {
        int stations = coefficients.length;
        int classes = run.classes().size();
        double[] background = new double[stations];
        double[][] demand = new double[stations][classes];
        double[] loadPart = new double[stations];
        double[] growth = new double[stations];
        int extra = 1 + design.columns();
        for (int s = 0; s < stations; s++) {
            background[s] = coefficients[s][0];
            if (isRest(s)) {
                for (int c = 0; c < classes; c++) {
                    demand[s][c] = run.classes().get(c).headline() ? coefficients[s][1] : 0;
                }
                continue;
            }
            for (int c = 0; c < classes; c++) {
                int column = design.column()[c];
                demand[s][c] = column < 0 ? 0 : coefficients[s][1 + column];
            }
            loadPart[s] = shape.load() == LoadForm.CONSTANT ? 0 : coefficients[s][shape.loadColumn(extra)];
            growth[s] = shape.growth() ? coefficients[s][shape.growthColumn(extra)] : 0;
        }
        return new DemandModel(background, demand, loadPart, shape.load(), growth, shape.growth() ? reference : 0);
    }

    private double[][] matrix(Rows rows, Design design, Shape shape) {
        var coldness = Shape.coldness(rows.observations());
        double reference = Shape.referenceWorkouts(rows.observations());
        int extra = 1 + design.columns();
        double[][] matrix = new double[rows.size()][extra + shape.extra()];
        for (int r = 0; r < matrix.length; r++) {
            Observation o = rows.observations().get(r);
            double requests = o.totalPerSecond();
            matrix[r][0] = 1;
            System.arraycopy(design.rates(o.ratesPerSecond()), 0, matrix[r], 1, design.columns());
            if (shape.load() != LoadForm.CONSTANT) {
                matrix[r][shape.loadColumn(extra)] = requests * shape.load().factor(o.utilisation());
            }
            if (shape.growth()) {
                matrix[r][shape.growthColumn(extra)] =
                        requests * Math.log(Math.max(1, o.window().dataset().workouts()) / reference) / Math.log(2);
            }
            if (shape.steal()) {
                matrix[r][shape.stealColumn(extra)] =
                        requests * (o.window().stealRatio() - run.usualSteal().orElse(0));
            }
            if (shape.warming()) {
                matrix[r][shape.warmingColumn(extra)] =
                        o.headlinePerSecond() * coldness.getOrDefault(o.window().index(), 0.0);
            }
        }
        return matrix;
    }

    private boolean isRest(int station) {
        return ForeignLoad.isRest(run.cpu().stations().get(station));
    }

    private double[][][] matrices(Rows rows, Design design, Shape shape) {
        double[][] shared = matrix(rows, design, shape);
        double[][][] matrices = new double[stationCount()][][];
        for (int s = 0; s < matrices.length; s++) {
            matrices[s] = isRest(s) ? restMatrix(rows) : shared;
        }
        return matrices;
    }

    /** A background and one cost a headline request. */
    private static double[][] restMatrix(Rows rows) {
        return rows.observations().stream()
                .map(o -> new double[] {1, o.headlinePerSecond()})
                .toArray(double[][]::new);
    }

    private static double[] station(Rows rows, int station) {
        return rows.observations().stream()
                .mapToDouble(o -> o.busyCores()[station])
                .toArray();
    }

    private static double[] solve(double[][] matrix, double[] right, double[] weights) {
        return Nnls.fit(matrix, right, squared(weights)).coefficients();
    }

    private static double[] squared(double[] weights) {
        double[] squared = weights.clone();
        for (int r = 0; r < squared.length; r++) {
            squared[r] *= squared[r];
        }
        return squared;
    }

    private static double[] times(double[][] matrix, double[] coefficients) {
        double[] result = new double[matrix.length];
        for (int r = 0; r < result.length; r++) {
            result[r] = times(matrix[r], coefficients);
        }
        return result;
    }

    private static double times(double[] row, double[] coefficients) {
        double result = 0;
        for (int c = 0; c < coefficients.length; c++) {
            result += row[c] * coefficients[c];
        }
        return result;
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }
}
