package me.musclemap.capacity.predict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import me.musclemap.capacity.fit.DemandFit;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecord.RequestClass;
import me.musclemap.capacity.measure.ServiceTimes;
import me.musclemap.capacity.measure.Window.Latency;
import me.musclemap.capacity.regression.Nnls;

/**
 * Response times from those that the run itself measured at low load, operation by operation: the operations' own
 * distributions mixed as the load asks for them, then stretched as shared cores stretch what runs on them. How much of a time
 * is stretched is fitted to the windows for the mean and each percentile apart, and held near what theory expects of it: the
 * share of the time that is CPU.
 *
 * <p>A short request does not wait behind all of a long one: the scheduler serves first who has been served least. What counts
 * for a request is the load of all others cut at its own size.
 *
 * <p>Source: processor sharing and foreground-background scheduling, Kleinrock, Queueing Systems II (1976), sections 4.4 and
 * 4.7; for several cores the wait of M/M/m.
 *
 * <p>Thread-safe.
 */
final class MeasuredTimes implements ResponseModel {
    private static final int WINDOWS_MIN = 4;

    /** Requests of an operation below which its class speaks for it. */
    private static final long OPERATION_MIN = 30;

    /** Spread that is believed in before any window is seen: of a level, and of the slope about its theory. */
    private static final double LEVEL_SPREAD = 0.15;

    private static final double SLOPE_SPREAD = 0.25;

    /** Requests beyond a percentile at which half of its scatter is no longer chance. */
    private static final double STEADY_COUNT = 10;

    private static final double SCATTER_MIN = 0.05;
    private static final double LEAST_RATIO = 0.1;

    private final Map<String, ServiceTimes> byOperation;
    private final List<RequestClass> classes;
    private final Map<String, Double> shareInClass;
    private final double referenceUtilisation;
    private final Fitted[] best;
    private final Fitted[][] drawn;
    private final double[][] strays;

    /** Mixing is the dear part, and draws and loads ask for the same mix again and again. */
    private final Map<Asked, Double> mixed = new ConcurrentHashMap<>();

    private record Asked(ResponseQuantity quantity, Map<String, Double> counts) {}

    /** The level, and how much of the stretch shows. */
    private record Fitted(double level, double slope) {}

    private MeasuredTimes(
            Map<String, ServiceTimes> byOperation,
            List<RequestClass> classes,
            Map<String, Double> shareInClass,
            double referenceUtilisation,
            Fitted[] best,
            Fitted[][] drawn,
            double[][] strays) {
        this.byOperation = byOperation;
        this.classes = classes;
        this.shareInClass = shareInClass;
        this.referenceUtilisation = referenceUtilisation;
        this.best = best;
        this.drawn = drawn;
        this.strays = strays;
    }

    /** From the windows of the demand fit whose requests are in the latency log; empty with fewer than four of them. */
    static Optional<ResponseModel> of(RunRecord run, DemandFit demand, long seed) {
        List<Observation> rows = demand.selection().loaded().stream()
                .filter(o -> run.operationTimes().containsKey(o.window().index())
                        && ResponseFit.latency(o).isPresent()
                        && o.utilisation() < UTILISATION_MAX)
                .toList();
        if (rows.size() < WINDOWS_MIN) {
            return Optional.empty();
        }
        var times = pooled(run, rows);
        if (times.isEmpty()) {
            return Optional.empty();
        }
        var bare = new MeasuredTimes(
                times,
                run.classes(),
                shareInClass(run, rows),
                reference(rows),
                new Fitted[0],
                new Fitted[0][],
                new double[0][]);
        return Optional.of(bare.fitted(run, demand, rows, seed));
    }

