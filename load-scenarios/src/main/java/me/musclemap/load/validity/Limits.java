package me.musclemap.load.validity;

/** The limits that were fixed before any run: beyond them a window is repeated, or a run is not valid. */
public final class Limits {
    /** Share of the cores that the hypervisor may take in a window. */
    public static final double STEAL_RATIO = 0.02;

    /** Share of a core that processes which are not ours may take in a window. */
    public static final double FOREIGN_RATIO = 0.15;

    /** 99th percentile of how late the generator sends. */
    public static final double SLIP_SECONDS = 0.020;

    /** Share of its cores that the generator may use. */
    public static final double GENERATOR_CPU_RATIO = 0.80;

    /** Share of the requests of calibration windows that may fail. */
    public static final double FAILED_RATIO = 0.01;

    /** Share of the scheduled requests that must be offered. */
    public static final double OFFERED_RATIO = 0.98;

    /** Fit windows that must remain for a fit. */
    public static final int FIT_WINDOWS = 6;

    /** Restarts from which on the variation between restarts is known. */
    public static final int RESTARTS = 5;

    private Limits() {}
}
