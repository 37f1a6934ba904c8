package me.musclemap.load.drive;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What the generator costs itself: a run that the generator spoilt says nothing about the target. Safe for use by several threads. */
final class SelfCheck {
    /**
     * A moment's readings.
     *
     * @param cpuNanos CPU time of this JVM so far
     */
    record Reading(long nanos, long cpuNanos, double gcSeconds) {
        /** Share of this JVM's cores that it used since {@code before}, 0 to 1. */
        double cpuRatioSince(Reading before) {
            var wall = (double) (nanos - before.nanos);
            return wall <= 0
                    ? 0
                    : (cpuNanos - before.cpuNanos) / wall / Runtime.getRuntime().availableProcessors();
        }

        double gcSecondsSince(Reading before) {
            return gcSeconds - before.gcSeconds;
        }
    }

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();

    Reading read() {
        var gcMillis = collectors.stream()
                .mapToLong(collector -> Math.max(0, collector.getCollectionTime()))
                .sum();
        return new Reading(System.nanoTime(), system.getProcessCpuTime(), gcMillis / 1000.0);
    }

    /** How many files and sockets this process may have open. */
    long mostFiles() {
        return system instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
    }

    /** How many it has open. */
    long openFiles() {
        return system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0;
    }
}
