package me.musclemap.capacity.simulate;

import java.util.Arrays;

/** Events by time, the earliest first; each is a number. Not thread-safe. */
final class EventHeap {
    private double[] time = new double[64];
    private int[] event = new int[64];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Time of the earliest event; there must be one. */
    double firstTime() {
        return time[0];
    }

    void add(double at, int what) {
        if (size == time.length) {
            time = Arrays.copyOf(time, 2 * size);
            event = Arrays.copyOf(event, 2 * size);
        }
        int child = size++;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (time[parent] <= at) {
                break;
            }
            time[child] = time[parent];
            event[child] = event[parent];
            child = parent;
        }
        time[child] = at;
        event[child] = what;
    }

    /** Takes the earliest event out. */
    int removeFirst() {
        int first = event[0];
        double at = time[--size];
        int what = event[size];
        int parent = 0;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && time[child + 1] < time[child]) {
                child++;
            }
            if (time[child] >= at) {
                break;
            }
            time[parent] = time[child];
            event[parent] = event[child];
            parent = child;
        }
        time[parent] = at;
        event[parent] = what;
        return first;
    }
}
