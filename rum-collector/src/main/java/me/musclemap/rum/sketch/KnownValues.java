package me.musclemap.rum.sketch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of the last ids, at most so many: the id that came first makes room. Columns instead of objects, since each
 * beacon would else leave several behind that live for minutes. Not safe for use by many threads.
 */
final class KnownValues {
    private static final int NONE = -1;

    private final int max;
    private final long[] ids;
    private final long[] sentAtMillis;
    private final double[] values;
    private final long[] minutes;
    private final long[] units;
    private final int[] groups;
    private final @Nullable CellKey[] keys;
    private final @Nullable String[] targets;
    /** Where an id is found: open addressing, a power of two of places, at most half of them taken. */
    private final int[] places;

    private int next;
    private int size;

    /** Room for {@code max} ids. */
    KnownValues(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("room for " + max + " ids: use at least 1");
        }
        this.max = max;
        ids = new long[max];
        sentAtMillis = new long[max];
        values = new double[max];
        minutes = new long[max];
        units = new long[max];
        groups = new int[max];
        keys = new CellKey[max];
        targets = new String[max];
        places = new int[Integer.highestOneBit(max) * 4];
        Arrays.fill(places, NONE);
    }

    /** Where the value of this id is; negative if it is not known. */
    int find(long id) {
        for (int place = place(id); places[place] != NONE; place = after(place)) {
            if (ids[places[place]] == id) {
                return places[place];
            }
        }
        return NONE;
    }

    /** Makes room for an id that is not known, and says where. */
    int add(long id) {
        int at = next;
        next = next + 1 == max ? 0 : next + 1;
        if (size == max) {
            forget(ids[at]);
        } else {
            size++;
        }
        ids[at] = id;
        int place = place(id);
        while (places[place] != NONE) {
            place = after(place);
        }
        places[place] = at;
        return at;
    }

    void set(int at, long sentAt, Change put) {
        sentAtMillis[at] = sentAt;
        values[at] = put.value();
        minutes[at] = put.minute();
        units[at] = put.units();
        groups[at] = put.group();
        keys[at] = put.key();
        targets[at] = put.target();
    }

    long sentAtMillis(int at) {
        return sentAtMillis[at];
    }

    double value(int at) {
        return values[at];
    }

    /** The value as it was counted in. */
    Change put(int at) {
        CellKey key = keys[at];
        String target = targets[at];
        if (key == null || target == null) {
            throw new IllegalStateException("no value at " + at);
        }
        return new Change(minutes[at], key, values[at], 1, units[at], groups[at], target);
    }

    /** Source: Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithm R: no marks stay behind. */
    private void forget(long id) {
        int hole = place(id);
        while (ids[places[hole]] != id) {
            hole = after(hole);
        }
        for (int place = after(hole); places[place] != NONE; place = after(place)) {
            int wanted = place(ids[places[place]]);
            boolean isBehindHole = hole <= place ? wanted <= hole || wanted > place : wanted <= hole && wanted > place;
            if (isBehindHole) {
                places[hole] = places[place];
                hole = place;
            }
        }
        places[hole] = NONE;
    }

    private int place(long id) {
        long mixed = id * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 32) & (places.length - 1);
    }

    private int after(int place) {
        return (place + 1) & (places.length - 1);
    }
}
