package me.musclemap.capacity.measure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.LoadForm;

/**
 * A calibration of a world whose truth is known: true costs, random arrivals, random CPU time per request, and whatever the
 * world does beyond the model.
 */
public final class SimulatedCampaign {
    /** In the order of the record's classes. */
    public static final List<String> CLASSES = List.of("read", "heavyRead", "write", "login", "telemetry");

    /** In the order of the record's stations. */
    public static final List<String> STATIONS = List.of("api", "postgres", "redis", "rum", "other");

    private static final double[][] MILLIS = {
        {0.55, 1.4, 0.9, 22, 0.1},
        {0.15, 0.9, 0.7, 0.4, 0},
        {0.03, 0.05, 0.04, 0.06, 0},
        {0, 0, 0, 0, 0.12},
        {0.05, 0.1, 0.08, 0.1, 0.03}
    };
    private static final double[][] MIXES = {
        {0.56, 0.14, 0.28, 0.02, 0.9},
        {0.80, 0.15, 0.04, 0.01, 0.9},
        {0.25, 0.05, 0.68, 0.02, 0.4},
        {0.45, 0.10, 0.39, 0.06, 1.3},
        {0.40, 0.45, 0.14, 0.01, 0.6}
    };
    private static final List<String> MIX_NAMES = List.of("workload", "reading", "writes", "logins", "polling");
    private static final double SECONDS = 5;
    private static final int WORKOUTS = 200_000;

    private final World world;
    private final SplittableRandom random;
    private final List<Window> windows = new ArrayList<>();
    private double cores = 1;

    /**
     * What a world does.
     *
     * @param loadMillis of every request at the API that is paid only when the core is idle (falling form)
     * @param noise relative scatter of a station's CPU from window to window
     * @param variation squared variation of the CPU time of single requests
     * @param lock extra CPU per request that grows with the square of the rate: a hidden lock; milliseconds at the knee
     * @param drift relative rise of all costs from the first window to the last
     * @param fixedMix whether all windows have the workload's mix
     */
    public record World(
            double loadMillis,
            double noise,
            double variation,
            double lock,
            double drift,
            boolean fixedMix,
            int fitWindows) {
        /** A world that the model describes. */
        public static World plain() {
            return new World(0, 0.02, 1, 0, 0, false, 18);
        }

        /** The same with wake-ups that become rarer under load. */
        public World withLoadMillis(double millis) {
            return new World(millis, noise, variation, lock, drift, fixedMix, fitWindows);
        }

        /** The same with other scatter. */
        public World withNoise(double ratio, double squaredVariation) {
            return new World(loadMillis, ratio, squaredVariation, lock, drift, fixedMix, fitWindows);
        }

        /** The same with a hidden lock. */
        public World withLock(double millis) {
            return new World(loadMillis, noise, variation, millis, drift, fixedMix, fitWindows);
        }

        /** The same with a machine that becomes slower. */
        public World withDrift(double ratio) {
            return new World(loadMillis, noise, variation, lock, ratio, fixedMix, fitWindows);
        }

        /** The same with one mix only. */
        public World withFixedMix() {
            return new World(loadMillis, noise, variation, lock, drift, true, fitWindows);
        }

        /** The same with another number of windows. */
        public World withFitWindows(int count) {
            return new World(loadMillis, noise, variation, lock, drift, fixedMix, count);
        }

        /** The true costs. */
        public DemandModel truth() {
            double[][] demand = new double[STATIONS.size()][CLASSES.size()];
            for (int s = 0; s < demand.length; s++) {
                for (int c = 0; c < demand[s].length; c++) {
                    demand[s][c] = MILLIS[s][c] / 1000;
                }
            }
            return new DemandModel(
                    new double[] {0.012, 0.006, 0.003, 0.002, 0.01},
                    demand,
                    new double[] {loadMillis / 1000, 0, 0, 0, 0},
                    loadMillis == 0 ? LoadForm.CONSTANT : LoadForm.FALLING);
        }
    }

    private SimulatedCampaign(World world, long seed) {
        this.world = world;
        this.random = new SplittableRandom(seed);
    }

    /** One record of this world. */
    public static RunRecord record(World world, long seed) {
        return new SimulatedCampaign(world, seed).record();
    }

