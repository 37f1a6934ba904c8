package me.musclemap.load.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rates tried from the lowest up, each of which held or not, until two in a row did not. Not thread-safe. */
final class Ladder {
    /** One was chance. */
    private static final int MISSES = 2;

    private final List<Level> levels = new ArrayList<>();

    /**
     * A rate that was tried.
     *
     * @param lateSeconds how late requests left, p99
     * @param sentRatio requests sent over requests that were due, 0 to 1
     * @param cpuRatio share of its core that the generator used
     */
    record Level(double perSecond, double lateSeconds, double sentRatio, double cpuRatio, boolean held) {
        static Level of(double perSecond, double lateSeconds, double sentRatio, double cpuRatio, double limitSeconds) {
            return new Level(
                    perSecond, lateSeconds, sentRatio, cpuRatio, lateSeconds < limitSeconds && sentRatio >= 0.98);
        }
    }

    void add(Level level) {
        levels.add(level);
    }

    /** Whether higher rates need not be tried. */
    boolean isOver() {
        int last = levels.size();
        return last >= MISSES && levels.subList(last - MISSES, last).stream().noneMatch(Level::held);
    }

    /** The highest rate that held; empty when none did. */
    Optional<Level> ceiling() {
        Optional<Level> highest = Optional.empty();
        int missed = 0;
        for (var level : levels) {
            missed = level.held() ? 0 : missed + 1;
            if (missed == MISSES) {
                break;
            }
            highest = level.held() ? Optional.of(level) : highest;
        }
        return highest;
    }

    List<Level> levels() {
        return List.copyOf(levels);
    }

    /** Rates from one to another in steps of so many percent, whole numbers. */
    static List<Integer> rates(int from, int to, double percent) {
        var rates = new ArrayList<Integer>();
        for (double rate = from; rate <= to; rate *= 1 + percent / 100) {
            rates.add((int) Math.round(rate));
        }
        return rates;
    }
}
