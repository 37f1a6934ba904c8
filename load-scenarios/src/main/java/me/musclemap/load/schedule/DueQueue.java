package me.musclemap.load.schedule;

import java.util.Arrays;

/** Residents by the time at which they are next due: a binary heap over two arrays. Not safe for use by several threads. */
final class DueQueue {
    private long[] dues = new long[1024];
    private Resident[] residents = new Resident[1024];
    private int size;

    int size() {
        return size;
    }

    /** When the first is due; {@link Long#MAX_VALUE} when none is. */
    long firstDue() {
        return size == 0 ? Long.MAX_VALUE : dues[0];
    }

    void add(Resident resident, long due) {
        if (size == dues.length) {
            dues = Arrays.copyOf(dues, 2 * size);
            residents = Arrays.copyOf(residents, 2 * size);
        }
        var at = size++;
        while (at > 0) {
            var parent = (at - 1) >>> 1;
            if (dues[parent] <= due) {
                break;
            }
            dues[at] = dues[parent];
            residents[at] = residents[parent];
            at = parent;
        }
        dues[at] = due;
        residents[at] = resident;
    }

    Resident removeFirst() {
        if (size == 0) {
            throw new IllegalStateException("nothing is due");
        }
        var first = residents[0];
        var due = dues[--size];
        var resident = residents[size];
        var at = 0;
        for (var child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && dues[child + 1] < dues[child]) {
                child++;
            }
            if (due <= dues[child]) {
                break;
            }
            dues[at] = dues[child];
            residents[at] = residents[child];
            at = child;
        }
        dues[at] = due;
        residents[at] = resident;
        return first;
    }
}