    /** The distributions of all rows together; a rare operation is given those of its class. */
    private static Map<String, ServiceTimes> pooled(RunRecord run, List<Observation> rows) {
        var result = new HashMap<String, ServiceTimes>();
        for (RequestClass requestClass : run.classes()) {
            if (!requestClass.headline()) {
                continue;
            }
            var own = new HashMap<String, ServiceTimes>();
            for (String operation : requestClass.operations()) {
                List<ServiceTimes> parts = rows.stream()
                        .map(o -> run.operationTimes()
                                .getOrDefault(o.window().index(), Map.of())
                                .get(operation))
                        .filter(java.util.Objects::nonNull)
                        .toList();
                if (!parts.isEmpty()) {
                    own.put(operation, ServiceTimes.of(parts));
                }
            }
            if (own.isEmpty()) {
                continue;
            }
            ServiceTimes all = ServiceTimes.of(own.values());
            for (String operation : requestClass.operations()) {
                ServiceTimes measured = own.get(operation);
                result.put(operation, measured != null && measured.count() >= OPERATION_MIN ? measured : all);
            }
        }
        return Map.copyOf(result);
    }

    /** What share of its class each operation was. */
    private static Map<String, Double> shareInClass(RunRecord run, List<Observation> rows) {
        var shares = new HashMap<String, Double>();
        for (RequestClass requestClass : run.classes()) {
            var counts = new HashMap<String, Double>();
            double sum = 0;
            for (Observation o : rows) {
                for (String operation : requestClass.operations()) {
                    double n = o.window().finished().getOrDefault(operation, 0L);
                    counts.merge(operation, n, Double::sum);
                    sum += n;
                }
            }
            double total = sum;
            counts.forEach((operation, n) -> shares.put(operation, total > 0 ? n / total : 0));
        }
        return Map.copyOf(shares);
    }

    /** How busy the cores were when an average request of the rows was served. */
    private static double reference(List<Observation> rows) {
        double busy = 0;
        double requests = 0;
        for (Observation o : rows) {
            double n = o.headlinePerSecond() * o.window().durationSeconds();
            busy += n * Math.min(UTILISATION_MAX, o.utilisation());
            requests += n;
        }
        return requests > 0 ? busy / requests : 0;
    }

    private MeasuredTimes fitted(RunRecord run, DemandFit demand, List<Observation> rows, long seed) {
        int draws = demand.draws().size();
        ResponseQuantity[] quantities = ResponseQuantity.values();
        var bestFits = new Fitted[quantities.length];
        var drawnFits = new Fitted[draws][quantities.length];
        var strayed = new double[draws][quantities.length];
        var random = new SplittableRandom(seed ^ 0x7e5);
        double expected = cpuShare(demand, run, rows);
        Map<Integer, Double> coldness = demand.coldness();
        for (ResponseQuantity quantity : quantities) {
            int q = quantity.index();
            double[] ratio = new double[rows.size()];
            double[] stretch = new double[rows.size()];
            double[] weight = new double[rows.size()];
            for (int r = 0; r < ratio.length; r++) {
                Observation o = rows.get(r);
                Latency latency = ResponseFit.latency(o).orElseThrow();
                ratio[r] = quantity.of(latency) / atReference(quantity, counted(run, o));
                TrafficMix mix = mixOf(run, o);
                stretch[r] = stretch(
                                1,
                                shareAhead(quantity, demand.model(), mix),
                                o.window().cores())
                        .beyond(o.utilisation());
                // What was dearer only because its code was still being compiled is no part of the times to come.
                ratio[r] *= 1
                        - expected
                                * demand.warmingRatio()
                                * coldness.getOrDefault(o.window().index(), 0.0);
                double beyond = quantity.shareBeyond() * latency.count();
                weight[r] = beyond / (beyond + STEADY_COUNT);
            }
            Fitted fit = calibrate(ratio, stretch, weight, 1, expected);
            bestFits[q] = fit;
            double inflate = Math.sqrt((double) ratio.length / Math.max(1, ratio.length - 2));
            double[] off = new double[ratio.length];
            for (int r = 0; r < off.length; r++) {
                off[r] = inflate * (ratio[r] / at(fit, stretch[r]) - 1);
            }
            for (int d = 0; d < draws; d++) {
                double[] redrawn = new double[ratio.length];
                for (int r = 0; r < ratio.length; r++) {
                    double sign = random.nextBoolean() ? 1 : -1;
                    redrawn[r] = at(fit, stretch[r]) * Math.max(LEAST_RATIO, 1 + sign * off[r]);
                }
                drawnFits[d][q] = calibrate(
                        redrawn,
                        stretch,
                        weight,
                        1 + LEVEL_SPREAD * gaussian(random),
                        Math.max(0, expected + SLOPE_SPREAD * gaussian(random)));
                // Not mirrored: a window strays further up than down.
                strayed[d][q] = off[random.nextInt(off.length)];
            }
        }
        return new MeasuredTimes(
                byOperation, classes, shareInClass, referenceUtilisation, bestFits, drawnFits, strayed);
    }

