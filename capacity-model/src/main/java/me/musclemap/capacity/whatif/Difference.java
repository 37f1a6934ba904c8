package me.musclemap.capacity.whatif;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import me.musclemap.capacity.plan.NamedConstraint;
import me.musclemap.capacity.plan.Phase;
import me.musclemap.capacity.plan.PhaseAnswer;
import me.musclemap.capacity.plan.PhaseStudy;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;

/** Two plans side by side, on the same draws. Immutable. */
public record Difference(List<Row> rows, List<Cost> costs) {
    /** Copies the lists. */
    public Difference {
        rows = List.copyOf(rows);
        costs = List.copyOf(costs);
    }

    /**
     * What one plan says of a phase on a stack.
     *
     * @param users in session; empty beyond four times what was measured, and where nothing is carried
     * @param p99Seconds at the answer; infinite where it is not known
     * @param carriesNothing whether not even one request keeps within the limits
     */
    public record Side(
            Optional<Quantiles> users,
            Optional<Quantiles> requestsPerSecond,
            String binding,
            double coresForTarget,
            double p99Seconds,
            boolean carriesNothing) {
        static Side of(PhaseAnswer.OnStack stack) {
            return new Side(
                    stack.users(),
                    stack.requestsPerSecond(),
                    stack.binding().map(NamedConstraint::limit).orElse("nothing"),
                    stack.coresForTarget().orElse(0),
                    stack.p99Seconds().orElse(Double.POSITIVE_INFINITY),
                    Arrays.stream(stack.rates()).allMatch(rate -> rate == 0));
        }
    }

    /**
     * A phase on a stack.
     *
     * @param gained users in session, draw by draw; empty where one side is beyond what was measured
     * @param ratio of the users carried, by the median; not a number where nothing was carried before
     */
    public record Row(
            String phase,
            String stack,
            String label,
            Side before,
            Side after,
            Optional<Quantiles> gained,
            double ratio) {}

    /** Dollars a month of a phase at its target users. */
    public record Cost(String phase, Interval before, Interval after) {}

    /** Compares every phase that both plans have. */
    public static Difference of(PhaseStudy study, Phases before, Phases after) {
        var rows = new ArrayList<Row>();
        var costs = new ArrayList<Cost>();
        for (Phase phase : after.phases()) {
            Optional<Phase> old = before.phase(phase.id());
            if (old.isEmpty()) {
                continue;
            }
            PhaseAnswer was = study.answer(before, old.get());
            PhaseAnswer is = study.answer(after, phase);
            for (int s = 0; s < is.stacks().size(); s++) {
                rows.add(row(phase, was.stacks().get(s), is.stacks().get(s)));
            }
            if (was.dollarsPerMonth().isPresent() && is.dollarsPerMonth().isPresent()) {
                costs.add(new Cost(
                        phase.id(),
                        was.dollarsPerMonth().get(),
                        is.dollarsPerMonth().get()));
            }
        }
        return new Difference(rows, costs);
    }

    private static Row row(Phase phase, PhaseAnswer.OnStack was, PhaseAnswer.OnStack is) {
        double[] gained = new double[is.rates().length];
        double[] ratio = new double[gained.length];
        for (int d = 0; d < gained.length; d++) {
            double usersAfter = is.rates()[d] / is.perUserPerSecond();
            double usersBefore = was.rates()[d] / was.perUserPerSecond();
            gained[d] = usersAfter - usersBefore;
            ratio[d] = usersAfter / usersBefore;
        }
        return new Row(
                phase.id(),
                is.stack(),
                is.label(),
                Side.of(was),
                Side.of(is),
                was.users().isPresent() && is.users().isPresent()
                        ? Optional.of(Quantiles.of(gained))
                        : Optional.empty(),
                Arrays.stream(ratio).allMatch(Double::isFinite)
                        ? Quantiles.of(ratio).p50()
                        : Double.NaN);
    }
}
