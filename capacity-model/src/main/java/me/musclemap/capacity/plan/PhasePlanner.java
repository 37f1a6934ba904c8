package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import me.musclemap.capacity.cache.TtlCache;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.plan.Phase.EdgeCache;
import me.musclemap.capacity.plan.Phase.Tier;
import me.musclemap.capacity.predict.TrafficMix;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;

/** Solves phases for stacks: every constraint of a phase, the highest rate that meets them all, and what the target would need. */
final class PhasePlanner {
    /** Beyond this many times what was measured, a model is a guess. */
    static final double RANGE_MAX = 4;

    private static final String API = "api";
    private static final String DATABASE = "postgres";

    private final RunRecord run;
    private final TrafficMix mix;
    private final Assumptions assumptions;
    private final long seed;

    PhasePlanner(RunRecord run, Assumptions assumptions, long seed) {
        this.run = run;
        this.mix = TrafficMix.of(run);
        this.assumptions = assumptions;
        this.seed = seed;
    }

    PhaseAnswer answer(Phase phase, List<Stack> stacks) {
        var answers = new ArrayList<PhaseAnswer.OnStack>();
        for (Stack stack : stacks) {
            answers.add(onStack(phase, stack));
        }
        Stack priced = stacks.get(stacks.size() - 1);
        return new PhaseAnswer(phase, Optional.of(dollars(phase, priced)), whyDollars(phase, priced), answers);
    }

    private PhaseAnswer.OnStack onStack(Phase phase, Stack stack) {
        List<Constraint> constraints = constraints(phase, stack, stack.best());
        List<Constraint> ranked = constraints.stream()
                .sorted(Comparator.comparingDouble(Constraint::capacity))
                .toList();
        double best = ranked.get(0).capacity();
        double[] speeds = speeds(stack.draws().size(), phase);
        double[] rates = IntStream.range(0, speeds.length)
                .parallel()
                .mapToDouble(d -> capacity(phase, stack.drawn(d, 1 / speeds[d])))
                .toArray();
        Quantiles rate = Quantiles.of(rates);
        Optional<String> whyNull = whyNull(phase, stack, rate);
        double target = phase.targetUsers() * run.workload().requestsPerSecondPerUser();
        boolean answered = whyNull.isEmpty();
        return new PhaseAnswer.OnStack(
                stack.name(),
                label(phase, stack, answered),
                rates,
                answered ? Optional.of(rate) : Optional.empty(),
                answered ? Optional.of(rate.map(r -> r / run.workload().requestsPerSecondPerUser())) : Optional.empty(),
                whyNull,
                Optional.of(NamedConstraint.at(ranked.get(0), best)),
                ranked.stream()
                        .skip(1)
                        .limit(2)
                        .map(c -> NamedConstraint.at(c, best))
                        .toList(),
                OptionalDouble.of(1 - target / rate.p50()),
                utilisation(phase, stack, best),
                OptionalDouble.of(coresForTarget(stack.best(), target)));
    }

    private double capacity(Phase phase, Stack stack) {
        double least = Double.POSITIVE_INFINITY;
        for (Constraint constraint : constraints(phase, stack, stack.best())) {
            least = Math.min(least, constraint.capacity());
        }
        return least;
    }

