package me.musclemap.load.drive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** What the generator costs itself: a run that the generator spoilt says nothing about the target. Safe for use by several threads. */
final class SelfCheck {
    /**
     * A moment's readings.
     *
     * @param cpuNanos CPU time of this JVM so far
     * @param longestPauseSeconds the longest pause for garbage since the last look of this kind
     */
    record Reading(long nanos, long cpuNanos, double gcSeconds, double longestPauseSeconds) {
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
    private final AtomicLong longestPauseMillis = new AtomicLong();

    SelfCheck() {
        for (var collector : collectors) {
            // What a collector does beside the program stops nobody.
            if (collector instanceof NotificationEmitter emitter
                    && !collector.getName().contains("Concurrent")) {
                emitter.addNotificationListener(
                        (notification, handback) -> paused((CompositeData) notification.getUserData()), null, null);
            }
        }
    }

    private void paused(CompositeData data) {
        var millis = GarbageCollectionNotificationInfo.from(data).getGcInfo().getDuration();
        longestPauseMillis.accumulateAndGet(millis, Math::max);
    }

    /** Forgets pauses so far: the next reading tells the longest from now on. */
    void forgetPauses() {
        longestPauseMillis.set(0);
    }

    Reading read() {
        var gcMillis = collectors.stream()
                .mapToLong(collector -> Math.max(0, collector.getCollectionTime()))
                .sum();
        return new Reading(
                System.nanoTime(), system.getProcessCpuTime(), gcMillis / 1000.0, longestPauseMillis.get() / 1000.0);
    }

    /** How many files and sockets this process may have open. */
    long mostFiles() {
        return system instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
    }

    /** What this JVM's heap holds when its garbage is gone, in bytes. Stops everything for as long as a collection takes. */
    static ObjectNode memory() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        var line = Reports.object();
        line.putObject("memory")
                .put("heapUsedBytes", memory.getHeapMemoryUsage().getUsed())
                .put("heapCommittedBytes", memory.getHeapMemoryUsage().getCommitted());
        return line;
    }

    /** How many it has open. */
    long openFiles() {
        return system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0;
    }
}
