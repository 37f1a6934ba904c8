package me.musclemap.rum.sketch;

import me.musclemap.rum.beacon.Rating;
import me.musclemap.rum.beacon.Vital;

/**
 * The values of one key: a sketch, and exact counts by rating, since a rating's bound falls inside a bucket of the
 * sketch. A cell of changes alone may hold negative counts. Not safe for use by many threads.
 */
public final class Cell {
    private final Sketch sketch;
    private final long[] ratings = new long[Rating.values().length];
    private long views;

    /** Nothing yet. */
    public Cell() {
        this(new Sketch());
    }

    private Cell(Sketch sketch) {
        this.sketch = sketch;
    }

    /** A cell as it was stored: {@link #views()}, the units of good, needs-improvement and poor, and the sketch's bytes. */
    public static Cell of(long views, long good, long needsImprovement, long poor, byte[] sketch) {
        var cell = new Cell(Sketch.decode(sketch));
        cell.views = views;
        cell.ratings[0] = good;
        cell.ratings[1] = needsImprovement;
        cell.ratings[2] = poor;
        return cell;
    }

    /** Puts a value in, or with a {@code sign} of -1 takes it out. */
    public void change(Vital vital, double value, int sign, long units) {
        sketch.add(value, sign * units);
        ratings[index(vital.rate(value))] += sign * units;
        views += sign;
    }

    /** Adds all of another cell to this one. */
    public void merge(Cell other) {
        sketch.merge(other.sketch);
        for (int i = 0; i < ratings.length; i++) {
            ratings[i] += other.ratings[i];
        }
        views += other.views;
    }

    /** How many values were measured. */
    public long views() {
        return views;
    }

    /** How many page views they stand for: more than were measured, where only a share is. */
    public long count() {
        return sketch.count();
    }

    /** The page views of this rating, of {@value Sketch#UNITS} units each; exact. */
    public long units(Rating rating) {
        return ratings[index(rating)];
    }

    /** How many page views have this rating; exact. */
    public long count(Rating rating) {
        return Math.round((double) units(rating) / Sketch.UNITS);
    }

    /** The share of page views with this rating, 0 to 1; zero if there are none. */
    public double share(Rating rating) {
        return sketch.units() == 0 ? 0 : (double) units(rating) / sketch.units();
    }

    /** See {@link Sketch#quantile}. */
    public double quantile(double share) {
        return sketch.quantile(share);
    }

    /** The values by size. */
    public Sketch sketch() {
        return sketch;
    }

    private static int index(Rating rating) {
        return switch (rating) {
            case GOOD -> 0;
            case NEEDS_IMPROVEMENT -> 1;
            case POOR -> 2;
        };
    }
}