    /** Another use of a station in a window. */
    public interface Change {
        /** What the station used instead. */
        StationUse.Usage of(Window window, String station, StationUse.Usage usage);
    }

    /** The same record in a world where the stations used something else. */
    public static RunRecord changed(RunRecord run, Change change) {
        var windows = run.windows().stream()
                .map(w -> rewritten(w, w.index(), w.restart(), w.dataset(), change))
                .toList();
        return with(run, run.restarts(), windows);
    }

    /**
     * Restarts of one service, each with costs of its own about the world's, in one record.
     *
     * @param spread relative deviation of a restart's costs, lognormal
     */
    public static RunRecord restarts(World world, int count, double spread, long seed) {
        int[] workouts = new int[count];
        java.util.Arrays.fill(workouts, WORKOUTS);
        return restarts(world, workouts, spread, 0, seed);
    }

    /**
     * One restart for each size of the data; at the database a request costs more each time that the workouts double.
     *
     * @param growthMillis of every request
     */
    public static RunRecord sizes(World world, int[] workouts, double growthMillis, long seed) {
        return restarts(world, workouts, 0, growthMillis, seed);
    }

    /** Both. The costs of the world are those at the first size. */
    public static RunRecord restarts(World world, int[] workouts, double spread, double growthMillis, long seed) {
        var random = new SplittableRandom(seed ^ 0xabcdef);
        var windows = new ArrayList<Window>();
        RunRecord last = null;
        for (int restart = 0; restart < workouts.length; restart++) {
            double factor = Math.exp(spread
                    * Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
                    * Math.cos(2 * Math.PI * random.nextDouble()));
            double doublings = Math.log((double) workouts[restart] / workouts[0]) / Math.log(2);
            var dataset = new Window.Dataset(workouts[restart] / 2, workouts[restart]);
            last = record(world, seed * 137 + restart);
            for (Window w : last.windows()) {
                double more = w.finishedTotal() * growthMillis / 1000 * doublings;
                windows.add(rewritten(
                        w,
                        windows.size(),
                        restart,
                        dataset,
                        (window, station, usage) -> times(plus(usage, station.equals("postgres") ? more : 0), factor)));
            }
        }
        return with(java.util.Objects.requireNonNull(last), workouts.length, windows);
    }

    private static StationUse.Usage plus(StationUse.Usage usage, double seconds) {
        return new StationUse.Usage(usage.cpuSeconds() + seconds, usage.jitSeconds(), usage.residentBytes());
    }

    /** The same without the windows of a role in one restart. */
    public static RunRecord without(RunRecord run, int restart, String role) {
        return with(
                run,
                run.restarts(),
                run.windows().stream()
                        .filter(w -> w.restart() != restart || !w.role().equals(role))
                        .toList());
    }

    /**
     * A world whose generator was watched, with held-out windows on two cores that it shares.
     *
     * @param generatorMillis of each request of any class, from 0
     */
    public static RunRecord onTwoCores(World world, double generatorMillis, long seed) {
        return onTwoCores(world, generatorMillis, 1, seed);
    }

    /**
     * The same on cores that are threads of one: work is so many times as dear while both are busy. On a core of its own each side
     * meets the other by chance; on both, whatever is waiting takes a free one, which is solved as a Markov chain.
     */
    public static RunRecord onTwoCores(World world, double generatorMillis, double ratio, long seed) {
        var campaign = new SimulatedCampaign(world, seed);
        RunRecord run = campaign.record();
        int own = campaign.windows.size();
        campaign.cores = 2;
        double knee = rateAt(world, 0.9);
        for (int i = 0; i < 6; i++) {
            campaign.window("held-out", i % 2, (0.4 + 0.9 * i / 5) * knee, 1);
        }
        var random = new SplittableRandom(seed ^ 0x55);
        var windows = new ArrayList<Window>();
        for (Window w : campaign.windows) {
            double seconds = (0.01 * w.durationSeconds() + generatorMillis / 1000 * w.finishedTotal())
                    * (1 + 0.02 * (random.nextDouble() - 0.5));
            StationUse use = w.use().orElseThrow();
            double system = use.stations().values().stream()
                            .mapToDouble(StationUse.Usage::cpuSeconds)
                            .sum()
                    / w.durationSeconds();
            double[] dearer = w.cores() == 1
                    ? apart(system, seconds / w.durationSeconds(), ratio)
                    : together(system + seconds / w.durationSeconds(), ratio);
            var stations = new LinkedHashMap<String, StationUse.Usage>();
            use.stations().forEach((name, usage) -> stations.put(name, times(usage, dearer[0])));
            stations.put("generator", new StationUse.Usage(seconds * dearer[1], 0, 0));
            windows.add(copied(
                    w,
                    w.index(),
                    w.index() < own ? 0 : 1,
                    w.dataset(),
                    new StationUse(use.durationSeconds(), stations, use.counters())));
        }
        RunRecord all = with(run, 2, windows);
        return ratio == 1
                ? all
                : secondCore(all, Optional.of(new RunRecord.CoreRatio(ratio, ratio - 0.05, ratio + 0.05)));
    }

