package me.musclemap.telemetry.stations;

/**
 * What a station has used, from its start to one moment.
 *
 * @param cpuSeconds of all its processes, ended ones included; never falls
 * @param jitSeconds part of it in JIT compiler threads
 * @param gcSeconds part of it in garbage collector threads
 * @param residentBytes memory in RAM now, shared pages counted once per process
 * @param processes alive now
 * @param openFiles open now, over all processes
 * @param ended whether the root process is gone
 * @param place whether it runs on the watched cores
 */
public record StationSample(
        double cpuSeconds,
        double jitSeconds,
        double gcSeconds,
        long residentBytes,
        int processes,
        int openFiles,
        boolean ended,
        Place place) {
    /** Where a station's processes may run, against the cores that are watched. */
    public enum Place {
        /** On watched cores only. */
        INSIDE,
        /** On other cores only. */
        OUTSIDE,
        /** On both: how much it used of the watched ones cannot be told. */
        ACROSS
    }
}
