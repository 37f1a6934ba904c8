package me.musclemap.rum.store;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.CellKey;
import me.musclemap.rum.sketch.Change;
import me.musclemap.rum.sketch.Counts;
import me.musclemap.rum.sketch.Culprit;
import me.musclemap.rum.sketch.CulpritKey;
import me.musclemap.rum.sketch.GroupKey;

/**
 * The changes of some records, added up by cell: what one transaction writes. Keys in a minute are bounded; what has no
 * room goes under a key that stands for others. Not safe for use by many threads.
 */
final class Batch implements Counts {
    private static final int KEYS_IN_A_MINUTE_MAX = 20_000;
    private static final int MINUTES_SEEN = 3;

    /** By minute, each key with the one instance of it that is kept: many values hold on to theirs. */
    private final TreeMap<Long, Map<CellKey, CellKey>> seen = new TreeMap<>();

    private final Map<At<CellKey>, Cell> cells = new HashMap<>();
    private final Map<At<GroupKey>, Cell> groups = new HashMap<>();
    private final Map<At<CulpritKey>, Culprit> culprits = new HashMap<>();
    private long overflowed;

    /** A key in a minute or an hour since 1970. */
    record At<K>(long time, K key) {}

    @Override
    public CellKey put(Change wanted) {
        CellKey key = bounded(wanted.minute(), wanted.key());
        add(wanted.withKey(key));
        return key;
    }

    private CellKey bounded(long minute, CellKey key) {
        Map<CellKey, CellKey> keys = seen.computeIfAbsent(minute, m -> new HashMap<>());
        CellKey known = keys.get(key);
        if (known != null) {
            return known;
        }
        if (keys.size() >= KEYS_IN_A_MINUTE_MAX) {
            overflowed++;
            return key.overflow();
        }
        keys.put(key, key);
        return key;
    }

    @Override
    public boolean take(Change change) {
        add(change.undone());
        return true;
    }

    private void add(Change change) {
        CellKey key = change.key();
        long hour = Math.floorDiv(change.minute(), 60);
        cells.computeIfAbsent(new At<>(change.minute(), key), k -> new Cell())
                .change(key.vital(), change.value(), change.sign(), change.units());
        if (change.isComparable()) {
            groups.computeIfAbsent(new At<>(hour, change.groupKey()), k -> new Cell())
                    .change(key.vital(), change.value(), change.sign(), change.units());
        }
        if (!change.target().isEmpty()) {
            culprits.computeIfAbsent(new At<>(hour, change.culpritKey()), k -> new Culprit())
                    .add(change.signedUnits(), change.signedPoorUnits());
        }
    }

    @Override
    public void reach(long minute) {
        while (seen.size() > MINUTES_SEEN) {
            seen.pollFirstEntry();
        }
    }

    Map<At<CellKey>, Cell> cells() {
        return cells;
    }

    Map<At<GroupKey>, Cell> groups() {
        return groups;
    }

    Map<At<CulpritKey>, Culprit> culprits() {
        return culprits;
    }

    /** Forgets the changes, not the keys. */
    void written() {
        cells.clear();
        groups.clear();
        culprits.clear();
    }

    long overflowed() {
        return overflowed;
    }
}
