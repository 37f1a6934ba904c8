package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.StationUse;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.predict.ResponseQuantity;
import me.musclemap.capacity.predict.TrafficMix;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * One fitted run, asked about phases again and again: every question gets the same draws, so that two answers differ by what
 * was changed and by nothing else. Thread-safe.
 */
public final class PhaseStudy {
    private final RunRecord run;
    private final FittedRun fitted;
    private final int draws;

    private PhaseStudy(FittedRun fitted) {
        this.run = fitted.run();
        this.fitted = fitted;
        this.draws = fitted.draws();
    }

    /** Of what was fitted already. */
    public static PhaseStudy of(FittedRun fitted) {
        return new PhaseStudy(fitted);
    }

    /**
     * Fits all windows of a run.
     *
     * @throws me.musclemap.capacity.fit.UnsupportedFitException if they are too few
     */
    public static PhaseStudy of(RunRecord run, int draws) {
        Selection selection = Selection.of(run, Set.of("fit", "held-out"), Double.POSITIVE_INFINITY);
        return new PhaseStudy(FittedRun.of(run, selection, draws, run.seed()));
    }

    /** The fit. */
    public FittedRun fitted() {
        return fitted;
    }

    /** The record. */
    public RunRecord run() {
        return run;
    }

    /** Why the measured stack has no answer; empty where it has one. */
    public Optional<String> refusal(Phases phases) {
        Stack measured = measuredStack(phases);
        Quantiles policy = new MeasuredMachine(run, TrafficMix.of(run), phases.assumptions(), measured)
                .policy(driven())
                .requestsPerSecond();
        return new Refusal(fitted, phases.assumptions().cpuLimit()).of(policy);
    }

    /** The stacks that a plan is solved for: the measured one, and the production preset where it knows the workload. */
    public List<Stack> stacks(Phases phases) {
        var stacks = new ArrayList<Stack>();
        stacks.add(measuredStack(phases));
        PresetStack.shipped(phases.asking())
                .stack(run, draws, run.seed())
                .map(preset -> preset.onCoresLike(secondCores(phases)))
                .ifPresent(stacks::add);
        return stacks;
    }

    /** What a second core is worth on the phases' machines: the best estimate, and each draw. */
    private Stack.SecondCores secondCores(Phases phases) {
        return new Stack.SecondCores(
                phases.assumptions().secondCore(),
                fitted.demand().model().secondCore(),
                fitted.demand().draws().stream().map(DemandModel::secondCore).toList());
    }

    PhasePlanner planner(Phases phases, OptionalDouble presentPeak) {
        return new PhasePlanner(run, phases, run.seed(), presentPeak);
    }

    /** The answer of one phase for every stack. */
    public PhaseAnswer answer(Phases phases, Phase phase) {
        return planner(phases, OptionalDouble.empty()).answer(phase, stacks(phases));
    }

    /** What a user asks in this plan. */
    public Asking.PerUser perUser(Phases phases) {
        return phases.asking().of(run);
    }

    /** The headline rates that a phase carries on a stack, one for each draw. */
    public double[] rates(Phases phases, Phase phase, Stack stack) {
        return planner(phases, OptionalDouble.empty()).rates(phase, stack);
    }

    /** The headline rate that a phase carries by the best estimate of a stack. */
    public double rate(Phases phases, Phase phase, Stack stack) {
        return planner(phases, OptionalDouble.empty()).rate(phase, stack);
    }

    /** A phase as a stack loads it. */
    public PhaseLoad load(Phases phases, Phase phase, Stack stack) {
        return planner(phases, OptionalDouble.empty()).load(phase, stack);
    }

    /** A stack's draws on the phase's cores, each with the speed that they may have. */
    public List<Stack> drawn(Phases phases, Phase phase, Stack stack) {
        return planner(phases, OptionalDouble.empty()).drawn(phase, stack);
    }

    /** Dollars a month for what is charged by use, at this peak. */
    public double metered(Phases phases, Phase phase, double headlinePerSecond) {
        return planner(phases, OptionalDouble.empty()).metered(phase, headlinePerSecond);
    }

    /** Whether the cores of a phase are more than four times those that were measured. */
    public static boolean isBeyondRange(Phase phase, Stack stack, double headlinePerSecond) {
        double cores =
                phase.tierOf(PhasePlanner.API).map(Phase.Tier::totalCores).orElse(phase.totalCores());
        return cores > PhasePlanner.RANGE_MAX * stack.measuredCores()
                || headlinePerSecond > PhasePlanner.RANGE_MAX * stack.ratePerSecondMax();
    }

    /** The stack as it was measured. */
    Stack measuredStack(Phases phases) {
        PeriodicLoad periodic = PeriodicLoad.of(run, fitted.draws());
        var models = new ArrayList<DemandModel>();
        for (int d = 0; d < fitted.draws(); d++) {
            models.add(periodic.drawn(d).in(fitted.headlineModel(d)));
        }
        int database = run.cpu().stations().indexOf(PhasePlanner.DATABASE);
        List<Observation> loaded = fitted.demand().selection().loaded();
        TrafficMix mix = TrafficMix.of(run);
        return new Stack(
                        run.stack().name(),
                        run.stack().scope(),
                        run.cpu().stations(),
                        periodic.in(fitted.demand().model()),
                        models,
                        PoolHold.measured(loaded)
                                .orElseGet(
                                        () -> PoolHold.fromCpu(fitted.demand().model(), database, mix)),
                        run.cpu().cores(),
                        driven(),
                        resident(),
                        10_000,
                        OptionalInt.empty(),
                        true,
                        measuredHits(phases.assumptions(), loaded),
                        (model, asked, utilisation, cores) ->
                                fitted.seconds(FittedRun.BEST, ResponseQuantity.P99, model, asked, utilisation, cores),
                        periodic,
                        false)
                .onCoresLike(secondCores(phases));
    }

    /** What the cache answered while the costs were measured, by class: at the mean rate of the windows that were fitted. */
    private double[] measuredHits(Assumptions assumptions, List<Observation> loaded) {
        double rate = loaded.stream()
                .mapToDouble(Observation::headlinePerSecond)
                .average()
                .orElse(0);
        double[] rates = TrafficMix.of(run).rates(rate);
        double users = rate / run.workload().requestsPerSecondPerUser();
        return IntStream.range(0, rates.length)
                .mapToDouble(c -> assumptions.originCache().stream()
                        .filter(cache ->
                                cache.requestClass().equals(run.classes().get(c).name()))
                        .mapToDouble(cache -> cache.hits(rates[c], users, 1))
                        .sum())
                .map(hits -> Math.min(hits, 0.999))
                .toArray();
    }

    /** The highest headline rate that any watched window served. */
    double driven() {
        return run.windowsOnItsCores().stream()
                .filter(w -> w.use().isPresent())
                .mapToDouble(Window::servedPerSecond)
                .max()
                .orElse(0);
    }

    /** Memory of all stations together in the window where it was most. */
    private double resident() {
        return run.windows().stream()
                .flatMap(w -> w.use().stream())
                .mapToDouble(u -> run.cpu().stations().stream()
                        .map(s -> Optional.ofNullable(u.stations().get(s)))
                        .mapToDouble(s -> s.map(StationUse.Usage::residentBytes).orElse(0.0))
                        .sum())
                .max()
                .orElse(0);
    }
}
