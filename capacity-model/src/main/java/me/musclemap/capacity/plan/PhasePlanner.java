package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.plan.Phase.Tier;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;

/** Solves phases for stacks: the highest rate that meets every constraint of a phase, and what the target would need. */
final class PhasePlanner {
    /** Beyond this many times what was measured, a model is a guess. */
    static final double RANGE_MAX = 4;

    static final String API = "api";
    static final String DATABASE = "postgres";

    private static final double SECONDS_PER_DAY = 86_400;

    private final RunRecord run;
    private final Assumptions assumptions;
    private final Asking asking;
    private final Asking.PerUser perUser;
    private final PhaseData data;
    private final long seed;
    private final OptionalDouble presentPeak;

    PhasePlanner(RunRecord run, Phases phases, long seed, OptionalDouble presentPeak) {
        this.run = run;
        this.assumptions = phases.assumptions();
        this.asking = phases.asking();
        this.perUser = asking.of(run);
        this.data = new PhaseData(run, assumptions);
        this.seed = seed;
        this.presentPeak = presentPeak;
    }

    /** What a user asks in this plan. */
    Asking.PerUser perUser() {
        return perUser;
    }

    /** A phase as this stack loads it, with the data of the users that the phase plans for. */
    PhaseLoad load(Phase phase, Stack stack) {
        return new PhaseLoad(run, assumptions, asking, perUser, phase, data.at(phase, stack));
    }

    PhaseAnswer answer(Phase phase, List<Stack> stacks) {
        var answers = new ArrayList<PhaseAnswer.OnStack>();
        for (Stack stack : stacks) {
            answers.add(onStack(phase, stack));
        }
        Stack priced = stacks.get(stacks.size() - 1);
        return new PhaseAnswer(phase, Optional.of(dollars(phase, priced)), whyDollars(phase, priced), answers);
    }

    /** The headline rate that each draw carries, policy and objective met. */
    double[] rates(Phase phase, Stack stack) {
        double objective = objectiveShare(phase, stack);
        return drawn(phase, stack).parallelStream()
                .mapToDouble(drawn -> objective * capacity(phase, drawn))
                .toArray();
    }

    /** A stack's draws on cores of the speeds that rented ones may have. */
    List<Stack> drawn(Phase phase, Stack stack) {
        double[] speeds = speeds(stack.draws().size(), phase);
        return IntStream.range(0, speeds.length)
                .mapToObj(d -> stack.drawn(d, 1 / speeds[d]))
                .toList();
    }

    /** The headline rate that a stack's best estimate carries. */
    double rate(Phase phase, Stack stack) {
        return objectiveShare(phase, stack) * capacity(phase, stack);
    }

    private PhaseAnswer.OnStack onStack(Phase phase, Stack stack) {
        List<Constraint> ranked = load(phase, stack).ranked();
        double[] rates = rates(phase, stack);
        Quantiles rate = Quantiles.of(rates);
        double best = rate(phase, stack);
        PhaseLoad load = load(phase, stack);
        Optional<String> whyNull = whyNull(phase, stack, rate, ranked.get(0));
        double target = phase.targetUsers() * perUser.perSecond();
        boolean answered = whyNull.isEmpty();
        return new PhaseAnswer.OnStack(
                stack.name(),
                stack.scope(),
                data.farBeyond(phase, stack) ? "assumed" : label(phase, stack, answered),
                perUser.perSecond(),
                rates,
                answered ? Optional.of(rate) : Optional.empty(),
                answered ? Optional.of(rate.map(r -> r / perUser.perSecond())) : Optional.empty(),
                whyNull,
                Optional.of(NamedConstraint.at(ranked.get(0), best)),
                ranked.stream()
                        .skip(1)
                        .limit(2)
                        .map(c -> NamedConstraint.at(c, best))
                        .toList(),
                headroom(OptionalDouble.of(target), rate.p50()),
                headroom(presentPeak, rate.p50()),
                load.utilisation(best),
                load.p99Seconds(best),
                OptionalDouble.of(coresForTarget(phase, stack, target)),
                ranked.stream()
                        .map(c -> new PhaseAnswer.Use(
                                c.name(),
                                c.limit(),
                                c.used().applyAsDouble(best),
                                c.used().applyAsDouble(target)))
                        .toList(),
                disk(phase, target),
                load.caches(best),
                losses(phase, stack, best),
                data.answer(phase, stack));
    }

    /** What is left of a capacity; of none, nothing can be left. */
    private static OptionalDouble headroom(OptionalDouble load, double capacity) {
        return load.isPresent() && capacity > 0
                ? OptionalDouble.of(1 - load.getAsDouble() / capacity)
                : OptionalDouble.empty();
    }

    private double capacity(Phase phase, Stack stack) {
        double least = Double.POSITIVE_INFINITY;
        for (Constraint constraint : load(phase, stack).constraints()) {
            least = Math.min(least, constraint.capacity());
        }
        return least;
    }

    /** Below 1 where the policy's rate misses the objective of p99: the share of it that meets the objective. */
    private double objectiveShare(Phase phase, Stack stack) {
        PhaseLoad load = load(phase, stack);
        double policy = capacity(phase, stack);
        if (!Double.isFinite(policy) || load.p99Seconds(policy).orElse(0) <= FittedRun.SLO_P99_SECONDS) {
            return 1;
        }
        double low = 0;
        double high = 1;
        for (int round = 0; round < 30; round++) {
            double middle = (low + high) / 2;
            if (load.p99Seconds(middle * policy).orElse(0) <= FittedRun.SLO_P99_SECONDS) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Optional<String> whyNull(Phase phase, Stack stack, Quantiles rate, Constraint binding) {
        if (!(rate.p50() > 0)) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "no rate at all stays within its limit of %s: a single request takes %s of it",
                    binding.limit(),
                    percent(binding.used().applyAsDouble(0))));
        }
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

    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%,.0f %%", ratio * 100);
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