    private Optional<String> whyNull(Phase phase, Stack stack, Quantiles rate) {
        double cores = phase.tierOf(API).map(Tier::totalCores).orElse(phase.totalCores());
        if (cores > RANGE_MAX * stack.measuredCores()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%.0f cores for the API are more than four times the %.0f that %s measured: see the cores and the cost for the target",
                    cores,
                    stack.measuredCores(),
                    stack.measuredCores() == 1 ? "was" : "were"));
        }
        if (rate.p50() > RANGE_MAX * stack.ratePerSecondMax()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%.0f requests/s are more than four times the %.0f that were driven: see the cores and the cost for the target",
                    rate.p50(),
                    stack.ratePerSecondMax()));
        }
        return Optional.empty();
    }

    private static String label(Phase phase, Stack stack, boolean answered) {
        if (stack.estimated()) {
            return "estimated";
        }
        if (!answered || phase.tiers().size() > 2 || phase.tiers().get(0).machines() > 1) {
            return "assumed";
        }
        return phase.tiers().size() == 1 && phase.totalCores() == stack.measuredCores() ? "measured" : "scaled";
    }

    /** Speeds of the phase's cores over those that were measured, one for each draw. */
    private double[] speeds(int draws, Phase phase) {
        var random = new SplittableRandom(seed ^ phase.id().hashCode());
        double[] speeds = new double[draws];
        for (int d = 0; d < draws; d++) {
            speeds[d] = Math.exp(assumptions.speedSpread() * gaussian(random));
        }
        return speeds;
    }

    static double gaussian(SplittableRandom random) {
        double u = 1 - random.nextDouble();
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** All constraints of a phase under one set of costs. */
    List<Constraint> constraints(Phase phase, Stack stack, DemandModel model) {
        var constraints = new ArrayList<Constraint>();
        for (Tier tier : phase.tiers()) {
            constraints.add(cpu(phase, stack, model, tier));
        }
        phase.tierOf(API).ifPresent(tier -> {
            if (stack.eventLoopsPerCore().isPresent()) {
                constraints.add(eventLoop(phase, stack, model, tier));
            }
            constraints.add(memory(phase, stack, tier));
            if (phase.proxiedSockets() && run.workload().socketShare() > 0) {
                constraints.add(
                        perSocket("sockets", assumptions.openFiles() * assumptions.socketLimit(), tier, "open files"));
                constraints.add(perSocket("localPorts", assumptions.localPorts(), tier, "local ports of the proxy"));
            }
        });
        phase.tierOf(DATABASE).ifPresent(tier -> constraints.add(databasePool(phase, stack, model, tier)));
        constraints.add(bandwidth(phase));
        return constraints;
    }

    private Constraint cpu(Phase phase, Stack stack, DemandModel model, Tier tier) {
        DemandModel own = Stack.only(model, stack.stations(), tier.stations());
        double limit = assumptions.cpuLimit();
        return new Constraint(
                "cpu",
                String.format(
                        Locale.ROOT,
                        "%.0f %% of %s%.0f cores%s",
                        limit * 100,
                        tier.machines() > 1 ? tier.machines() + " x " : "",
                        tier.cores(),
                        phase.tiers().size() > 1 ? " (" + tier.name() + ")" : ""),
                largest(own, tier),
                rate -> own.at(perMachine(phase, tier, rate), tier.cores()).utilisation() / limit);
    }

    private Optional<String> largest(DemandModel own, Tier tier) {
        double most = -1;
        String name = "";
        for (int s = 0; s < own.demand().length; s++) {
            double cost = 0;
            for (int c = 0; c < mix.perRequest().length; c++) {
                cost += mix.perRequest()[c] * own.demandAt(s, c, assumptions.cpuLimit());
            }
            if (cost > most) {
                most = cost;
                name = tier.stations().get(s);
            }
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    private Constraint eventLoop(Phase phase, Stack stack, DemandModel model, Tier tier) {
        int api = stack.stations().indexOf(API);
        double loops = tier.cores() * stack.eventLoopsPerCore().orElse(1);
        double limit = assumptions.poolLimit();
        return new Constraint(
                "eventLoop",
                String.format(Locale.ROOT, "%.0f %% of %.0f event loops a machine", limit * 100, loops),
                Optional.of(API),
                rate -> {
                    double[] rates = perMachine(phase, tier, rate);
                    double busy = 0;
                    for (int c = 0; c < rates.length && api >= 0; c++) {
                        busy += rates[c] * model.demandAt(api, c, assumptions.cpuLimit());
                    }
                    return busy / loops / limit;
                });
    }

    private double sockets(double headlinePerSecond, Tier tier) {
        return headlinePerSecond
                / run.workload().requestsPerSecondPerUser()
                * run.workload().socketShare()
                / tier.machines();
    }

    private Constraint memory(Phase phase, Stack stack, Tier tier) {
        double limit = assumptions.memoryLimit() * tier.memoryGigabytes() * 1e9;
        return new Constraint(
                "memory",
                String.format(
                        Locale.ROOT, "%.0f %% of %.0f GB", assumptions.memoryLimit() * 100, tier.memoryGigabytes()),
                Optional.empty(),
                rate -> (stack.residentBytes()
                                + (phase.proxiedSockets() ? sockets(rate, tier) * stack.bytesPerSocket() : 0))
                        / limit);
    }

    private Constraint perSocket(String name, double limit, Tier tier, String words) {
        return new Constraint(
                name,
                String.format(Locale.ROOT, "%,.0f %s", limit, words),
                Optional.empty(),
                rate -> sockets(rate, tier) / limit);
    }

    private Constraint databasePool(Phase phase, Stack stack, DemandModel model, Tier tier) {
        DemandModel own = Stack.only(model, stack.stations(), tier.stations());
        double statements = 0;
        for (int c = 0; c < mix.perRequest().length; c++) {
            statements += mix.perRequest()[c]
                    * Assumptions.of(
                            assumptions.statementsPerRequest(),
                            run.classes().get(c).name());
        }
        double roundTrips = statements * phase.roundTripSeconds();
        double limit = assumptions.poolLimit() * phase.databaseConnections();
        return new Constraint(
                "dbPool",
                String.format(
                        Locale.ROOT,
                        "%.0f %% of %.0f database connections",
                        assumptions.poolLimit() * 100,
                        phase.databaseConnections()),
                Optional.of(DATABASE),
                rate -> {
                    double busy =
                            own.at(perMachine(phase, tier, rate), tier.cores()).utilisation();
                    return atOrigin(phase, rate) * stack.poolHold().seconds(busy, roundTrips) / limit;
                });
    }

    private Constraint bandwidth(Phase phase) {
        double quota = phase.bandwidthTerabytesPerMonth() * 1e12;
        return new Constraint(
                "bandwidth",
                String.format(Locale.ROOT, "%.0f TB a month", phase.bandwidthTerabytesPerMonth()),
                Optional.empty(),
                rate -> {
                    double[] rates = originRates(phase, rate);
                    double bytes = 0;
                    for (int c = 0; c < rates.length; c++) {
                        bytes += rates[c]
                                * Assumptions.of(
                                        assumptions.bytesPerRequest(),
                                        run.classes().get(c).name());
                    }
                    return bytes * assumptions.secondsPerMonth() / assumptions.peakToMean() / quota;
                });
    }

    /** Rates by class that the edge does not answer. */
    private double[] originRates(Phase phase, double headlinePerSecond) {
        double[] rates = mix.rates(headlinePerSecond);
        for (EdgeCache cache : phase.edgeCache()) {
            for (int c = 0; c < rates.length; c++) {
                if (run.classes().get(c).name().equals(cache.requestClass())) {
                    double perKey = rates[c] * cache.share() / (cache.keys() * cache.pops());
                    rates[c] *= 1 - cache.share() * new TtlCache(perKey, cache.ttlSeconds()).hitRatio();
                }
            }
        }
        return rates;
    }

    private double atOrigin(Phase phase, double headlinePerSecond) {
        double[] rates = originRates(phase, headlinePerSecond);
        double sum = 0;
        for (int c = 0; c < rates.length; c++) {
            sum += mix.headline()[c] ? rates[c] : 0;
        }
        return sum;
    }

    /** Rates by class at one machine of a tier; every database machine plays all writes. */
    private double[] perMachine(Phase phase, Tier tier, double headlinePerSecond) {
        double[] rates = originRates(phase, headlinePerSecond);
        boolean database = tier.stations().contains(DATABASE);
        for (int c = 0; c < rates.length; c++) {
            boolean everywhere = database
                    && assumptions.writeClasses().contains(run.classes().get(c).name());
            rates[c] /= everywhere ? 1 : tier.machines();
        }
        return rates;
    }

    private Map<String, Double> utilisation(Phase phase, Stack stack, double rate) {
        var utilisation = new LinkedHashMap<String, Double>();
        for (Tier tier : phase.tiers()) {
            DemandModel own = Stack.only(stack.best(), stack.stations(), tier.stations());
            double[] busy = own.at(perMachine(phase, tier, rate), tier.cores()).busyCores();
            for (int s = 0; s < busy.length; s++) {
                if (stack.stations().contains(tier.stations().get(s))) {
                    utilisation.put(tier.stations().get(s), busy[s] / tier.cores());
                }
            }
        }
        return utilisation;
    }

    private double coresForTarget(DemandModel model, double headlinePerSecond) {
        double cores = 0;
        for (double background : model.background()) {
            cores += background;
        }
        for (int c = 0; c < mix.perRequest().length; c++) {
            cores += headlinePerSecond * mix.perRequest()[c] * model.totalDemandAt(c, assumptions.cpuLimit());
        }
        return cores / assumptions.cpuLimit();
    }

    private Interval dollars(Phase phase, Stack stack) {
        double[] speeds = speeds(stack.draws().size(), phase);
        var random = new SplittableRandom(seed ^ 0xd011a);
        double[] draws = new double[speeds.length];
        for (int d = 0; d < draws.length; d++) {
            draws[d] = dollars(phase, stack.draws().get(d).scaled(1 / speeds[d]), random.nextDouble());
        }
        return Interval.of(dollars(phase, stack.best(), 0.5), draws);
    }

    /** @param place 0 to 1: where in each price's range */
    private double dollars(Phase phase, DemandModel model, double place) {
        double target = phase.targetUsers() * run.workload().requestsPerSecondPerUser();
        double perMonth = target * assumptions.secondsPerMonth() / assumptions.peakToMean() / 1e6;
        double extraCores = Math.max(0, coresForTarget(model, target) - phase.totalCores());
        double dollars = extraCores * assumptions.dollarsPerCore();
        for (Phase.Cost cost : phase.costs()) {
            double[] fixed = cost.fixed();
            dollars += place < 0.5
                    ? fixed[0] + 2 * place * (fixed[1] - fixed[0])
                    : fixed[1] + (2 * place - 1) * (fixed[2] - fixed[1]);
            dollars += cost.metered(perMonth, perMonth * assumptions.redisCommandsPerRequest());
        }
        return dollars;
    }

    private String whyDollars(Phase phase, Stack stack) {
        double target = phase.targetUsers() * run.workload().requestsPerSecondPerUser();
        return String.format(
                Locale.ROOT,
                "for %,.0f users in session at %.3f requests/s each on %s%s: plans and machines of the phase, %.0f cores where it has %.0f, "
                        + "metered services at a third of the peak; if a machine is lost: %s",
                phase.targetUsers(),
                run.workload().requestsPerSecondPerUser(),
                stack.name(),
                stack.estimated() ? " (estimated)" : "",
                Math.ceil(coresForTarget(stack.best(), target)),
                phase.totalCores(),
                phase.oneMachineLost());
    }
}