    /** What theory expects of the slope: the share of a request's time that is CPU, its own and that of others before it. */
    private double cpuShare(DemandFit demand, RunRecord run, List<Observation> rows) {
        double cpu = 0;
        double seconds = 0;
        for (Observation o : rows) {
            double requests = o.headlinePerSecond();
            for (int c = 0; c < o.ratesPerSecond().length; c++) {
                if (run.classes().get(c).headline()) {
                    cpu += o.ratesPerSecond()[c] * demand.model().totalDemandAt(c, o.utilisation());
                }
            }
            seconds += requests * ResponseFit.latency(o).map(Latency::mean).orElse(0.0);
        }
        double cores = run.cpu().cores();
        double share = seconds > 0 ? cpu * Stretch.of(referenceUtilisation, cores) / seconds : 1;
        return Math.max(0.3, Math.min(1, share));
    }

    private static double at(Fitted fit, double stretch) {
        return Math.max(1e-3, fit.level() * (1 + fit.slope() * stretch));
    }

    private Stretch stretch(double slope, double share, double cores) {
        return new Stretch(referenceUtilisation, slope, share, cores);
    }

    /** The share of the load that is served before a request of the size that decides a quantity is done. */
    private static double shareAhead(ResponseQuantity quantity, DemandModel model, TrafficMix mix) {
        int classes = mix.perRequest().length;
        double[] cpu = new double[classes];
        for (int c = 0; c < classes; c++) {
            cpu[c] = model.totalDemandAt(c, 0.5);
        }
        if (quantity == ResponseQuantity.MEAN) {
            double weighted = 0;
            double weights = 0;
            for (int c = 0; c < classes; c++) {
                double weight = mix.headline()[c] ? mix.perRequest()[c] * cpu[c] : 0;
                weighted += weight * shareUpTo(cpu[c], cpu, mix);
                weights += weight;
            }
            return weights > 0 ? weighted / weights : 1;
        }
        return shareUpTo(sizeAt(quantity, cpu, mix), cpu, mix);
    }

    /** The CPU time of the class that the percentile falls into. */
    private static double sizeAt(ResponseQuantity quantity, double[] cpu, TrafficMix mix) {
        double headline = 0;
        for (int c = 0; c < cpu.length; c++) {
            headline += mix.headline()[c] ? mix.perRequest()[c] : 0;
        }
        double size = Double.POSITIVE_INFINITY;
        for (int c = 0; c < cpu.length; c++) {
            double beyond = 0;
            for (int k = 0; k < cpu.length; k++) {
                beyond += mix.headline()[k] && cpu[k] > cpu[c] ? mix.perRequest()[k] : 0;
            }
            if (mix.headline()[c] && beyond <= quantity.shareBeyond() * headline) {
                size = Math.min(size, cpu[c]);
            }
        }
        return size;
    }

