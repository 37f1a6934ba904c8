package me.musclemap.capacity.condition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.plan.Assumptions;
import me.musclemap.capacity.plan.PoolHold;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.predict.ResponseQuantity;
import me.musclemap.capacity.predict.TrafficMix;
import me.musclemap.capacity.simulate.SystemSimulation;
import me.musclemap.capacity.uncertainty.Interval;

/** Answers a person's condition from all windows of a run. Thread-safe once made. */
public final class ConditionPredictor {
    /** Figures so many times beyond the measured range are not given. */
    public static final double RANGE_FACTOR = 4;

    /** Formula and simulation further apart than this are said to disagree. */
    public static final double DISAGREEMENT = 0.2;

    private static final String DATABASE = "postgres";
    private static final String REDIS = "redis";
    /** Deviation of the logarithm of what a miss costs against what a use of a connection costs on average. */
    private static final double MISS_COST_SPREAD = 0.7;

    private final RunRecord run;
    private final FittedRun fitted;
    private final Assumptions assumptions;
    private final List<Observation> loaded;
    /** Those in which the API told what it counted. */
    private final List<Observation> counted;

    private final Map<String, CacheSettings> settings = CacheSettings.shipped();
    private final List<CacheFit> caches;

    /**
     * Fits the run.
     *
     * @throws me.musclemap.capacity.fit.UnsupportedFitException if its windows are too few
     */
    public ConditionPredictor(RunRecord run, Assumptions assumptions, int draws) {
        this.run = run;
        this.assumptions = assumptions;
        Selection selection = Selection.of(run, Set.of("fit", "held-out"), Double.POSITIVE_INFINITY);
        this.fitted = FittedRun.of(run, selection, draws, run.seed());
        this.loaded = selection.loaded();
        this.counted = loaded.stream()
                .filter(o -> o.window().use().filter(use -> use.counted("api")).isPresent())
                .toList();
        this.caches =
                CacheFit.of(counted, settings, run.workload().requestsPerSecondPerUser(), fitted.draws(), run.seed());
    }

    /** The key classes that a condition may change. */
    public static Set<String> cacheNames() {
        return CacheSettings.shipped().keySet();
    }

    /** What is expected under this condition. */
    public ConditionAnswer answer(NamedCondition condition) {
        TrafficMix mix = condition.traffic(run);
        var asked = new LinkedHashMap<String, CacheSettings>();
        settings.forEach((name, known) -> {
            NamedCondition.CacheChange change = condition.caches().get(name);
            asked.put(name, change == null ? known : known.with(change));
        });
        int database = run.cpu().stations().indexOf(DATABASE);
        var setting = new World.Setting(
                mix,
                caches,
                asked,
                PoolHold.measured(loaded)
                        .orElseGet(() -> PoolHold.fromCpu(fitted.demand().model(), database, mix)),
                database,
                run.cpu().stations().indexOf(REDIS),
                statements());
        return answer(condition, setting, worlds(condition, setting, database));
    }

    private double[] statements() {
        return run.classes().stream()
                .mapToDouble(c -> assumptions
                        .statementsPerRequest()
                        .getOrDefault(
                                c.name(), assumptions.statementsPerRequest().getOrDefault("default", 0.0)))
                .toArray();
    }

    /** The best estimate first, then the draws; at the rate asked about a restart strays, in a highest rate it does not. */
    private record Worlds(World best, List<World> atRate, List<World> highest) {}

    private Worlds worlds(NamedCondition condition, World.Setting setting, int database) {
        double perMiss = cpuSecondsPerMiss(database);
        var random = new SplittableRandom(run.seed() ^ 0x5ca1e);
        var atRate = new ArrayList<World>();
        var highest = new ArrayList<World>();
        for (int d = 0; d < fitted.draws(); d++) {
            double missCost = perMiss * Math.exp(MISS_COST_SPREAD * random.nextGaussian());
            atRate.add(new World(fitted, condition, setting, d, grown(fitted.model(d), condition), missCost));
            highest.add(new World(fitted, condition, setting, d, grown(fitted.headlineModel(d), condition), missCost));
        }
        return new Worlds(
                new World(
                        fitted,
                        condition,
                        setting,
                        FittedRun.BEST,
                        grown(fitted.demand().model(), condition),
                        perMiss),
                atRate,
                highest);
    }

