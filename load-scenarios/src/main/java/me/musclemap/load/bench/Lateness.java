package me.musclemap.load.bench;

import java.util.Arrays;
import java.util.List;

/**
 * How late requests leave that have an evenly spaced schedule: the k-th request against the k-th moment of the schedule, whose zero is
 * where it makes the earliest request punctual. Safe for use by several threads.
 */
final class Lateness {
    private final List<PlainPlan.Step> steps;
    private final long[] sentNanos;
    private int sent;
    /** Where the schedule begins, as far as the requests that left tell. */
    private long zero = Long.MAX_VALUE;

    private int step;
    private int ofStep;
    private long stepNanos;

    Lateness(List<PlainPlan.Step> steps) {
        this.steps = List.copyOf(steps);
        sentNanos = new long
                [Math.toIntExact(steps.stream().mapToLong(PlainPlan.Step::users).sum())];
    }

    /** A request leaves now. */
    synchronized void sent(long nanos) {
        if (sent == sentNanos.length) {
            return;
        }
        while (ofStep == steps.get(step).users()) {
            stepNanos += steps.get(step).seconds() * 1_000_000_000L;
            step++;
            ofStep = 0;
        }
        zero = Math.min(zero, nanos - stepNanos - offset(steps.get(step), ofStep++));
        sentNanos[sent++] = nanos;
    }

    private static long offset(PlainPlan.Step step, int k) {
        return (long) (k * 1e9 / step.perSecond());
    }

    /**
     * The p99 of a step, the first {@code leadInSeconds} of it left out, in seconds; what has not left by {@code nowNanos} is as late as it
     * is by then.
     */
    synchronized double p99Seconds(int which, double leadInSeconds, long nowNanos) {
        int before = 0;
        long began = 0;
        for (var earlier : steps.subList(0, which)) {
            before += (int) earlier.users();
            began += earlier.seconds() * 1_000_000_000L;
        }
        if (sent == 0) {
            return Double.POSITIVE_INFINITY;
        }
        var asked = steps.get(which);
        int first = (int) Math.round(leadInSeconds * asked.perSecond());
        var late = new long[(int) asked.users() - first];
        for (int k = first; k < asked.users(); k++) {
            long left = before + k < sent ? sentNanos[before + k] : nowNanos;
            late[k - first] = left - zero - began - offset(asked, k);
        }
        Arrays.sort(late);
        return late[(int) Math.min(late.length - 1, 0.99 * late.length)] / 1e9;
    }
}