    /** What work costs more at two neighbours that each keep one of two cores busy, over idle neighbours. */
    private static double[] apart(double first, double second, double ratio) {
        double one = first;
        double two = second;
        for (int round = 0; round < 100; round++) {
            one = first * (1 + (ratio - 1) * Math.min(1, two));
            two = second * (1 + (ratio - 1) * Math.min(1, one));
        }
        return new double[] {one / first, two / second};
    }

    /** The same for one queue in front of both, each of speed 1 alone and 1 / ratio beside the other. */
    private static double[] together(double work, double ratio) {
        double queued = work * ratio / 2;
        double both = queued >= 1 ? 1 : work * queued / (1 - queued);
        double one = queued >= 1 ? 0 : work;
        double all = queued >= 1 ? 1 : 1 + one + both;
        double dearer = queued >= 1 ? ratio : (one + 2 * both) / all / work;
        return new double[] {dearer, dearer};
    }

    /** The same record where the probe of the second core says this. */
    public static RunRecord secondCore(RunRecord run, Optional<RunRecord.CoreRatio> ratio) {
        return with(run, run.restarts(), run.windows(), ratio);
    }

    private static StationUse.Usage times(StationUse.Usage usage, double factor) {
        return new StationUse.Usage(usage.cpuSeconds() * factor, usage.jitSeconds() * factor, usage.residentBytes());
    }

    private static Window rewritten(Window w, int index, int restart, Window.Dataset dataset, Change change) {
        StationUse use = w.use().orElseThrow();
        var stations = new LinkedHashMap<String, StationUse.Usage>();
        use.stations().forEach((name, usage) -> stations.put(name, change.of(w, name, usage)));
        return copied(w, index, restart, dataset, new StationUse(use.durationSeconds(), stations, use.counters()));
    }

    private static Window copied(Window w, int index, int restart, Window.Dataset dataset, StationUse use) {
        return new Window(
                index,
                restart,
                w.role(),
                w.durationSeconds(),
                w.mixName(),
                w.cores(),
                dataset,
                w.offeredPerSecond(),
                w.servedPerSecond(),
                w.telemetryPerSecond(),
                w.sockets(),
                w.finished(),
                w.failed(),
                w.service(),
                w.corrected(),
                w.stealRatio(),
                w.excluded(),
                Optional.of(use));
    }

    /**
     * The same world on a machine whose hypervisor takes some of the core.
     *
     * @param stealByWindow share of the core; zero where it is not listed
     * @param dearness a request costs so much more for each unit of steal above the usual one
     * @param imported whether the record says that it is production's
     */
    public static RunRecord withSteal(
            RunRecord run, Map<Integer, Double> stealByWindow, double usual, double dearness, boolean imported) {
        var windows = run.windows().stream()
                .map(w -> {
                    double steal = stealByWindow.getOrDefault(w.index(), 0.0);
                    return new Window(
                            w.index(),
                            w.restart(),
                            w.role(),
                            w.durationSeconds(),
                            w.mixName(),
                            w.cores(),
                            w.dataset(),
                            w.offeredPerSecond(),
                            w.servedPerSecond(),
                            w.telemetryPerSecond(),
                            w.sockets(),
                            w.finished(),
                            w.failed(),
                            w.service(),
                            w.corrected(),
                            steal,
                            w.excluded(),
                            w.use().map(u -> dearer(u, 1 + dearness * (steal - usual))));
                })
                .toList();
        RunRecord as = with(run, run.restarts(), windows);
        return imported ? UsualSteal.leftOut(production(as)) : as;
    }