    private static double shareUpTo(double size, double[] cpu, TrafficMix mix) {
        double ahead = 0;
        double all = 0;
        for (int c = 0; c < cpu.length; c++) {
            ahead += mix.perRequest()[c] * Math.min(size, cpu[c]);
            all += mix.perRequest()[c] * cpu[c];
        }
        return all > 0 ? ahead / all : 1;
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

    /** Least squares of ratio = level + level x slope x stretch, with both held near what is believed beforehand. */
    private static Fitted calibrate(double[] ratio, double[] stretch, double[] weight, double level, double slope) {
        int n = ratio.length;
        double scatter = SCATTER_MIN;
        double first = level;
        double second = level * slope;
        for (int round = 0; round < 3; round++) {
            double[][] matrix = new double[n + 2][];
            double[] right = new double[n + 2];
            double[] rows = new double[n + 2];
            for (int r = 0; r < n; r++) {
                matrix[r] = new double[] {1, stretch[r]};
                right[r] = ratio[r];
                rows[r] = weight[r] / (scatter * scatter);
            }
            matrix[n] = new double[] {1, 0};
            right[n] = level;
            rows[n] = 1 / (LEVEL_SPREAD * LEVEL_SPREAD);
            matrix[n + 1] = new double[] {0, 1};
            right[n + 1] = slope;
            rows[n + 1] = 1 / (SLOPE_SPREAD * SLOPE_SPREAD);
            double[] fitted = Nnls.fit(matrix, right, rows).coefficients();
            first = Math.max(0.05, fitted[0]);
            second = fitted[1];
            double squares = 0;
            double weights = 0;
            for (int r = 0; r < n; r++) {
                double off = ratio[r] - first - second * stretch[r];
                squares += weight[r] * off * off;
                weights += weight[r];
            }
            scatter = Math.max(SCATTER_MIN, Math.sqrt(squares / Math.max(1e-9, weights) * n / Math.max(1, n - 2)));
        }
        return new Fitted(first, second / first);
    }

    /** Requests of a window by operation. */
    private static Map<String, Double> counted(RunRecord run, Observation o) {
        var counts = new TreeMap<String, Double>();
        for (RequestClass requestClass : run.classes()) {
            if (requestClass.headline()) {
                for (String operation : requestClass.operations()) {
                    counts.put(operation, (double) o.window().finished().getOrDefault(operation, 0L));
                }
            }
        }
        return counts;
    }

    /** Requests by operation in a mix; where it does not say, its classes are made up as those of the fitted windows. */
    private Map<String, Double> counted(TrafficMix mix) {
        if (!mix.operations().isEmpty()) {
            return mix.operations();
        }
        var counts = new TreeMap<String, Double>();
        for (int c = 0; c < classes.size(); c++) {
            if (mix.headline()[c]) {
                for (String operation : classes.get(c).operations()) {
                    counts.put(operation, mix.perRequest()[c] * shareInClass.getOrDefault(operation, 0.0));
                }
            }
        }
        return counts;
    }

    /** A quantity of the operations' own distributions, mixed. */
    private double atReference(ResponseQuantity quantity, Map<String, Double> counts) {
        return mixed.computeIfAbsent(new Asked(quantity, counts), asked -> mixed(asked.quantity(), asked.counts()));
    }

    private double mixed(ResponseQuantity quantity, Map<String, Double> counts) {
        var parts = new ArrayList<ServiceTimes>();
        var weights = new ArrayList<Double>();
        counts.forEach((operation, n) -> {
            ServiceTimes times = byOperation.get(operation);
            if (times != null && n > 0) {
                parts.add(times);
                weights.add(n);
            }
        });
        return parts.isEmpty() ? 1e-3 : quantity.of(parts, weights);
    }

    @Override
    public double seconds(
            ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores) {
        return seconds(best[quantity.index()], quantity, model, mix, utilisation, cores);
    }

    @Override
    public double seconds(
            int draw, ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores) {
        return seconds(drawn[draw][quantity.index()], quantity, model, mix, utilisation, cores);
    }

    private double seconds(
            Fitted fit,
            ResponseQuantity quantity,
            DemandModel model,
            TrafficMix mix,
            double utilisation,
            double cores) {
        double share = shareAhead(quantity, model, mix);
        double beyond = stretch(1, share, cores).beyond(utilisation);
        // What shows of the stretch is CPU: a busy neighbour makes that part of a request dearer.
        double dearer = model.secondCore().factor(utilisation, cores);
        return atReference(quantity, counted(mix)) * at(fit, beyond + (1 + beyond) * (dearer - 1));
    }

    @Override
    public double stray(
            int draw, ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores) {
        // A queue that is longer wanders further: its deviation grows about as the root of the stretch.
        double beyond = stretch(1, shareAhead(quantity, model, mix), cores).beyond(utilisation);
        return Math.max(LEAST_RATIO, 1 + Math.sqrt(Math.max(1, 1 + beyond)) * strays[draw][quantity.index()]);
    }

    @Override
    public Optional<Stretch> stretch(ResponseQuantity quantity, DemandModel model, TrafficMix mix, double cores) {
        return Optional.of(stretch(best[quantity.index()].slope(), shareAhead(quantity, model, mix), cores));
    }

    private static double gaussian(SplittableRandom random) {
        double u = 1 - random.nextDouble();
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
