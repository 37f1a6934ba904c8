package me.musclemap.load.knee;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Finds roughly where the knee is by raising the rate step by step. A step is over the knee when its p99 is above one
 * second, the core of the system under test is busier than 90 %, or less than 97 % of what was offered is served. The
 * result places the ladder of a calibration and is never fitted. Not thread-safe.
 */
public final class KneeProbe {
    static final double P99_SECONDS = 1.0;
    static final double UTILISATION = 0.90;
    static final double SERVED = 0.97;
    private static final double GROWTH = 1.17;
    private static final double SHRINK = 0.6;
    private static final double BRACKET = 1.25;

    private static final Comparator<Step> BY_RATE = Comparator.comparingDouble(Step::scheduledPerSecond);

    private final double highestPerSecond;
    private final int stepsAtMost;
    private final List<Step> under = new ArrayList<>();
    private final List<Step> over = new ArrayList<>();
    private double next;

    /**
     * A probe that begins at this rate.
     *
     * @param highestPerSecond what the data set's users may ask for at their own pace; the probe does not go beyond
     */
    public KneeProbe(double firstPerSecond, double highestPerSecond, int stepsAtMost) {
        if (!(firstPerSecond > 0) || !(highestPerSecond > 0) || stepsAtMost < 1) {
            throw new IllegalArgumentException("a probe begins above 0/s and has a step: first " + firstPerSecond
                    + "/s, highest " + highestPerSecond + "/s, steps " + stepsAtMost);
        }
        this.highestPerSecond = highestPerSecond;
        this.stepsAtMost = stepsAtMost;
        next = Math.min(firstPerSecond, highestPerSecond);
    }

    /** The rate of the next step, or empty when the knee is known as well as this probe will know it. */
    public OptionalDouble nextPerSecond() {
        boolean top = over.isEmpty() && !under.isEmpty() && highest(under).scheduledPerSecond() >= highestPerSecond;
        return isBracketed() || top || under.size() + over.size() >= stepsAtMost
                ? OptionalDouble.empty()
                : OptionalDouble.of(next);
    }

    /** Takes what a step showed. */
    public void observe(Step step) {
        (step.isOverTheKnee() ? over : under).add(step);
        if (over.isEmpty()) {
            next = Math.min(step.scheduledPerSecond() * GROWTH, highestPerSecond);
        } else if (under.isEmpty()) {
            next = lowest(over).scheduledPerSecond() * SHRINK;
        } else {
            next = Math.sqrt(highest(under).scheduledPerSecond() * lowest(over).scheduledPerSecond());
        }
    }

    private boolean isBracketed() {
        return !under.isEmpty()
                && !over.isEmpty()
                && lowest(over).scheduledPerSecond() <= BRACKET * highest(under).scheduledPerSecond();
    }

    /** What the steps say. */
    public Knee knee() {
        if (under.isEmpty() && over.isEmpty()) {
            throw new IllegalStateException("the probe has no step yet");
        }
        if (over.isEmpty()) {
            var last = highest(under);
            return new Knee(
                    last.servedPerSecond(),
                    false,
                    "not reached: at %.0f/s the core was %.0f %% busy, and the probe went no higher%s"
                            .formatted(
                                    last.offeredPerSecond(),
                                    last.utilisation() * 100,
                                    last.scheduledPerSecond() < highestPerSecond
                                            ? ""
                                            : ": so many users ask for no more at their own pace"));
        }
        var first = lowest(over);
        var why = "first step over it at %.0f/s: %s".formatted(first.offeredPerSecond(), first.why());
        if (under.isEmpty()) {
            return new Knee(Math.min(first.servedPerSecond(), first.offeredPerSecond() * SERVED), true, why);
        }
        return new Knee(between(highest(under), first), true, why);
    }

    /** Where utilisation crosses its limit between the two steps; where it says nothing, their geometric mean. */
    private static double between(Step low, Step high) {
        double rise = high.utilisation() - low.utilisation();
        if (rise > 0.01 && high.utilisation() > UTILISATION) {
            double share = (UTILISATION - low.utilisation()) / rise;
            return low.offeredPerSecond()
                    + Math.max(0, Math.min(1, share)) * (high.offeredPerSecond() - low.offeredPerSecond());
        }
        return Math.sqrt(low.offeredPerSecond() * high.offeredPerSecond());
    }

    private static Step lowest(List<Step> steps) {
        return Collections.min(steps, BY_RATE);
    }

    private static Step highest(List<Step> steps) {
        return Collections.max(steps, BY_RATE);
    }

    /**
     * Roughly where the knee is.
     *
     * @param reached false when no step was over it: the knee lies at or above {@code perSecond}
     */
    public record Knee(double perSecond, boolean reached, String rule) {}

    /** One rate and what it did; utilisation is the share of the system's cores, p99 is from the intended start. */
    public record Step(
            double durationSeconds,
            double scheduledPerSecond,
            double offeredPerSecond,
            double servedPerSecond,
            double p99Seconds,
            double utilisation) {
        boolean isOverTheKnee() {
            return p99Seconds > P99_SECONDS || utilisation > UTILISATION || servedPerSecond < SERVED * offeredPerSecond;
        }

        /** Twice the chance that is in a count of arrivals: a few requests under way at the end are no overload. */
        private double chance() {
            return 2 * Math.sqrt(offeredPerSecond * durationSeconds) / durationSeconds;
        }

        String why() {
            if (p99Seconds > P99_SECONDS) {
                return String.format(Locale.ROOT, "p99 %.2f s is above %.0f s", p99Seconds, P99_SECONDS);
            }
            if (utilisation > UTILISATION) {
                return String.format(
                        Locale.ROOT, "core %.0f %% busy, above %.0f %%", utilisation * 100, UTILISATION * 100);
            }
            return String.format(
                    Locale.ROOT,
                    "served %.1f %% of what was offered, below %.0f %%",
                    100 * servedPerSecond / offeredPerSecond,
                    SERVED * 100);
        }
    }
}
