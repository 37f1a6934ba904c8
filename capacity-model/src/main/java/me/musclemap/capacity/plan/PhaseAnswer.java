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

    /** How much of a limit is used at the answer and at the target users; 1 is all of it. */
    public record Use(String name, String limit, double atAnswer, double atTarget) {}

    /**
     * How the database's disk fills at the target users.
     *
     * @param daysToFull to 85 % of it, from empty; empty where nothing is written
     */
    public record Disk(double bytesPerDay, double bytes, OptionalDouble daysToFull) {}

    /**
     * The data that a phase is answered at.
     *
     * @param users accounts
     * @param note what the costs are of
     */
    public record Data(double users, double workouts, String note) {}

    /** Share of a class that the edge answers, and share of what passes it that the origin's cache answers. */
    public record ClassHits(String requestClass, double edge, double origin) {}

    /**
     * What caches do at the answer.
     *
     * @param reachesOrigin share of headline requests
     * @param reachesDatabase share of headline requests
     */
    public record Caches(List<ClassHits> classes, double reachesOrigin, double reachesDatabase) {
        public Caches {
            classes = List.copyOf(classes);
        }
    }

    /**
     * One machine of a tier is gone.
     *
     * @param shareLeft of the capacity
     */
    public record Loss(String tier, double shareLeft, String what) {}

    /**
     * The answer for one stack.
     *
     * @param scope what the stack is, and what it leaves out
     * @param label measured, scaled, assumed or estimated
     * @param perUserPerSecond headline requests of one user in session
     * @param requestsPerSecond empty beyond four times the measured range; {@code whyNull} then says so
     * @param rates the draws that the rate is of, answered or not
     * @param binding what gives out first; empty where the model refuses, as are headroom and cores
     * @param headroom at the target users: 1 - load / capacity
     * @param headroomNow at today's peak; empty where it is not known
     * @param utilisation share of the tier's cores by station at the answer
     * @param p99Seconds of a headline request at the answer; empty where no response times were recorded
     * @param coresForTarget cores that the target users need at the policy limit
     * @param uses every constraint at the answer and at the target users
     * @param losses what is left without one machine of each tier
     * @param data of the users that the phase plans for
     */
    @SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
    public record OnStack(
            String stack,
            String scope,
            String label,
            double perUserPerSecond,
            double[] rates,
            Optional<Quantiles> requestsPerSecond,
            Optional<Quantiles> users,
            Optional<String> whyNull,
            Optional<NamedConstraint> binding,
            List<NamedConstraint> next,
            OptionalDouble headroom,
            OptionalDouble headroomNow,
            Map<String, Double> utilisation,
            OptionalDouble p99Seconds,
            OptionalDouble coresForTarget,
            List<Use> uses,
            Optional<Disk> disk,
            Caches caches,
            List<Loss> losses,
            Data data) {
        public OnStack {
            next = List.copyOf(next);
            uses = List.copyOf(uses);
            losses = List.copyOf(losses);
        }

        /** Whether its knee was never measured. */
        public boolean isEstimated() {
            return label.equals("estimated");
        }

        /** The same without a figure, because the model does not fit. */
        OnStack refused(String why) {
            return new OnStack(
                    stack,
                    scope,
                    label,
                    perUserPerSecond,
                    new double[0],
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(why),
                    Optional.empty(),
                    List.of(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    Map.of(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    List.of(),
                    Optional.empty(),
                    new Caches(List.of(), 1, 1),
                    List.of(),
                    data);
        }
    }
}
