package me.musclemap.capacity.plan;

import java.util.IntSummaryStatistics;
import java.util.Locale;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.Window;

/**
 * How much data a phase has, and what a stack's requests cost at it. Whoever comes in a day has an account: the users in session
 * at the peak, turned into those of a day as everywhere else, and never fewer than are in session. Each has as many workouts as
 * in the run's data set. A database of several shards has its part of them in each.
 */
final class PhaseData {
    private static final double SECONDS_PER_DAY = 86_400;

    private final RunRecord run;
    private final Assumptions assumptions;
    private final IntSummaryStatistics measured;
    private final double workoutsPerUser;

    PhaseData(RunRecord run, Assumptions assumptions) {
        this.run = run;
        this.assumptions = assumptions;
        this.measured = run.windowsOnItsCores().stream()
                .filter(w -> w.role().equals("fit") || w.role().equals("held-out"))
                .mapToInt(w -> w.dataset().workouts())
                .summaryStatistics();
        this.workoutsPerUser = run.windows().stream()
                .map(Window::dataset)
                .filter(d -> d.users() > 0)
                .mapToDouble(d -> (double) d.workouts() / d.users())
                .findFirst()
                .orElse(0);
    }

    /** The stack with what its requests cost at the data of this phase. */
    Stack at(Phase phase, Stack stack) {
        return stack.grownTo(workouts(phase) / shards(phase), users(phase) / shards(phase));
    }

    /** Whether the costs are carried further than four times the largest data that were measured. */
    boolean farBeyond(Phase phase, Stack stack) {
        return grows(stack) && workouts(phase) / shards(phase) > PhasePlanner.RANGE_MAX * measured.getMax();
    }

    PhaseAnswer.Data answer(Phase phase, Stack stack) {
        return new PhaseAnswer.Data(
                users(phase),
                workouts(phase),
                note(phase, stack) + stack.periodic().at(users(phase) / shards(phase)));
    }

    private String note(Phase phase, Stack stack) {
        if (stack.estimated()) {
            return "costs as in the preset: how they grow with the data was not measured on this stack";
        }
        if (!grows(stack)) {
            return measured.getMax() > measured.getMin()
                    ? String.format(
                            Locale.ROOT,
                            "costs as measured: between %,d and %,d workouts they differ by no more than restarts do",
                            measured.getMin(),
                            measured.getMax())
                    : String.format(
                            Locale.ROOT,
                            "costs as at the %,d workouts of the run: how they grow with the data was not measured (a calibration with --full does)",
                            measured.getMax());
        }
        double each = workouts(phase) / shards(phase);
        return String.format(
                Locale.ROOT,
                "costs grown to %,.0f workouts%s, from %,d to %,d that were measured%s",
                each,
                shards(phase) > 1 ? " in each shard" : "",
                measured.getMin(),
                measured.getMax(),
                each > measured.getMax() ? "; beyond those they are taken to go on growing as they did" : "");
    }

    private static boolean grows(Stack stack) {
        return stack.best().workouts() > 0;
    }

    private double users(Phase phase) {
        double perDay = SECONDS_PER_DAY
                / (run.workload().sessionSeconds() * assumptions.sessionsPerDay() * assumptions.peakToMean());
        return phase.targetUsers() * Math.max(1, perDay);
    }

    private double workouts(Phase phase) {
        return users(phase) * workoutsPerUser;
    }

    private static int shards(Phase phase) {
        return phase.tierOf(PhasePlanner.DATABASE).map(Phase.Tier::shards).orElse(1);
    }
}
