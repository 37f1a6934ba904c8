package me.musclemap.load.schedule;

import me.musclemap.load.workload.Journey;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Step;

/** A journey made ready to be walked: its steps by place, and where a session stands at a random moment. Immutable. */
public final class Route {
    private final Journey journey;
    private final Step[][] steps;
    private final double[][] expectedSeconds;
    private final boolean[][] loggedIn;
    private final boolean[][] workingOut;
    private final double sessionSeconds;

    /** The walkable form of {@code journey}. */
    public Route(Journey journey) {
        this.journey = journey;
        var segments = journey.segments();
        steps = new Step[segments.size()][];
        expectedSeconds = new double[segments.size()][];
        loggedIn = new boolean[segments.size()][];
        workingOut = new boolean[segments.size()][];
        sessionSeconds = journey.sessionSeconds();
        var in = false;
        var out = false;
        for (var s = 0; s < steps.length; s++) {
            var segment = segments.get(s);
            steps[s] = segment.steps().toArray(Step[]::new);
            expectedSeconds[s] = new double[steps[s].length];
            loggedIn[s] = new boolean[steps[s].length];
            workingOut[s] = new boolean[steps[s].length];
            for (var k = 0; k < steps[s].length; k++) {
                expectedSeconds[s][k] = steps[s][k].think().meanSeconds() * (segment.from() + segment.to()) / 2.0;
                in |= has(steps[s][k], Operation.Effect.KEEPS_TOKEN);
                out = (out || has(steps[s][k], Operation.Effect.KEEPS_WORKOUT))
                        && !has(steps[s][k], Operation.Effect.ENDS_WORKOUT);
                loggedIn[s][k] = in;
                workingOut[s][k] = out;
            }
        }
    }

    private static boolean has(Step step, Operation.Effect effect) {
        return step.requests().stream().anyMatch(operation -> operation.effect() == effect);
    }

    /** The journey it came from. */
    public Journey journey() {
        return journey;
    }

    Step step(int segment, int step) {
        return steps[segment][step];
    }

    boolean isLoggedIn(Resident resident) {
        return loggedIn[resident.segment][resident.step];
    }

    boolean isWorkingOut(Resident resident) {
        return workingOut[resident.segment][resident.step];
    }

    /**
     * Puts a resident where a session stands at a random moment: in the pause of a step, chosen by the time that is spent there, and as
     * far into it as chance will have it. Its times are relative to now = 0.
     */
    void place(Resident resident, Draws draws) {
        var rest = draws.nextDouble() * sessionSeconds;
        resident.segment = steps.length - 1;
        resident.step = steps[resident.segment].length - 1;
        search:
        for (var s = 0; s < steps.length; s++) {
            for (var k = 0; k < steps[s].length; k++) {
                rest -= expectedSeconds[s][k];
                if (rest < 0) {
                    resident.segment = s;
                    resident.step = k;
                    break search;
                }
            }
        }
        var times = timesSeenFromWithin(resident.segment, draws);
        var done = (int) (draws.nextDouble() * times);
        resident.iterationsLeft = times - 1 - done;
        resident.setsLogged = isWorkingOut(resident) && times > 1 ? done + 1 : 0;
        var whole = resident.at().think().secondsSeenFromWithin(draws);
        var elapsed = draws.nextDouble() * whole;
        resident.stayStart = -nanos(elapsed);
        resident.stayEnd = nanos(whole - elapsed);
        resident.lastPoll = 0;
    }

    /** How often a segment is done, as seen from within it: a number counts as often as it is long. */
    private int timesSeenFromWithin(int segment, Draws draws) {
        var from = journey.segments().get(segment).from();
        var to = journey.segments().get(segment).to();
        var total = (long) (from + to) * (to - from + 1) / 2;
        var rest = (long) (draws.nextDouble() * total);
        for (var times = from; times < to; times++) {
            rest -= times;
            if (rest < 0) {
                return times;
            }
        }
        return to;
    }

    /** Moves to the next step; after the last one a new session begins with the first. */
    void advance(Resident resident, Draws draws) {
        resident.steps++;
        if (resident.step + 1 < steps[resident.segment].length) {
            resident.step++;
            return;
        }
        resident.step = 0;
        if (resident.iterationsLeft > 0) {
            resident.iterationsLeft--;
            return;
        }
        var times = 0;
        while (times == 0) {
            resident.segment++;
            if (resident.segment == steps.length) {
                resident.segment = 0;
                resident.session++;
                resident.token = null;
                resident.refreshCookie = null;
                resident.mintedToken = false;
            }
            times = times(resident.segment, draws);
        }
        resident.iterationsLeft = times - 1;
    }

    private int times(int segment, Draws draws) {
        var from = journey.segments().get(segment).from();
        var to = journey.segments().get(segment).to();
        return from == to ? from : from + (int) (draws.nextDouble() * (to - from + 1));
    }

    static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }
}