    /** The costs at the condition's size of the data, where the run measured how they grow with it. */
    private static DemandModel grown(DemandModel model, NamedCondition condition) {
        return condition.dataset().map(d -> model.grownTo(d.workouts())).orElse(model);
    }

    /** CPU of the database for each use of a connection: what a miss is taken to cost. */
    private double cpuSecondsPerMiss(int database) {
        double cpu = 0;
        double uses = 0;
        for (Observation o : loaded) {
            double counted = o.window().use().stream()
                    .flatMap(u -> u.counters().entrySet().stream())
                    .filter(e -> e.getKey().contains("hikaricp_connections_usage_seconds_count"))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
            if (counted > 0 && database >= 0) {
                uses += counted;
                cpu += o.busyCores()[database] * o.window().durationSeconds();
            }
        }
        return uses > 0 ? cpu / uses : 0.001;
    }

    private ConditionAnswer answer(NamedCondition condition, World.Setting setting, Worlds worlds) {
        double rate = condition.requestsPerSecond();
        double driven = driven();
        var range =
                new MeasuredRange(run, loaded, driven, fitted.demand().model().workouts() > 0);
        List<String> reasons = new ArrayList<>(range.beyond(condition, setting.mix()));
        if (condition.cores() > run.cpu().cores()) {
            reasons.add(fitted.demand().secondCore().words());
        }
        boolean answered = !range.tooFar(condition);
        if (!fitted.hasResponse()) {
            reasons.add("the run recorded no response times: none are predicted");
        }
        boolean carried = carried(worlds.best(), condition);
        if (!carried) {
            reasons.add("not carried: the cores or the connections give out below this rate");
        }
        List<Bound> bounds = bounds(worlds, condition);
        List<Bound> policy =
                bounds.stream().filter(b -> !b.name().equals("p99")).toList();
        List<Bound> slo = bounds.stream().filter(b -> b.name().equals("p99")).toList();
        Bound collapse = collapse(worlds, condition);
        Optional<SystemSimulation> simulation = answered && carried
                ? new ConditionSimulation(run, condition, setting, shapes(), ConditionSimulation.Pauses.of(counted))
                        .run(worlds.best())
                : Optional.empty();
        List<ConditionAnswer.Response> response = answered ? response(worlds, rate, simulation, carried) : List.of();
        response.stream()
                .filter(r -> r.disagreement().orElse(0) > DISAGREEMENT)
                .forEach(r -> reasons.add(String.format(
                        Locale.ROOT,
                        "formula and simulation of %s differ by %.0f %%: trust neither to better than that",
                        r.quantity().replace("Seconds", ""),
                        r.disagreement().orElse(0) * 100)));
        return new ConditionAnswer(
                condition,
                run,
                fitted.demand().windows(),
                fitted.draws(),
                driven,
                range.beyond(condition, setting.mix()).size() > 0,
                reasons,
                carried,
                most(
                        String.format(
                                Locale.ROOT,
                                "cores at most %.0f %% busy, pools at most %.0f %% in use",
                                assumptions.cpuLimit() * 100,
                                assumptions.poolLimit() * 100),
                        policy,
                        driven,
                        condition),
                most("p99 at most 1 s", slo.isEmpty() ? List.of(collapse) : slo, driven, condition),
                most("cores or connections full", List.of(collapse), driven, condition),
                limits(bounds, rate, driven, condition),
                answered ? cpu(worlds, rate) : List.of(),
                answered
                        ? Optional.of(interval(worlds.best(), worlds.atRate(), w -> Math.min(1, w.utilisation(rate))))
                        : Optional.empty(),
                response,
                simulation.map(s -> new ConditionAnswer.Simulated(
                        shapes().isRecorded(),
                        ConditionSimulation.Pauses.of(counted).perRequest()
                                * rate
                                * setting.mix().total(),
                        ConditionSimulation.Pauses.of(counted).seconds(),
                        condition.poolSize().isPresent() ? s.meanPoolWait(0).value() : 0)),
                answered ? cacheUses(condition, setting, worlds, rate) : List.of(),
                answered ? pool(condition, setting, worlds, rate) : Optional.empty());
    }

