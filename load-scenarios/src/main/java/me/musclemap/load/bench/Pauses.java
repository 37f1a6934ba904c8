package me.musclemap.load.bench;

import java.util.concurrent.TimeUnit;

/** Waiting. */
final class Pauses {
    private Pauses() {}

    static void seconds(double seconds) {
        try {
            TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("interrupted");
        }
    }
}
