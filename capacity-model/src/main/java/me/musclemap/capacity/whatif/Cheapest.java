package me.musclemap.capacity.whatif;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import me.musclemap.capacity.plan.Constraint;
import me.musclemap.capacity.plan.Phase;
import me.musclemap.capacity.plan.Phase.Tier;
import me.musclemap.capacity.plan.PhaseLoad;
import me.musclemap.capacity.plan.PhaseStudy;
import me.musclemap.capacity.plan.Prices;
import me.musclemap.capacity.plan.Stack;
import me.musclemap.capacity.predict.FittedRun;

/**
 * The cheapest machines that carry so many users with stated confidence: everything on one machine, or the database on its own
 * with replicas, from the machines that the plan prices. Edge, regions and what is charged by use are those of the phase.
 *
 * @param found cheapest first; the first is the answer
 * @param tried configurations
 */
public record Cheapest(double users, double confidence, double headlinePerSecond, List<Found> found, int tried) {
    private static final int ANSWERS = 3;
    private static final int ALL_UP_TO = 16;
    private static final List<String> WITH_THE_API = List.of("api", "redis", "rum", "other");

    /** Copies the list. */
    public Cheapest {
        found = List.copyOf(found);
    }

    /**
     * A configuration that does it.
     *
     * @param probability share of the draws that carry the users
     * @param binding what is nearest to its limit by the best estimate
     * @param bindingUsed share of that limit
     * @param beyondRange whether it is more than four times what was measured, and so a guess
     */
    public record Found(
            String words,
            double dollarsPerMonth,
            double machineDollars,
            double probability,
            String binding,
            double bindingUsed,
            boolean beyondRange) {}

    private record Candidate(String words, Phase phase, double machineDollars) {}

    /** Searches. */
    public static Cheapest of(Question question, double users, double confidence) {
        double rate = users * question.perUser();
        Phase phase = question.phase();
        double fixed = phase.costs().stream()
                        .filter(c -> !c.machines())
                        .mapToDouble(c -> c.fixed()[1])
                        .sum()
                + question.study().metered(question.phases(), phase, rate);
        List<Candidate> candidates =
                new ArrayList<>(onOneMachine(phase, question.phases().prices()));
        candidates.addAll(apart(phase, question.phases().prices()));
        candidates.sort(Comparator.comparingDouble(Candidate::machineDollars)
                .thenComparingDouble(c -> c.phase().databaseConnections())
                .thenComparingInt(
                        c -> c.phase().tiers().stream().mapToInt(Tier::machines).sum()));
        Stack stack = question.stack();
        var found = new ArrayList<Found>();
        int tried = 0;
        for (Candidate candidate : candidates) {
            if (found.size() == ANSWERS) {
                break;
            }
            boolean sameMachines = found.stream().anyMatch(f -> sameMachines(f.words(), candidate.words()));
            if (sameMachines) {
                continue; // the same machines with more connections are no other answer
            }
            tried++;
            check(question, candidate, stack, rate, confidence)
                    .map(f -> new Found(
                            f.words(),
                            fixed + candidate.machineDollars(),
                            f.machineDollars(),
                            f.probability(),
                            f.binding(),
                            f.bindingUsed(),
                            f.beyondRange()))
                    .ifPresent(found::add);
        }
        return new Cheapest(users, confidence, rate, found, tried);
    }

    private static boolean sameMachines(String one, String other) {
        return one.substring(0, one.lastIndexOf(';')).equals(other.substring(0, other.lastIndexOf(';')));
    }

    private static Optional<Found> check(
            Question question, Candidate candidate, Stack stack, double rate, double confidence) {
        PhaseStudy study = question.study();
        PhaseLoad best = study.load(question.phases(), candidate.phase(), stack);
        List<Constraint> constraints = best.constraints();
        if (confidence >= 0.5 && !carries(constraints, rate)) {
            return Optional.empty();
        }
        if (best.p99Seconds(rate).orElse(0) > FittedRun.SLO_P99_SECONDS) {
            return Optional.empty();
        }
        List<Stack> drawn = study.drawn(question.phases(), candidate.phase(), stack);
        long carried = IntStream.range(0, drawn.size())
                .parallel()
                .filter(d -> carries(
                        study.load(question.phases(), candidate.phase(), drawn.get(d))
                                .constraints(),
                        rate))
                .count();
        double probability = carried / (double) drawn.size();
        if (probability < confidence) {
            return Optional.empty();
        }
        Constraint nearest = constraints.stream()
                .max(Comparator.comparingDouble(c -> c.used().applyAsDouble(rate)))
                .orElseThrow();
        return Optional.of(new Found(
                candidate.words(),
                0,
                candidate.machineDollars(),
                probability,
                nearest.limit(),
                nearest.used().applyAsDouble(rate),
                PhaseStudy.isBeyondRange(candidate.phase(), stack, rate)));
    }

    private static boolean carries(List<Constraint> constraints, double rate) {
        return constraints.stream().allMatch(c -> c.used().applyAsDouble(rate) <= 1);
    }

    private static List<Candidate> onOneMachine(Phase phase, Prices prices) {
        var candidates = new ArrayList<Candidate>();
        var all = new ArrayList<>(WITH_THE_API);
        all.add("postgres");
        for (Prices.Machine machine : prices.machines()) {
            Tier tier = tier("vps", machine, 1, all);
            for (double connections : prices.databaseConnections()) {
                candidates.add(new Candidate(
                        String.format(
                                Locale.ROOT, "everything on one %s; %.0f connections", machine.name(), connections),
                        phase.on(List.of(tier), connections, machine.bandwidthTerabytes()),
                        machine.dollarsPerMonth()));
            }
        }
        return candidates;
    }

    private static List<Candidate> apart(Phase phase, Prices prices) {
        var candidates = new ArrayList<Candidate>();
        for (Prices.Machine api : prices.machines()) {
            for (int count : counts(prices.machinesMax())) {
                for (Prices.Machine database : prices.machines()) {
                    for (int databases : counts(prices.machinesMax() / 2)) {
                        for (double connections : prices.databaseConnections()) {
                            candidates.add(apart(phase, api, count, database, databases, connections));
                        }
                    }
                }
            }
        }
        return candidates;
    }

    private static Candidate apart(
            Phase phase, Prices.Machine api, int count, Prices.Machine database, int databases, double connections) {
        return new Candidate(
                String.format(
                        Locale.ROOT,
                        "%d x %s for the API, %d x %s for the database (%s); %.0f connections each",
                        count,
                        api.name(),
                        databases,
                        database.name(),
                        databases == 1 ? "no replica" : databases - 1 + (databases == 2 ? " replica" : " replicas"),
                        connections),
                phase.on(
                        List.of(
                                tier("origins", api, count, WITH_THE_API),
                                tier("database", database, databases, List.of("postgres"))),
                        connections * databases,
                        count * api.bandwidthTerabytes()),
                count * api.dollarsPerMonth() + databases * database.dollarsPerMonth());
    }

    private static Tier tier(String name, Prices.Machine machine, int count, List<String> stations) {
        return new Tier(name, count, machine.cores(), 1, machine.memoryGigabytes(), 0, 1, stations);
    }

    /** Every number up to 16, then steps of a quarter. */
    private static List<Integer> counts(int most) {
        var counts = new ArrayList<Integer>();
        for (int count = 1; count <= most; count += count < ALL_UP_TO ? 1 : count / 4) {
            counts.add(count);
        }
        return counts;
    }
}