    private static StationUse dearer(StationUse use, double factor) {
        var stations = new HashMap<String, StationUse.Usage>();
        use.stations()
                .forEach((name, usage) -> stations.put(name, name.equals("other") ? usage : times(usage, factor)));
        return new StationUse(use.durationSeconds(), stations, use.counters());
    }

    private static RunRecord production(RunRecord run) {
        return new RunRecord(
                run.id(),
                run.sha256(),
                run.status(),
                run.seed(),
                run.restarts(),
                run.stack(),
                run.sharedCores(),
                OptionalDouble.of(0),
                run.cpuModel(),
                run.memoryBytes(),
                run.secondCore(),
                run.workload(),
                run.classes(),
                run.resources(),
                run.pools(),
                run.maxHeapBytes(),
                run.probe(),
                run.prediction(),
                run.windows(),
                run.validity(),
                run.operationTimes());
    }

    private static RunRecord with(RunRecord run, int restarts, List<Window> windows) {
        return with(run, restarts, windows, run.secondCore());
    }

    private static RunRecord with(
            RunRecord run, int restarts, List<Window> windows, Optional<RunRecord.CoreRatio> secondCore) {
        return new RunRecord(
                run.id(),
                run.sha256(),
                run.status(),
                run.seed(),
                restarts,
                run.stack(),
                run.sharedCores(),
                run.usualSteal(),
                run.cpuModel(),
                run.memoryBytes(),
                secondCore,
                run.workload(),
                run.classes(),
                run.resources(),
                run.pools(),
                run.maxHeapBytes(),
                run.probe(),
                run.prediction(),
                windows,
                run.validity(),
                Map.of());
    }

    /** The same record, in which work that comes at intervals was measured by itself. */
    public static RunRecord withPeriodic(RunRecord run, List<PeriodicRun> periodic) {
        return new RunRecord(
                run.id(),
                run.sha256(),
                run.status(),
                run.seed(),
                run.restarts(),
                run.stack(),
                run.sharedCores(),
                run.usualSteal(),
                run.cpuModel(),
                run.memoryBytes(),
                run.secondCore(),
                run.workload(),
                run.classes(),
                run.resources(),
                run.pools(),
                run.maxHeapBytes(),
                run.probe(),
                run.prediction(),
                run.windows(),
                periodic,
                run.validity(),
                run.operationTimes());
    }

    /** The same record with processes of strangers on the watched core in some windows. */
    public static RunRecord withForeignLoad(RunRecord run, Map<Integer, Double> coresByWindow) {
        return changed(
                run,
                (window, station, usage) -> station.equals("other")
                        ? new StationUse.Usage(
                                usage.cpuSeconds()
                                        + coresByWindow.getOrDefault(window.index(), 0.0) * window.durationSeconds(),
                                0,
                                0)
                        : usage);
    }

    /** Requests of each class per headline request of the workload. */
    public static double[] workloadMix() {
        return MIXES[0].clone();
    }

