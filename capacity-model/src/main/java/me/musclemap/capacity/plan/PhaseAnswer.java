package me.musclemap.capacity.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * What one phase carries.
 *
 * @param dollarsPerMonth for the target users on the stack that the plan is for, with the cores they need
 */
public record PhaseAnswer(Phase phase, Interval dollarsPerMonth, String whyDollars, List<OnStack> stacks) {
    public PhaseAnswer {
        stacks = List.copyOf(stacks);
    }

    /** The same with no rate on the stacks that were measured: an estimated stack owes nothing to the fit. */
    PhaseAnswer refused(String why) {
        return new PhaseAnswer(
                phase,
                dollarsPerMonth,
                whyDollars,
                stacks.stream()
                        .map(s -> s.label().equals("estimated") ? s : s.refused(why))
                        .toList());
    }

    /**
     * The answer for one stack.
     *
     * @param label measured, scaled, assumed or estimated
     * @param requestsPerSecond empty beyond four times the measured range; {@code whyNull} then says so
     * @param headroom at the target users: 1 - load / capacity
     * @param utilisation share of the tier's cores by station at the answer
     * @param coresForTarget cores that the target users need at the policy limit
     */
    public record OnStack(
            String stack,
            String label,
            Optional<Quantiles> requestsPerSecond,
            Optional<Quantiles> users,
            Optional<String> whyNull,
            NamedConstraint binding,
            List<NamedConstraint> next,
            double headroom,
            Map<String, Double> utilisation,
            double coresForTarget) {
        public OnStack {
            next = List.copyOf(next);
        }

        /** The same without a rate, because the model does not fit. */
        OnStack refused(String why) {
            return new OnStack(
                    stack,
                    label,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(why),
                    binding,
                    next,
                    headroom,
                    utilisation,
                    coresForTarget);
        }
    }
}
