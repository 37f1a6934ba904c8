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
        int highWindows,
        double fitSeconds,
        int heldOutWindows,
        double heldOutSeconds,
        int repeatsAtMost) {
    /** A demo: at most six minutes with everything around it. */
    static final Pace DEMO = new Pace(5, 45, 80, 0.15, 8, 4, 12, 3, 13, 3, 6, 4, 8, 6);

    /** A smoke of the whole line: the order is the same, the figures are rough. */
    static final Pace QUICK = new Pace(3, 24, 150, 0.50, 3, 2.5, 8, 2, 9, 1, 4, 2, 4, 3);

    /** What comes after the probe, if nothing is repeated. */
    double secondsAfterProbe(int mixes) {
        return mixes * Conductor.wallSeconds(mixSeconds) + secondsAfterMixes();
    }

    double secondsAfterMixes() {
        return (fitWindows + highWindows) * Conductor.wallSeconds(fitSeconds) + secondsAfterFit();
    }

    double secondsAfterFit() {
        return 4 + heldOutWindows * Conductor.wallSeconds(heldOutSeconds);
    }

    /** The probe at its usual number of steps, and the rest before and after. */
    double secondsFromProbe(int mixes) {
        return 7 * Conductor.wallSeconds(probeSeconds) + 2 + secondsAfterProbe(mixes);
    }
}