    /** The headline rate at which the core of a world is this busy, under the workload's mix. */
    public static double rateAt(World world, double utilisation) {
        double low = 0;
        double high = 2000;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (world.truth().at(times(MIXES[0], middle), 1).utilisation() < utilisation) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private RunRecord record() {
        double knee = rateAt(world, 0.9);
        window("idle", 0, 0, 0);
        int[] order = shuffled(world.fitWindows());
        for (int rung : order) {
            double share = 0.15 + 0.45 * rung / (world.fitWindows() - 1);
            window(
                    "fit",
                    world.fixedMix() ? 0 : rung % MIXES.length,
                    share * knee,
                    (double) windows.size() / order.length);
        }
        for (int i = 0; i < 4; i++) {
            window("held-out", world.fixedMix() ? 0 : 1 + i % 2, (0.65 + 0.25 * i / 3) * knee, 1);
        }
        var classes = new ArrayList<RunRecord.RequestClass>();
        var mix = new LinkedHashMap<String, Double>();
        for (int c = 0; c < CLASSES.size(); c++) {
            String name = CLASSES.get(c);
            classes.add(new RunRecord.RequestClass(name, List.of(name + "Operation"), !name.equals("telemetry")));
            mix.put(name, MIXES[0][c]);
        }
        return new RunRecord(
                "20261122-000000-0000",
                "0".repeat(64),
                "complete",
                7,
                1,
                new RunRecord.Stack("simulated", "a simulated world"),
                false,
                OptionalDouble.empty(),
                "simulated",
                8e9,
                Optional.empty(),
                new RunRecord.Workload("simulated", 0.022, 0.022 * MIXES[0][4], 2400, 0.1, mix),
                classes,
                List.of(new RunRecord.CoreResource("cpu", 1, STATIONS)),
                Map.of("db", 16),
                1e9,
                Optional.of(new RunRecord.Probe(knee, true)),
                Optional.empty(),
                windows,
                new RunRecord.Validity("indicative", List.of()),
                Map.of());
    }

    private int[] shuffled(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        for (int i = count - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }

    private void window(String role, int mixIndex, double perSecond, double age) {
        double[] counts = new double[CLASSES.size()];
        for (int c = 0; c < counts.length; c++) {
            double mean = perSecond * MIXES[mixIndex][c] * SECONDS;
            counts[c] = Math.max(0, Math.round(mean + Math.sqrt(mean) * gaussian()));
        }
        DemandModel truth = world.truth();
        double utilisation = truth.at(times(counts, 1 / SECONDS), cores).utilisation();
        double knee = rateAt(world, 0.9);
        var stations = new LinkedHashMap<String, StationUse.Usage>();
        double busy = 0;
        for (int s = 0; s < STATIONS.size(); s++) {
            double cpu = truth.background()[s] * SECONDS;
            for (int c = 0; c < counts.length; c++) {
                double each = truth.demandAt(s, c, utilisation)
                        + (s == 0 ? world.lock() / 1000 * Math.pow(perSecond / knee, 2) : 0);
                // The sum of so many requests of random size.
                cpu += counts[c] * each + Math.sqrt(counts[c] * world.variation()) * each * gaussian();
            }
            cpu *= (1 + world.noise() * gaussian()) * (1 + world.drift() * age);
            stations.put(STATIONS.get(s), new StationUse.Usage(Math.max(0, cpu), 0, 100e6));
            busy += Math.max(0, cpu) / SECONDS;
        }
        var finished = new HashMap<String, Long>();
        double headline = 0;
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] > 0) {
                finished.put(CLASSES.get(c) + "Operation", (long) counts[c]);
            }
            headline += c < 4 ? counts[c] / SECONDS : 0;
        }
        windows.add(new Window(
                windows.size(),
                0,
                role,
                SECONDS,
                MIX_NAMES.get(mixIndex),
                cores,
                new Window.Dataset(WORKOUTS / 2, WORKOUTS),
                headline,
                headline,
                counts[4] / SECONDS,
                0,
                finished,
                0,
                latency(truth, counts, Math.min(0.97, busy / cores), headline),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.of(new StationUse(SECONDS, stations, Map.of()))));
    }

    /** A delay of half a millisecond, then the cores shared: means exact, percentiles of a scaled exponential. */
    private Optional<Window.Latency> latency(DemandModel truth, double[] counts, double busy, double headline) {
        long count = Math.round(headline * SECONDS);
        if (count == 0) {
            return Optional.empty();
        }
        double cpu = 0;
        for (int c = 0; c < 4; c++) {
            cpu += counts[c] / count * truth.totalDemandAt(c, busy);
        }
        double mean = (0.0005 + cpu / (1 - busy)) * (1 + 0.04 * gaussian());
        return Optional.of(new Window.Latency(count, mean, mean * 0.7, mean * 3, mean * 5, mean * 9));
    }

    private double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static double[] times(double[] values, double factor) {
        double[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] *= factor;
        }
        return result;
    }

    /** The headline rate at which the core is 70 % busy. */
    public static double headlineRate(DemandModel model) {
        double low = 0;
        double high = 4000;
        for (int i = 0; i < 40; i++) {
            double middle = (low + high) / 2;
            double[] rates = workloadMix();
            for (int c = 0; c < rates.length; c++) {
                rates[c] *= middle;
            }
            if (model.at(rates, 1).utilisation() < 0.7) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
