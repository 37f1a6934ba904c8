package me.musclemap.capacity.network;

import java.util.Arrays;

/**
 * Asymptotic bounds on the throughput of one class over stations of one server each.
 *
 * <p>Source: E. D. Lazowska and others, Quantitative System Performance, 1984, chapter 5.
 *
 * @param lowerPerSecond every user waits for all the others at every station
 * @param upperPerSecond nobody waits, or the busiest station is always busy
 * @param users where the two parts of the upper bound meet
 */
public record Bounds(double lowerPerSecond, double upperPerSecond, double users) {
    /**
     * Bounds for {@code population} users.
     *
     * @throws IllegalArgumentException if no station has a demand
     */
    public static Bounds of(double population, double[] demandSeconds, double thinkSeconds) {
        double total = Arrays.stream(demandSeconds).sum();
        double largest = Arrays.stream(demandSeconds).max().orElse(0);
        if (!(largest > 0)) {
            throw new IllegalArgumentException("demand=" + Arrays.toString(demandSeconds)
                    + ": without a demand there is no bound; give seconds above 0 for a station");
        }
        double lower = population == 0 ? 0 : population / (thinkSeconds + population * total);
        double upper = Math.min(1 / largest, population / (thinkSeconds + total));
        return new Bounds(lower, upper, (thinkSeconds + total) / largest);
    }
}
