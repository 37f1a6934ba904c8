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
    private final TreeMap<Long, Map<K, Sum<K, V>>> times = new TreeMap<>();
    private final int max;
    private final Supplier<V> empty;
    private final UnaryOperator<K> overflow;
    private int size;
    private long overflowed;
    private long recentTime;
    private @Nullable Map<K, Sum<K, V>> recent;

    /** What is added up under a key: the one instance of that key that is kept. */
    record Sum<K, V>(K key, V value) {}

    Intervals(int max, Supplier<V> empty, UnaryOperator<K> overflow) {
        this.max = max;
        this.empty = empty;
        this.overflow = overflow;
    }

    /** The sum of a key, made if absent; if there is no room for it, that of the key that stands for others. */
    Sum<K, V> sum(long time, K wanted) {
        Map<K, Sum<K, V>> ofTime = at(time);
        Sum<K, V> known = ofTime.get(wanted);
        if (known != null) {
            return known;
        }
        if (size < max) {
            return made(ofTime, wanted);
        }
        overflowed++;
        K other = overflow.apply(wanted);
        Sum<K, V> others = ofTime.get(other);
        return others == null ? made(ofTime, other) : others;
    }

    /** Most values are of the time that the one before was of. */
    private Map<K, Sum<K, V>> at(long time) {
        if (recent == null || recentTime != time) {
            recent = times.computeIfAbsent(time, t -> new HashMap<>());
            recentTime = time;
        }
        return recent;
    }

    private Sum<K, V> made(Map<K, Sum<K, V>> ofTime, K key) {
        var sum = new Sum<>(key, empty.get());
        ofTime.put(key, sum);
        size++;
        return sum;
    }

    @Nullable
    V get(long time, K key) {
        Map<K, Sum<K, V>> ofTime = times.get(time);
        Sum<K, V> sum = ofTime == null ? null : ofTime.get(key);
        return sum == null ? null : sum.value;
    }

    /** Takes out all that is older than {@code time}, and shows it. */
    void before(long time, Visitor<K, V> visitor) {
        while (!times.isEmpty() && times.firstKey() < time) {
            recent = null;
            var oldest = Objects.requireNonNull(times.pollFirstEntry());
            size -= oldest.getValue().size();
            oldest.getValue().values().forEach(sum -> visitor.see(oldest.getKey(), sum.key, sum.value));
        }
    }

    /** Shows what is there from time to time, both included. */
    void forEach(long first, long last, Visitor<K, V> visitor) {
        if (first <= last) {
            NavigableMap<Long, Map<K, Sum<K, V>>> span = times.subMap(first, true, last, true);
            span.forEach((time, sums) -> sums.values().forEach(sum -> visitor.see(time, sum.key, sum.value)));
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
