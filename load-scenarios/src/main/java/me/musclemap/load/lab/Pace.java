package me.musclemap.load.lab;

/** How long a calibration takes for each of its parts, in seconds and windows; fixed before the run. Immutable. */
record Pace(
        double warmUpSliceSeconds,
        double warmUpLeastSeconds,
        double warmUpMostSeconds,
        double warmUpTolerance,
        double idleSeconds,
        double probeSeconds,
        int probeStepsAtMost,
        double mixSeconds,
        int fitWindows,
        double fitSeconds,
        int heldOutWindows,
        int kneeWindows,
        double heldOutSeconds,
        int repeatsAtMost) {
    /** A demo: at most six minutes with everything around it. */
    static final Pace DEMO = new Pace(5, 45, 60, 0.15, 6, 4, 12, 3, 14, 7, 3, 3, 8, 6);

    /** A smoke of the whole line: the order is the same, the figures are rough. */
    static final Pace QUICK = new Pace(3, 24, 150, 0.50, 3, 2.5, 8, 2, 12, 4, 2, 2, 4, 3);

    /** About what is done at intervals, once, and the rest before it. */
    private static final double CHORES_SECONDS = 10;

    /** Each mix played twice, and the own one twice more. */
    double secondsOfMixes(int mixes) {
        return 2 * (mixes + 1) * Conductor.wallSeconds(mixSeconds);
    }

    /** What comes after the probe, if nothing is repeated. */
    double secondsAfterProbe() {
        return fitWindows * Conductor.wallSeconds(fitSeconds) + secondsAfterFit();
    }

    double secondsAfterFit() {
        return 4 + CHORES_SECONDS + (heldOutWindows + kneeWindows) * Conductor.wallSeconds(heldOutSeconds);
    }

    /** The probe at its usual number of steps, and the rest before and after. */
    double secondsFromProbe() {
        return 5 * Conductor.wallSeconds(probeSeconds) + 2 + secondsAfterProbe();
    }
}
