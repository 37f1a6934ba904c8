package me.musclemap.capacity.simulate;

import java.util.Arrays;

/** Small numbers to lend out, each to one holder at a time. Not thread-safe. */
final class IndexPool {
    private int[] returned = new int[64];
    private int size;
    private int fresh;

    /** The number given back last, or the next that was never lent. */
    int take() {
        return size > 0 ? returned[--size] : fresh++;
    }

    void give(int index) {
        if (size == returned.length) {
            returned = Arrays.copyOf(returned, 2 * size);
        }
        returned[size++] = index;
    }
}
