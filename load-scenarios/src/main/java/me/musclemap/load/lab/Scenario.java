package me.musclemap.load.lab;

/** What is asked for by name. */
enum Scenario {
    calibrate,
    smoke,
    ramp,
    knee,
    spike,
    stress,
    soak,
    failover,
    million;

    /** Whether it has an objective, and ends with a verdict on it. */
    boolean hasObjective() {
        return this != calibrate && this != smoke;
    }
}
