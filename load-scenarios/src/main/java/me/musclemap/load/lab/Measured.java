package me.musclemap.load.lab;

import me.musclemap.load.record.Window;
import org.jspecify.annotations.Nullable;

/**
 * A window that was driven, with what the lab needs to steer.
 *
 * @param utilisation share of the cores of the system under test that its stations used
 * @param jitRatio share of the cores that JIT compilers of the stations took
 * @param foreignRatio the larger share of a core that went to processes that are not ours
 * @param spoiltBy why the window has to be repeated, or null
 */
record Measured(
        Window window,
        double utilisation,
        double jitRatio,
        double foreignRatio,
        @Nullable String spoiltBy) {
    /** CPU seconds of the system under test for one headline request; NaN without one. */
    double cpuSecondsPerRequest(int cores) {
        return window.servedPerSecond() > 0 ? utilisation * cores / window.servedPerSecond() : Double.NaN;
    }

    /** The same without what JIT compilers took. */
    double steadyCpuSecondsPerRequest(int cores) {
        return window.servedPerSecond() > 0 ? (utilisation - jitRatio) * cores / window.servedPerSecond() : Double.NaN;
    }

    /** 99th percentile from the intended start, 0 without a request. */
    double p99Seconds() {
        var corrected = window.latencySeconds().corrected();
        return corrected == null ? 0 : corrected.p99();
    }

    /** Median from the intended start, NaN without a request. */
    double p50Seconds() {
        var corrected = window.latencySeconds().corrected();
        return corrected == null ? Double.NaN : corrected.p50();
    }
}
