package me.musclemap.rum.sketch;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Sums by time and key, at most so many; what has no room goes under a key that stands for others. Not thread-safe. */
final class Intervals<K, V> {
    private final TreeMap<Long, Map<K, V>> times = new TreeMap<>();
    private final int max;
    private final Supplier<V> empty;
    private final UnaryOperator<K> overflow;
    private int size;
    private long overflowed;

    Intervals(int max, Supplier<V> empty, UnaryOperator<K> overflow) {
        this.max = max;
        this.empty = empty;
        this.overflow = overflow;
    }

    /** The key that has room at this time: {@code wanted}, or the one that stands for others. */
    K room(long time, K wanted) {
        Map<K, V> ofTime = times.get(time);
        if (size < max || (ofTime != null && ofTime.containsKey(wanted))) {
            return wanted;
        }
        overflowed++;
        return overflow.apply(wanted);
    }

    /** The sum of a key, made if absent. */
    V at(long time, K key) {
        Map<K, V> ofTime = times.computeIfAbsent(time, t -> new HashMap<>());
        V sum = ofTime.get(key);
        if (sum == null) {
            sum = empty.get();
            ofTime.put(key, sum);
            size++;
        }
        return sum;
    }

    @Nullable
    V get(long time, K key) {
        Map<K, V> ofTime = times.get(time);
        return ofTime == null ? null : ofTime.get(key);
    }

    /** Takes out all that is older than {@code time}, and shows it. */
    void before(long time, Visitor<K, V> visitor) {
        while (!times.isEmpty() && times.firstKey() < time) {
            var oldest = Objects.requireNonNull(times.pollFirstEntry());
            size -= oldest.getValue().size();
            oldest.getValue().forEach((key, sum) -> visitor.see(oldest.getKey(), key, sum));
        }
    }

    /** Shows what is there from time to time, both included. */
    void forEach(long first, long last, Visitor<K, V> visitor) {
        if (first <= last) {
            NavigableMap<Long, Map<K, V>> span = times.subMap(first, true, last, true);
            span.forEach((time, sums) -> sums.forEach((key, sum) -> visitor.see(time, key, sum)));
        }
    }

    int size() {
        return size;
    }

    long overflowed() {
        return overflowed;
    }

    interface Visitor<K, V> {
        void see(long time, K key, V sum);
    }
}
