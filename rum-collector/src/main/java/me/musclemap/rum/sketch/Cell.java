package me.musclemap.rum.sketch;

import me.musclemap.rum.beacon.Rating;
import me.musclemap.rum.beacon.Vital;

/**
 * The values of one key: a sketch, and exact counts by rating, since a rating's bound falls inside a bucket of the
 * sketch. Not safe for use by many threads.
 */
public final class Cell {
    private final Sketch sketch = new Sketch();
    private final long[] ratings = new long[Rating.values().length];

    void add(Vital vital, double value) {
        sketch.add(value);
        count(vital.rate(value), 1);
    }

    void remove(Vital vital, double value) {
        sketch.remove(value);
        count(vital.rate(value), -1);
    }

    /** Adds all of another cell to this one. */
    public void merge(Cell other) {
        sketch.merge(other.sketch);
        for (int i = 0; i < ratings.length; i++) {
            ratings[i] += other.ratings[i];
        }
    }

    /** How many values. */
    public long count() {
        return sketch.count();
    }

    /** How many of them have this rating; exact. */
    public long count(Rating rating) {
        return ratings[index(rating)];
    }

    /** See {@link Sketch#quantile}. */
    public double quantile(double share) {
        return sketch.quantile(share);
    }

    private void count(Rating rating, int change) {
        ratings[index(rating)] += change;
    }

    private static int index(Rating rating) {
        return switch (rating) {
            case GOOD -> 0;
            case NEEDS_IMPROVEMENT -> 1;
            case POOR -> 2;
        };
    }
}
