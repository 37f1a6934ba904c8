package me.musclemap.load.lab;

import java.util.List;

/** How busy the generator's core is with what is not ours, between two looks. Not thread-safe. */
final class CoreWatch {
    private final List<Integer> cores;
    private final List<Long> ours;
    private double busyBefore;
    private double oursBefore;
    private long beganNanos;

    CoreWatch(List<Integer> cores, List<Long> ours) {
        this.cores = List.copyOf(cores);
        this.ours = List.copyOf(ours);
    }

    void begin() {
        busyBefore = busy();
        oursBefore = ours();
        beganNanos = System.nanoTime();
    }

    /** The share of the cores that other processes took since {@link #begin}. */
    double foreignRatio() {
        double seconds = (System.nanoTime() - beganNanos) / 1e9 * cores.size();
        double foreign = (busy() - busyBefore) - (ours() - oursBefore);
        return Math.max(0, foreign / seconds);
    }

    private double busy() {
        return cores.stream().mapToDouble(ProcFiles::busySeconds).sum();
    }

    private double ours() {
        return ours.stream().mapToDouble(ProcFiles::cpuSeconds).sum();
    }
}