    private ServiceShapes shapes() {
        return ServiceShapes.of(run, loaded);
    }

    /** The highest headline rate that any watched window served. */
    private double driven() {
        return run.windowsOnItsCores().stream()
                .filter(w -> w.use().isPresent())
                .mapToDouble(Window::servedPerSecond)
                .max()
                .orElse(0);
    }

    private static boolean carried(World best, NamedCondition condition) {
        double rate = condition.requestsPerSecond();
        return best.utilisation(rate) < 1
                && (condition.poolSize().isEmpty()
                        || best.connections(rate) < condition.poolSize().getAsInt());
    }

    /** A constraint with its capacity in every draw. */
    private record Bound(String name, String limit, double best, Interval perSecond, Ceiling ceiling) {}

    private List<Bound> bounds(Worlds worlds, NamedCondition condition) {
        var bounds = new ArrayList<Bound>();
        bounds.add(bound(
                worlds,
                w -> new Ceiling(
                        "cpu",
                        String.format(
                                Locale.ROOT, "%.0f %% of %s", assumptions.cpuLimit() * 100, cores(condition.cores())),
                        rate -> w.utilisation(rate) / assumptions.cpuLimit())));
        condition.poolSize().stream()
                .mapToObj(size -> bound(
                        worlds,
                        w -> new Ceiling(
                                "dbPool",
                                String.format(
                                        Locale.ROOT,
                                        "%.0f %% of %d database connections",
                                        assumptions.poolLimit() * 100,
                                        size),
                                rate -> w.connections(rate) / (assumptions.poolLimit() * size))))
                .forEach(bounds::add);
        if (run.cpu().stations().contains(REDIS)) {
            bounds.add(bound(
                    worlds,
                    w -> new Ceiling(
                            "redisCore",
                            String.format(
                                    Locale.ROOT, "%.0f %% of the one thread of Redis", assumptions.cpuLimit() * 100),
                            rate -> w.redisCore(rate) / assumptions.cpuLimit())));
        }
        if (fitted.hasResponse()) {
            bounds.add(bound(
                    worlds,
                    w -> new Ceiling(
                            "p99",
                            "p99 at most 1 s",
                            rate -> w.seconds(ResponseQuantity.P99, rate).orElse(Double.POSITIVE_INFINITY)
                                    / FittedRun.SLO_P99_SECONDS)));
        }
        bounds.sort(Comparator.comparingDouble(Bound::best));
        return bounds;
    }

    private static String cores(double cores) {
        return String.format(
                Locale.ROOT, cores == 1 ? "%.0f core" : cores == Math.rint(cores) ? "%.0f cores" : "%.1f cores", cores);
    }

    private Bound collapse(Worlds worlds, NamedCondition condition) {
        return bound(
                worlds,
                w -> new Ceiling("full", "cores or connections full", rate -> {
                    double cpu = w.utilisation(rate);
                    return condition.poolSize().isEmpty()
                            ? cpu
                            : Math.max(
                                    cpu,
                                    w.connections(rate) / condition.poolSize().getAsInt());
                }));
    }

    private Bound bound(Worlds worlds, java.util.function.Function<World, Ceiling> of) {
        Ceiling best = of.apply(worlds.best());
        double[] drawn = worlds.highest().parallelStream()
                .mapToDouble(w -> of.apply(w).perSecond())
                .toArray();
        double capacity = best.perSecond();
        return new Bound(best.name(), best.limit(), capacity, Interval.of(capacity, drawn), best);
    }

    /** The lowest of the bounds, draw by draw the one that binds at the best estimate. */
    private ConditionAnswer.Most most(String rule, List<Bound> bounds, double driven, NamedCondition condition) {
        Bound binding =
                bounds.stream().min(Comparator.comparingDouble(Bound::best)).orElseThrow();
        boolean known = binding.best() <= RANGE_FACTOR * driven
                && condition.cores() <= RANGE_FACTOR * run.cpu().cores();
        return new ConditionAnswer.Most(
                rule,
                known ? Optional.of(binding.perSecond()) : Optional.empty(),
                binding.best() > driven || condition.cores() != run.cpu().cores(),
                binding.name());
    }

