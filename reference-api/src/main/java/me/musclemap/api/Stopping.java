package me.musclemap.api;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Starts something that must be closed on every way out: a signal in the middle of its start included. */
final class Stopping {
    private Stopping() {}

    /** Starts with {@code starter}; the end of this program waits for the start to finish or fail, then closes it. */
    static <T extends AutoCloseable> T start(Supplier<T> starter) {
        var lock = new Object();
        var ending = new AtomicBoolean();
        var started = new java.util.concurrent.atomic.AtomicReference<T>();
        Thread starting = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(lock, ending, started, starting), "stop"));
        synchronized (lock) {
            if (ending.get()) {
                throw Problem.failed("stopped while starting");
            }
            T value = starter.get();
            started.set(value);
            return value;
        }
    }

    private static <T extends AutoCloseable> void close(
            Object lock,
            AtomicBoolean ending,
            java.util.concurrent.atomic.AtomicReference<T> started,
            Thread starting) {
        ending.set(true);
        if (started.get() == null) {
            starting.interrupt(); // waiting for a child or a lock ends with this
        }
        synchronized (lock) {
            T value = started.get();
            if (value == null) {
                return;
            }
            try {
                value.close();
            } catch (Exception e) {
                System.err.println("while stopping: " + e.getMessage());
            }
        }
    }
}
