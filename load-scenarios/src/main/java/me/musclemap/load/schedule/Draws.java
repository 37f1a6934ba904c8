package me.musclemap.load.schedule;

import java.util.random.RandomGenerator;

/**
 * A stream of random numbers whose whole state is one {@code long}, so that a million residents can each have their own.
 *
 * <p>Not safe for use by several threads. Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014
 * (SplitMix64).
 */
public final class Draws implements RandomGenerator {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private long state;

    /** The stream that starts at {@code state}. */
    public Draws(long state) {
        this.state = state;
    }

    @Override
    public long nextLong() {
        state += GOLDEN;
        return mixed(state);
    }

    long state() {
        return state;
    }

    /** Lets the stream go on from {@code newState}. */
    public void restart(long newState) {
        state = newState;
    }

    Draws from(long newState) {
        state = newState;
        return this;
    }

    /** A start for the stream of what {@code seed} and {@code number} name together. */
    public static long start(long seed, long number) {
        return mixed(mixed(seed + GOLDEN) + mixed(number * GOLDEN + 1));
    }

    private static long mixed(long value) {
        var z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
