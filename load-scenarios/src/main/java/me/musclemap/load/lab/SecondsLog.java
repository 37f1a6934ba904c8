package me.musclemap.load.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import me.musclemap.load.scenario.Second;

/** Every second that the generator told, in its order, and whoever else wants to see it. Thread-safe. */
final class SecondsLog implements Consumer<Second> {
    private static final double SLIP_SECONDS = 0.020;

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

    /** Those that began at this moment or later. */
    synchronized List<Second> since(long epochMillis) {
        return seconds.stream()
                .filter(second -> second.epochMillis() >= epochMillis)
                .toList();
    }
}
