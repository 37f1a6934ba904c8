package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import me.musclemap.capacity.claims.Claims;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.LoadForm;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.forecast.CarriedRate;
import me.musclemap.capacity.forecast.GrowthForecast;
import me.musclemap.capacity.forecast.PeakSeries;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.predict.FormulaCheck;
import me.musclemap.capacity.predict.ResponseQuantity;
import me.musclemap.capacity.predict.SealedPrediction;
import me.musclemap.capacity.predict.TrafficMix;
import me.musclemap.capacity.thresholds.Thresholds;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;
import me.musclemap.capacity.validate.HeldOutComparison;

/** Turns one run into a capacity answer: refit on all windows, solve the phases, derive thresholds, decide claims. */
public final class Planner {
    private static final int CURVE_POINTS = 20;
    private static final double CURVE_END = 0.97;
    private static final double DISAGREEMENT_MAX = 0.2;
    private static final double WARMING_TOLD = 0.05;

    /** How figures begin that come from the fit. */
    private static final List<String> FITTED = List.of("policy.", "slo.", "reference.");

    private final RunRecord run;
    private final Phases phases;
    private final Claims claims;
    private final int draws;
    private final OptionalDouble presentPeak;
    private final Optional<PeakSeries> peaks;
    private final TrafficMix mix;

    /** @param presentPeak headline requests per second that are asked for today, if known */
    public Planner(RunRecord run, Phases phases, Claims claims, int draws, OptionalDouble presentPeak) {
        this(run, phases, claims, draws, presentPeak, Optional.empty());
    }

    /**
     * With a series of daily peaks.
     *
     * @param presentPeak headline requests per second that are asked for today; where it is empty, the highest peak of the
     *     series' last week stands for it
     */
    public Planner(
            RunRecord run,
            Phases phases,
            Claims claims,
            int draws,
            OptionalDouble presentPeak,
            Optional<PeakSeries> peaks) {
        this.run = run;
        this.phases = phases;
        this.claims = claims;
        this.draws = draws;
        this.presentPeak = presentPeak.isPresent()
                ? presentPeak
                : peaks.stream().mapToDouble(PeakSeries::presentPeak).findFirst();
        this.peaks = peaks;
        this.mix = TrafficMix.of(run);
    }

    /**
     * Answers.
     *
     * @param sealed the prediction that the held-out windows answer, and its hash
     * @throws me.musclemap.capacity.fit.UnsupportedFitException if the windows are too few
     */
    public CapacityAnswer answer(Optional<SealedPrediction> sealed, String sealedSha256) {
        PhaseStudy study = PhaseStudy.of(run, draws);
        FittedRun fitted = study.fitted();
        Optional<HeldOutComparison> heldOut = sealed.flatMap(s -> HeldOutComparison.of(run, s, sealedSha256));
        List<Stack> stacks = study.stacks(phases);
        Stack measured = stacks.get(0);
        Optional<Stack> production = stacks.stream().filter(Stack::estimated).findFirst();
        PhasePlanner planner = study.planner(phases, presentPeak);
        var here = new MeasuredMachine(run, mix, phases.assumptions(), measured);
        CapacityAnswer.Limit policy = here.policy(study.driven());
        Optional<String> refusal = new Refusal(fitted, phases.assumptions().cpuLimit()).of(policy.requestsPerSecond());
        List<PhaseAnswer> answers = phases.phases().stream()
                .map(p -> planner.answer(p, stacks))
                .map(a -> refusal.map(a::refused).orElse(a))
                .toList();
        Optional<GrowthForecast> forecast = peaks.map(p -> GrowthForecast.of(
                p,
                carried(refusal.isPresent() ? Optional.empty() : Optional.of(here), answers),
                phases.assumptions().leadDays(),
                run.seed()));
        List<CapacityAnswer.CurvePoint> curve = refusal.isPresent() ? List.of() : curve(fitted);
        return new CapacityAnswer(
                fitted,
                draws,
                run.seed(),
                quality(fitted, heldOut, production, curve, refusal),
                heldOut,
                refusal.isPresent() ? Optional.empty() : Optional.of(policy),
                refusal.isPresent() ? Optional.empty() : Optional.of(slo(fitted, measured, study.driven())),
                collapse(study.driven()),
                refusal.isPresent() ? Optional.empty() : Optional.of(largestConsumer(fitted)),
                refusal.isPresent() ? List.of() : users(policy.requestsPerSecond()),
                curve,
                answers,
                SecondCoreAssumed.of(fitted.demand(), phases.assumptions()),
                presentPeak.isPresent() && refusal.isEmpty()
                        ? Optional.of(here.headroom(presentPeak.getAsDouble()))
                        : Optional.empty(),
                forecast,
                refusal.isPresent() ? List.of() : Thresholds.of(basis(fitted, measured, policy, forecast)),
                claims.decide(figures(fitted, answers, policy, production, stacks, refusal.isPresent())),
                production.isPresent() && refusal.isEmpty()
                        ? PresetStack.shipped(phases.asking())
                                .against(
                                        run,
                                        fitted.demand(),
                                        phases.assumptions().cpuLimit())
                        : List.of());
    }