    /** What is left of the capacity when one machine of a tier is gone, tier by tier. */
    private List<PhaseAnswer.Loss> losses(Phase phase, Stack stack, double best) {
        var losses = new ArrayList<PhaseAnswer.Loss>();
        for (Tier tier : phase.tiers()) {
            boolean database = tier.stations().contains(DATABASE);
            int left = tier.machines() - 1;
            if (left < 1 || (database && tier.machines() == tier.shards())) {
                losses.add(new PhaseAnswer.Loss(
                        tier.name(),
                        0,
                        tier.machines() == 1
                                ? "it is the only one: everything that needs " + String.join(", ", tier.stations())
                                        + " fails"
                                : "a shard has no other machine: its users are without data"));
                continue;
            }
            if (!(best > 0)) {
                losses.add(new PhaseAnswer.Loss(tier.name(), 0, "nothing is carried that could be lost"));
                continue;
            }
            // A database that lost a machine has a shard with one machine fewer: the whole is as good as that shard.
            int machines = database ? left - left % tier.shards() : left;
            double share = rate(phase.with(tier.with(machines)), stack) / best;
            losses.add(new PhaseAnswer.Loss(
                    tier.name(),
                    Math.min(1, share),
                    database
                            ? "if it is a primary, nothing can be written until a replica takes over"
                            : "its users move to the machines that are left"));
        }
        return losses;
    }

    private Optional<PhaseAnswer.Disk> disk(Phase phase, double headlinePerSecond) {
        Tier tier = phase.tierOf(DATABASE).orElse(phase.tiers().get(0));
        double writes = 0;
        for (int c = 0; c < run.classes().size(); c++) {
            if (assumptions.writeClasses().contains(run.classes().get(c).name())) {
                writes += perUser.mix().perRequest()[c] * headlinePerSecond;
            }
        }
        double bytesPerDay =
                writes * assumptions.diskBytesPerWrite() * SECONDS_PER_DAY / assumptions.peakToMean() / tier.shards();
        return tier.diskGigabytes() == 0
                ? Optional.empty()
                : Optional.of(new PhaseAnswer.Disk(
                        bytesPerDay,
                        tier.diskGigabytes() * 1e9,
                        bytesPerDay > 0
                                ? OptionalDouble.of(
                                        tier.diskGigabytes() * 1e9 * assumptions.memoryLimit() / bytesPerDay)
                                : OptionalDouble.empty()));
    }

    /** Cores at the policy limit, each as fast as a measured one. */
    double coresForTarget(Phase phase, Stack stack, double headlinePerSecond) {
        DemandModel model = data.at(phase, stack).best();
        double cores = 0;
        for (double background : model.background()) {
            cores += background;
        }
        double[] perRequest = perUser.mix().perRequest();
        for (int c = 0; c < perRequest.length; c++) {
            cores += headlinePerSecond * perRequest[c] * model.totalDemandAt(c, assumptions.cpuLimit());
        }
        double each = phase.tierOf(API).map(Tier::cores).orElse(phase.totalCores());
        return cores * model.secondCore().factor(assumptions.cpuLimit(), each) / assumptions.cpuLimit();
    }

    private Interval dollars(Phase phase, Stack stack) {
        double[] speeds = speeds(stack.draws().size(), phase);
        var random = new SplittableRandom(seed ^ 0xd011a);
        double[] draws = new double[speeds.length];
        for (int d = 0; d < draws.length; d++) {
            draws[d] = dollars(phase, stack.drawn(d, 1 / speeds[d]), random.nextDouble());
        }
        return Interval.of(dollars(phase, stack, 0.5), draws);
    }

    /** @param place 0 to 1: where in each price's range */
    private double dollars(Phase phase, Stack stack, double place) {
        double target = phase.targetUsers() * perUser.perSecond();
        double extraCores = Math.max(0, coresForTarget(phase, stack, target) - phase.totalCores());
        double dollars = extraCores * assumptions.dollarsPerCore() + metered(phase, target);
        for (Phase.Cost cost : phase.costs()) {
            double[] fixed = cost.fixed();
            dollars += place < 0.5
                    ? fixed[0] + 2 * place * (fixed[1] - fixed[0])
                    : fixed[1] + (2 * place - 1) * (fixed[2] - fixed[1]);
        }
        return dollars;
    }

    /** Dollars a month for what is charged by use, at this peak. */
    double metered(Phase phase, double headlinePerSecond) {
        double millions = headlinePerSecond * assumptions.secondsPerMonth() / assumptions.peakToMean() / 1e6;
        return phase.costs().stream()
                .mapToDouble(c -> c.metered(millions, millions * assumptions.redisCommandsPerRequest()))
                .sum();
    }

    private String whyDollars(Phase phase, Stack stack) {
        double target = phase.targetUsers() * perUser.perSecond();
        return String.format(
                Locale.ROOT,
                "for %,.0f users in session at %.3f requests/s each on %s%s: plans and machines of the phase, %.0f cores where it has %.0f, "
                        + "metered services at the mean of a month, a peak over %s; if a machine is lost: %s",
                phase.targetUsers(),
                perUser.perSecond(),
                stack.name(),
                stack.estimated() ? " (estimated)" : "",
                Math.ceil(coresForTarget(phase, stack, target)),
                phase.totalCores(),
                Verdict.rounded(assumptions.peakToMean()),
                phase.oneMachineLost());
    }
}
