package me.musclemap.capacity.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * What one phase carries.
 *
 * @param dollarsPerMonth for the target users on the stack that the plan is for, with the cores they need; empty where the
 *     model refuses and no other stack is known
 */
public record PhaseAnswer(Phase phase, Optional<Interval> dollarsPerMonth, String whyDollars, List<OnStack> stacks) {
    public PhaseAnswer {
        stacks = List.copyOf(stacks);
    }

    /** The same with no rate on the stacks that were measured: an estimated stack owes nothing to the fit. */
    PhaseAnswer refused(String why) {
        boolean estimated = stacks.get(stacks.size() - 1).isEstimated();
        return new PhaseAnswer(
                phase,
                estimated ? dollarsPerMonth : Optional.empty(),
                estimated ? whyDollars : why,
                stacks.stream().map(s -> s.isEstimated() ? s : s.refused(why)).toList());
    }

    /**
     * The answer for one stack.
     *
     * @param label measured, scaled, assumed or estimated
     * @param requestsPerSecond empty beyond four times the measured range; {@code whyNull} then says so
     * @param rates the draws that the rate is of, answered or not
     * @param binding what gives out first; empty where the model refuses, as are headroom and cores
     * @param headroom at the target users: 1 - load / capacity
     * @param utilisation share of the tier's cores by station at the answer
     * @param coresForTarget cores that the target users need at the policy limit
     */
    @SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
    public record OnStack(
            String stack,
            String label,
            double[] rates,
            Optional<Quantiles> requestsPerSecond,
            Optional<Quantiles> users,
            Optional<String> whyNull,
            Optional<NamedConstraint> binding,
            List<NamedConstraint> next,
            OptionalDouble headroom,
            Map<String, Double> utilisation,
            OptionalDouble coresForTarget) {
        public OnStack {
            next = List.copyOf(next);
        }

        /** Whether its knee was never measured. */
        public boolean isEstimated() {
            return label.equals("estimated");
        }

        /** The same without a figure, because the model does not fit. */
        OnStack refused(String why) {
            return new OnStack(
                    stack,
                    label,
                    new double[0],
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(why),
                    Optional.empty(),
                    List.of(),
                    OptionalDouble.empty(),
                    Map.of(),
                    OptionalDouble.empty());
        }
    }
}