    private List<ConditionAnswer.Limit> limits(
            List<Bound> bounds, double rate, double driven, NamedCondition condition) {
        return bounds.stream()
                .map(b -> new ConditionAnswer.Limit(
                        b.name(),
                        b.limit(),
                        b.best() <= RANGE_FACTOR * driven
                                        && condition.cores()
                                                <= RANGE_FACTOR * run.cpu().cores()
                                ? Optional.of(b.perSecond())
                                : Optional.empty(),
                        finite(b.ceiling().used().applyAsDouble(rate))))
                .toList();
    }

    private static OptionalDouble finite(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private List<ConditionAnswer.StationUse> cpu(Worlds worlds, double rate) {
        List<String> stations = run.cpu().stations();
        return IntStream.range(0, stations.size())
                .mapToObj(s -> new ConditionAnswer.StationUse(
                        stations.get(s), interval(worlds.best(), worlds.atRate(), w -> w.busyCores(rate)[s])))
                .toList();
    }

    private List<ConditionAnswer.Response> response(
            Worlds worlds, double rate, Optional<SystemSimulation> simulation, boolean carried) {
        var response = new ArrayList<ConditionAnswer.Response>();
        for (ResponseQuantity quantity : ResponseQuantity.values()) {
            OptionalDouble best = carried ? worlds.best().seconds(quantity, rate) : OptionalDouble.empty();
            Optional<Interval> formula = best.isEmpty()
                    ? Optional.empty()
                    : Optional.of(interval(
                            best.getAsDouble(),
                            d -> worlds.atRate().get(d).seconds(quantity, rate).orElse(best.getAsDouble() * 10)));
            var simulated = simulation.map(s -> switch (quantity) {
                case MEAN -> s.meanResponse();
                case P95 -> s.responsePercentile(0.95);
                case P99 -> s.responsePercentile(0.99);
            });
            OptionalDouble seconds =
                    simulated.stream().mapToDouble(e -> e.value()).findFirst();
            response.add(new ConditionAnswer.Response(
                    quantity.figure(),
                    formula,
                    seconds,
                    simulated.stream().mapToDouble(e -> e.halfWidth()).findFirst(),
                    best.isPresent() && seconds.isPresent() && seconds.getAsDouble() > 0
                            ? OptionalDouble.of(
                                    Math.abs(best.getAsDouble() - seconds.getAsDouble()) / seconds.getAsDouble())
                            : OptionalDouble.empty()));
        }
        return response;
    }

    private List<ConditionAnswer.CacheUse> cacheUses(
            NamedCondition condition, World.Setting setting, Worlds worlds, double rate) {
        return caches.stream()
                .map(cache -> {
                    CacheSettings as = setting.asked().getOrDefault(cache.keyClass(), cache.settings());
                    return new ConditionAnswer.CacheUse(
                            cache.keyClass(),
                            as.ttlSeconds(),
                            as.keysFor(condition.activeUsersAt(rate)),
                            cache.lookupsPerSecond(setting.mix().rates(rate)),
                            interval(worlds.best(), worlds.atRate(), w -> w.hitRatio(cache, rate)),
                            cache.measuredHitRatio(),
                            cache.lookups());
                })
                .toList();
    }

    private Optional<ConditionAnswer.Pool> pool(
            NamedCondition condition, World.Setting setting, Worlds worlds, double rate) {
        OptionalInt size = condition.poolSize();
        double statements = 0;
        for (int c = 0; c < setting.statements().length; c++) {
            statements += setting.mix().headline()[c] ? setting.mix().perRequest()[c] * setting.statements()[c] : 0;
        }
        double perRequest = statements;
        return size.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConditionAnswer.Pool(
                        size.getAsInt(),
                        interval(worlds.best(), worlds.atRate(), w -> w.connections(rate)),
                        worlds.best().holdSeconds(rate),
                        setting.hold().measured(),
                        perRequest));
    }

    private Interval interval(World best, List<World> draws, ToDoubleFunction<World> figure) {
        return Interval.of(
                figure.applyAsDouble(best),
                draws.parallelStream().mapToDouble(figure).toArray());
    }

    private Interval interval(double best, IntToDoubleFunction drawn) {
        return Interval.of(
                best,
                IntStream.range(0, fitted.draws()).parallel().mapToDouble(drawn).toArray());
    }
}
