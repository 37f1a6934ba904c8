package me.musclemap.load.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import me.musclemap.load.scenario.Second;

/** Every second that the generator told, in its order, and whoever else wants to see it. Thread-safe. */
final class SecondsLog implements Consumer<Second> {
    private static final double SLIP_SECONDS = 0.020;

    /** After so long every request was answered, or its user has given up. */
    private static final int SETTLED_AFTER_SECONDS = 12;

    private final List<Second> seconds = new ArrayList<>();
    private final List<Consumer<Second>> viewers = new ArrayList<>();

    SecondsLog(Progress progress) {
        viewers.add(second -> progress.second(new Progress.Second(
                second.offered(),
                second.served(),
                second.p99Seconds(),
                second.cpuRatio(),
                Double.isNaN(second.slipP99Seconds()) || second.slipP99Seconds() < SLIP_SECONDS)));
    }

    /** Shows every second from now on to one more. */
    synchronized void show(Consumer<Second> viewer) {
        viewers.add(viewer);
    }

    @Override
    public synchronized void accept(Second second) {
        seconds.add(second);
        viewers.forEach(viewer -> viewer.accept(second));
    }

    /** Rests until nothing is left of what was driven before: a backlog would be the next stretch's. */
    void settle(Windows windows) {
        windows.rest(1);
        for (int i = 0; i < SETTLED_AFTER_SECONDS && inFlight() > 0; i++) {
            windows.rest(1);
        }
    }

    private int inFlight() {
        var last = since(System.currentTimeMillis() - 2500);
        return last.isEmpty() ? 0 : last.get(last.size() - 1).inFlight();
    }

    /** Those that began at this moment or later. */
    synchronized List<Second> since(long epochMillis) {
        return seconds.stream()
                .filter(second -> second.epochMillis() >= epochMillis)
                .toList();
    }
}
