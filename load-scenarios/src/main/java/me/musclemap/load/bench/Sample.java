package me.musclemap.load.bench;

/**
 * What one program sent and cost over a stretch of time. Immutable.
 *
 * @param requests as the target counted them
 * @param cpuSeconds of the program that sent them
 * @param targetCpuSeconds of the target
 * @param stealRatio share of all cores that the host took away
 */
record Sample(long requests, double seconds, double cpuSeconds, double targetCpuSeconds, double stealRatio) {
    /** Watches both for so long. */
    static Sample of(long pid, Target target, double seconds) {
        long began = System.nanoTime();
        double steal = ProcessUse.stealSeconds();
        double cpu = ProcessUse.cpuSeconds(pid);
        double targetCpu = ProcessUse.cpuSeconds(target.pid());
        long before = target.count();
        Pauses.seconds(seconds);
        long requests = target.count() - before;
        double used = ProcessUse.cpuSeconds(pid) - cpu;
        double usedThere = ProcessUse.cpuSeconds(target.pid()) - targetCpu;
        double wall = (System.nanoTime() - began) / 1e9;
        double stolen = ProcessUse.stealSeconds() - steal;
        return new Sample(
                requests,
                wall,
                used,
                usedThere,
                stolen / wall / Runtime.getRuntime().availableProcessors());
    }

    double perSecond() {
        return requests / seconds;
    }

    double cpuMicrosPerRequest() {
        return requests == 0 ? Double.NaN : cpuSeconds / requests * 1e6;
    }

    /** Share of its core that the program used, 0 to 1. */
    double cpuRatio() {
        return cpuSeconds / seconds;
    }

    double targetCpuRatio() {
        return targetCpuSeconds / seconds;
    }
}