    /** Everything that daily peaks may grow into: the machine as it stood, and each phase that has an answer. */
    private List<CarriedRate> carried(Optional<MeasuredMachine> here, List<PhaseAnswer> answers) {
        var carried = new ArrayList<CarriedRate>();
        here.ifPresent(machine -> carried.add(
                new CarriedRate("the measured machine", run.stack().name(), "measured", machine.capacities())));
        for (PhaseAnswer answer : answers) {
            for (PhaseAnswer.OnStack stack : answer.stacks()) {
                if (stack.requestsPerSecond().isPresent()) {
                    carried.add(new CarriedRate(answer.phase().id(), stack.stack(), stack.label(), stack.rates()));
                }
            }
        }
        return carried;
    }

    private CapacityAnswer.Quality quality(
            FittedRun fitted,
            Optional<HeldOutComparison> heldOut,
            Optional<Stack> production,
            List<CapacityAnswer.CurvePoint> curve,
            Optional<String> refusal) {
        var reasons = new ArrayList<String>();
        refusal.ifPresent(reasons::add);
        reasons.addAll(run.validity().reasons());
        if (run.restarts() == 1) {
            reasons.add("one restart: a spread of 5 % from restart to restart is assumed in the headline figures");
        }
        if (!run.status().equals("complete")) {
            reasons.add("the record is " + run.status());
        }
        if (fitted.demand().idleCores().length == 0) {
            reasons.add("no quiet idle window: the intercept of the fit could not be checked");
        }
        if (fitted.demand().warmingRatio() > WARMING_TOLD) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "code was still being compiled: the first fitted window paid %.0f %% more than the last, which the costs leave out",
                    fitted.demand().warmingRatio() * 100));
        }
        run.usualSteal()
                .ifPresent(steal -> reasons.add(String.format(
                        Locale.ROOT,
                        "imported from production: costs are those at its usual steal of %.1f %%, and the cores that the hypervisor takes are left out",
                        steal * 100)));
        if (heldOut.isEmpty()) {
            reasons.add("no held-out window: the model's own error is not known");
        }
        heldOut.filter(HeldOutComparison::noLongerFits)
                .ifPresent(h -> reasons.add(String.format(
                        Locale.ROOT,
                        "the model no longer fits: only %d of %d held-out figures lay inside their 90 %% intervals",
                        h.ownCoverage().inside(),
                        h.ownCoverage().of())));
        if (production.isEmpty()) {
            reasons.add("the workload has a class that the production preset does not know: no answer for that stack");
        }
        curve.stream()
                .filter(p -> disagreement(p) > DISAGREEMENT_MAX)
                .findFirst()
                .ifPresent(p -> reasons.add(String.format(
                        Locale.ROOT,
                        "formula and simulation of the p95 differ by %.0f %% at %.0f requests/s",
                        disagreement(p) * 100,
                        p.requestsPerSecond())));
        return new CapacityAnswer.Quality(
                refusal.isPresent() ? "notValid" : run.validity().verdict(), run.restarts(), reasons, refusal);
    }

    private static double disagreement(CapacityAnswer.CurvePoint point) {
        return point.check().map(FormulaCheck.Both::disagreement).orElse(0.0);
    }

    private CapacityAnswer.Limit slo(FittedRun fitted, Stack measured, double driven) {
        double cores = run.cpu().cores();
        IntToDoubleFunction rate = d -> {
            DemandModel model =
                    d == FittedRun.BEST ? measured.best() : measured.draws().get(d);
            return fitted.sloRate(d, model, mix, cores)
                    .orElse(fitted.rateAtUtilisation(model, mix, cores, FittedRun.SUSTAINABLE_UTILISATION));
        };
        Quantiles rates = Quantiles.of(parallel(rate));
        double best = rate.applyAsDouble(FittedRun.BEST);
        double busy = measured.best().at(mix.rates(best), cores).utilisation();
        return new CapacityAnswer.Limit(
                fitted.hasResponse() ? "p99 at most 1 s" : "cores at most 90 % busy: no response times were recorded",
                rates,
                new NamedConstraint(
                        "cpu",
                        String.format(Locale.ROOT, "p99 reaches 1 s with %.1f %% of the cores busy", busy * 100),
                        Optional.of(largestConsumer(fitted).station()),
                        Math.min(1, busy)),
                rates.p50() > driven);
    }

    private double[] parallel(IntToDoubleFunction drawn) {
        return IntStream.range(0, draws).parallel().mapToDouble(drawn).toArray();
    }

    /** The lowest offered rate at which the service served less than nine tenths of its best: only where somebody drove it there. */
    private OptionalDouble collapse(double best) {
        return run.windowsOnItsCores().stream()
                .filter(w -> !w.role().equals("idle") && !w.role().equals("warm-up"))
                .filter(w -> w.offeredPerSecond() > best && w.servedPerSecond() < 0.9 * best)
                .mapToDouble(Window::offeredPerSecond)
                .min();
    }

    private CapacityAnswer.Consumer largestConsumer(FittedRun fitted) {
        DemandModel model = fitted.demand().model();
        var costs = new LinkedHashMap<String, Double>();
        double total = 0;
        for (int s = 0; s < model.demand().length; s++) {
            double cost = 0;
            for (int c = 0; c < mix.perRequest().length; c++) {
                cost += mix.perRequest()[c]
                        * model.demandAt(s, c, phases.assumptions().cpuLimit());
            }
            costs.put(run.cpu().stations().get(s), cost);
            total += cost;
        }
        var most = costs.entrySet().stream().max(Comparator.comparingDouble(Map.Entry::getValue));
        if (most.isEmpty() || !(total > 0)) {
            return new CapacityAnswer.Consumer(run.cpu().stations().get(0), 0);
        }
        return new CapacityAnswer.Consumer(most.get().getKey(), most.get().getValue() / total);
    }

    private List<CapacityAnswer.Users> users(Quantiles policy) {
        RunRecord.Workload workload = run.workload();
        Assumptions assumptions = phases.assumptions();
        Quantiles inSession = policy.map(r -> r / workload.requestsPerSecondPerUser());
        double perDay = 86_400 / (workload.sessionSeconds() * assumptions.sessionsPerDay() * assumptions.peakToMean());
        return List.of(
                new CapacityAnswer.Users(
                        "inSession",
                        inSession,
                        String.format(
                                Locale.ROOT,
                                "%.4f requests/s each (once in %.0f s), telemetry posts apart",
                                workload.requestsPerSecondPerUser(),
                                1 / workload.requestsPerSecondPerUser())),
                new CapacityAnswer.Users(
                        "fiveMinuteActive",
                        inSession.map(u -> u * (1 + 300 / workload.sessionSeconds())),
                        String.format(
                                Locale.ROOT,
                                "sessions of %.0f minutes; whoever left in the last five minutes still counts",
                                workload.sessionSeconds() / 60)),
                new CapacityAnswer.Users(
                        "openSocket",
                        inSession.map(u -> u * workload.socketShare()),
                        String.format(
                                Locale.ROOT,
                                "%.0f %% of those in session hold a socket",
                                workload.socketShare() * 100)),
                new CapacityAnswer.Users(
                        "daily",
                        inSession.map(u -> u * perDay),
                        String.format(
                                Locale.ROOT,
                                "%.0f session of %.0f minutes a day, the busiest hour %.0f times the mean",
                                assumptions.sessionsPerDay(),
                                workload.sessionSeconds() / 60,
                                assumptions.peakToMean())));
    }

    private List<CapacityAnswer.CurvePoint> curve(FittedRun fitted) {
        double cores = run.cpu().cores();
        double end = fitted.rateAtUtilisation(fitted.demand().model(), mix, cores, CURVE_END);
        double highest = fitted.demand().selection().loaded().stream()
                .mapToDouble(Observation::headlinePerSecond)
                .max()
                .orElse(0);
        var points = new ArrayList<CapacityAnswer.CurvePoint>();
        for (int i = 1; i <= CURVE_POINTS; i++) {
            double rate = end * i / CURVE_POINTS;
            DemandModel.Load load = fitted.demand().model().at(mix.rates(rate), cores);
            var utilisation = new LinkedHashMap<String, Double>();
            for (int s = 0; s < load.busyCores().length; s++) {
                utilisation.put(run.cpu().stations().get(s), load.busyCores()[s] / cores);
            }
            points.add(new CapacityAnswer.CurvePoint(
                    rate,
                    seconds(fitted, ResponseQuantity.MEAN, rate),
                    seconds(fitted, ResponseQuantity.P95, rate),
                    seconds(fitted, ResponseQuantity.P99, rate),
                    utilisation,
                    rate > highest,
                    FormulaCheck.at(fitted.demand().model(), mix, rate, cores, run.seed())));
        }
        return points;
    }

    private Optional<Interval> seconds(FittedRun fitted, ResponseQuantity quantity, double rate) {
        if (!fitted.hasResponse()) {
            return Optional.empty();
        }
        double cores = run.cpu().cores();
        IntToDoubleFunction drawn = d -> {
            DemandModel model = fitted.model(d);
            double busy = model.at(mix.rates(rate), cores).utilisation();
            return fitted.seconds(d, quantity, model, mix, busy, cores).orElse(0);
        };
        return Optional.of(Interval.of(drawn.applyAsDouble(FittedRun.BEST), parallel(drawn)));
    }

    private Thresholds.Basis basis(
            FittedRun fitted, Stack measured, CapacityAnswer.Limit policy, Optional<GrowthForecast> forecast) {
        double cores = run.cpu().cores();
        DemandModel model = measured.best();
        var observables = new Thresholds.Observables() {
            @Override
            public double utilisation(double perSecond) {
                return model.at(mix.rates(perSecond), cores).utilisation();
            }

            @Override
            public OptionalDouble p99Seconds(double perSecond) {
                return fitted.seconds(FittedRun.BEST, ResponseQuantity.P99, model, mix, utilisation(perSecond), cores);
            }

            @Override
            public double connections(double perSecond) {
                return perSecond * measured.poolHold().seconds(utilisation(perSecond), 0);
            }
        };
        double residual = 0;
        double busy = 0;
        for (var station : fitted.demand().stations()) {
            residual += station.residualCores() * station.residualCores();
        }
        for (Observation o : fitted.demand().selection().loaded()) {
            busy += o.utilisation()
                    * o.window().cores()
                    / fitted.demand().selection().loaded().size();
        }
        double p10 = policy.requestsPerSecond().p10();
        return new Thresholds.Basis(
                p10,
                fitted.rateAtUtilisation(model, mix, cores, 1),
                forecast.flatMap(f -> f.growthAheadPerDay().stream().boxed().findFirst())
                        .orElse(phases.assumptions().growthPerDay()),
                phases.assumptions().leadDays(),
                observables,
                run.pools().values().stream().mapToInt(Integer::intValue).max().orElse(0),
                measured.poolHold().seconds(observables.utilisation(p10), 0),
                run.memoryBytes(),
                measured.residentBytes(),
                run.maxHeapBytes(),
                busy > 0 ? Math.sqrt(residual) / busy : 0,
                phases.assumptions().configured());
    }

    private Map<String, Quantiles> figures(
            FittedRun fitted,
            List<PhaseAnswer> answers,
            CapacityAnswer.Limit policy,
            Optional<Stack> production,
            List<Stack> stacks,
            boolean refused) {
        var figures = new HashMap<String, Quantiles>();
        double perUser = run.workload().requestsPerSecondPerUser();
        figures.put("requests.per.user", exactly(perUser));
        double writes = 0;
        for (int c = 0; c < mix.perRequest().length; c++) {
            if (phases.assumptions()
                    .writeClasses()
                    .contains(run.classes().get(c).name())) {
                writes += mix.perRequest()[c];
            }
        }
        figures.put("writes.share", exactly(writes));
        production.ifPresent(p -> figures.put("production.socketKilobytes", exactly(p.bytesPerSocket() / 1000)));
        double cores = run.cpu().cores();
        DemandModel model = stacks.get(0).best(); // the measured one, with its periodic work
        fitted.sloRate(FittedRun.BEST, model, mix, cores)
                .ifPresent(r -> figures.put(
                        "slo.utilisation", exactly(model.at(mix.rates(r), cores).utilisation())));
        double at = policy.requestsPerSecond().p50();
        fitted.seconds(
                        FittedRun.BEST,
                        ResponseQuantity.P99,
                        model,
                        mix,
                        model.at(mix.rates(at), cores).utilisation(),
                        cores)
                .ifPresent(p99 -> figures.put("policy.p99", exactly(p99)));
        for (PhaseAnswer answer : answers) {
            String phase = answer.phase().id();
            for (int s = 0; s < answer.stacks().size(); s++) {
                PhaseAnswer.OnStack on = answer.stacks().get(s);
                String prefix = (stacks.get(s).estimated() ? "production." : "reference.") + phase;
                on.coresForTarget().ifPresent(c -> figures.put(prefix + ".cores", exactly(c)));
                on.requestsPerSecond().ifPresent(r -> {
                    figures.put(prefix + ".rate", r);
                    figures.put(
                            prefix + ".secondsFor15000",
                            new Quantiles(15_000 / r.p90(), 15_000 / r.p50(), 15_000 / r.p10()));
                    figures.put(
                            prefix + ".secondsFor25000",
                            new Quantiles(25_000 / r.p90(), 25_000 / r.p50(), 25_000 / r.p10()));
                });
                on.users().ifPresent(u -> figures.put(prefix + ".users", u));
                if (stacks.get(s).estimated()) {
                    answer.dollarsPerMonth()
                            .ifPresent(
                                    d -> figures.put(prefix + ".dollars", new Quantiles(d.low(), d.mid(), d.high())));
                }
            }
        }
        if (refused) {
            // What a model that does not fit says decides nothing.
            figures.keySet().removeIf(name -> FITTED.stream().anyMatch(name::startsWith));
        }
        return figures;
    }

    private static Quantiles exactly(double value) {
        return new Quantiles(value, value, value);
    }

    /** How a form of load dependence is called in the method's description. */
    static String words(LoadForm form, boolean checked) {
        return switch (form) {
            case CONSTANT ->
                checked
                        ? "a constant cost per request, which the idle windows confirm"
                        : "a constant cost per request, which no idle window could check";
            case FALLING ->
                "a cost per request that falls as the cores fill up, because the idle windows contradict a constant one";
            case RISING ->
                "a cost per request that rises as the cores fill up, because the idle windows contradict a constant one";
        };
    }
}
