package me.musclemap.api.cost;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one thread of a Node process, as far as its load goes: whoever works in it keeps all others waiting, in the order in
 * which they came. Safe for use by many threads, which must not be virtual ones.
 */
public final class EventLoop {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ReentrantLock turn = new ReentrantLock(true);

    /** The CPU that this thread has used so far, in nanoseconds. */
    static long threadCpuNanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** Does {@code work} while nobody else works in it. */
    public <T> T hold(Callable<T> work) throws Exception {
        turn.lock();
        try {
            return work.call();
        } finally {
            turn.unlock();
        }
    }

    /** Uses {@code nanos} of CPU while nobody else works in it. */
    void burn(long nanos) {
        if (nanos <= 0) {
            return;
        }
        turn.lock();
        try {
            long until = threadCpuNanos() + nanos;
            long mixed = nanos;
            while (threadCpuNanos() < until) {
                for (int i = 0; i < 2_000; i++) {
                    mixed = mixed * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
                }
            }
            sink = mixed;
        } finally {
            turn.unlock();
        }
    }

    /** Where the result of burning goes, so that no compiler leaves the work out. */
    @SuppressWarnings("unused")
    private volatile long sink;
}
