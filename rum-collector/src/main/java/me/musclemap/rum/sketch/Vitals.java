package me.musclemap.rum.sketch;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.spool.KeptBeacon;
import org.jspecify.annotations.Nullable;

/**
 * All cells: by the minute for the last hours, by the hour before that. Everything is bounded: past a limit, values go
 * under the route {@value CellKey#OTHER} and are counted as such. Applying the same beacons in the same order gives the
 * same cells. Safe for use by many threads.
 */
public final class Vitals {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final Limits limits;
    private final TreeMap<Long, Map<CellKey, Cell>> minutes = new TreeMap<>();
    private final TreeMap<Long, Map<CellKey, Cell>> hours = new TreeMap<>();
    private final Set<String> routes = new HashSet<>();
    private final Set<String> releases = new HashSet<>();
    private final Map<Long, Known> known;
    private int cells;
    private long overflowedByRoutes;
    private long overflowedByCells;

    /**
     * What is kept.
     *
     * @param cells of all minutes and hours together
     * @param ids that a repeated value is told by
     * @param minutesKept by the minute, before they are added up to hours
     * @param hoursKept by the hour, before they are dropped
     */
    public record Limits(int routes, int releases, int cells, int ids, int minutesKept, int hoursKept) {
        /** 200 routes, 20 releases, 20,000 cells, 131,072 ids, two hours by the minute, a week by the hour. */
        public static final Limits DEFAULT = new Limits(200, 20, 20_000, 1 << 17, 120, 7 * 24);
    }

    /**
     * What became of the values of a beacon.
     *
     * @param impossible changes that would have made a value no page can have measured
     */
    public record Applied(int stored, int updated, int duplicates, int impossible) {}

    /** The value of an id as it stands, and the cell that it is in. */
    private record Known(double value, long sentAtMillis, long minute, CellKey key) {}

    /** Nothing yet. */
    public Vitals(Limits limits) {
        this.limits = limits;
        known = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Known> eldest) {
                return size() > limits.ids;
            }
        };
    }

    /** Takes in the values of one beacon. */
    public synchronized Applied apply(KeptBeacon beacon) {
        int stored = 0;
        int updated = 0;
        int duplicates = 0;
        int impossible = 0;
        long minute = Math.floorDiv(beacon.receivedMillis(), MINUTE);
        for (KeptBeacon.Value value : beacon.values()) {
            long id = value.idHash() * 31 + value.vital().name().hashCode();
            Known before = known.get(id);
            if (before != null && isRepeated(before, value)) {
                duplicates++;
                continue;
            }
            double whole = value.isDelta() && before != null ? before.value + value.value() : value.value();
            if (!value.vital().isPossible(whole)) {
                impossible++;
            } else if (before != null && replace(before, value, whole)) {
                known.put(id, new Known(whole, value.sentAtMillis(), before.minute, before.key));
                updated++;
            } else {
                CellKey key = put(minute, key(beacon, value), value.vital(), whole);
                known.put(id, new Known(whole, value.sentAtMillis(), minute, key));
                stored++;
            }
        }
        age(minute);
        return new Applied(stored, updated, duplicates, impossible);
    }

    private static boolean isRepeated(Known before, KeptBeacon.Value value) {
        return value.isDelta()
                ? value.sentAtMillis() != 0 && value.sentAtMillis() == before.sentAtMillis
                : value.value() == before.value;
    }

    /** Puts the new value where the old one is, unless its cell is gone. */
    private boolean replace(Known before, KeptBeacon.Value value, double whole) {
        Cell cell = cell(minutes.get(before.minute), before.key);
        if (cell == null) {
            cell = cell(hours.get(before.minute / 60), before.key);
        }
        if (cell == null) {
            return false;
        }
        cell.remove(value.vital(), before.value);
        cell.add(value.vital(), whole);
        return true;
    }

    private static @Nullable Cell cell(@Nullable Map<CellKey, Cell> cells, CellKey key) {
        return cells == null ? null : cells.get(key);
    }

    private CellKey key(KeptBeacon beacon, KeptBeacon.Value value) {
        String route = beacon.route();
        if (!routes.contains(route)) {
            if (routes.size() < limits.routes) {
                routes.add(route);
            } else {
                route = CellKey.OTHER;
                overflowedByRoutes++;
            }
        }
        String release = beacon.release();
        if (!releases.contains(release)) {
            if (releases.size() < limits.releases) {
                releases.add(release);
            } else {
                release = CellKey.OTHER;
            }
        }
        return new CellKey(
                beacon.sender(),
                route,
                value.vital(),
                value.navigation(),
                beacon.device(),
                beacon.connection(),
                release);
    }

    private CellKey put(long minute, CellKey wanted, Vital vital, double value) {
        Map<CellKey, Cell> ofMinute = minutes.computeIfAbsent(minute, m -> new HashMap<>());
        CellKey key = wanted;
        if (!ofMinute.containsKey(key) && cells >= limits.cells) {
            key = key.overflow();
            overflowedByCells++;
        }
        Cell cell = ofMinute.get(key);
        if (cell == null) {
            cell = new Cell();
            ofMinute.put(key, cell);
            cells++;
        }
        cell.add(vital, value);
        return key;
    }

    /** Adds old minutes up to hours, and drops old hours. */
    private void age(long minute) {
        while (!minutes.isEmpty() && minutes.firstKey() < minute - limits.minutesKept) {
            var oldest = Objects.requireNonNull(minutes.pollFirstEntry());
            Map<CellKey, Cell> hour = hours.computeIfAbsent(oldest.getKey() / 60, h -> new HashMap<>());
            oldest.getValue().forEach((key, cell) -> {
                Cell sum = hour.putIfAbsent(key, cell);
                if (sum != null) {
                    sum.merge(cell);
                    cells--;
                }
            });
        }
        while (!hours.isEmpty() && hours.firstKey() < minute / 60 - limits.hoursKept) {
            cells -= Objects.requireNonNull(hours.pollFirstEntry()).getValue().size();
        }
    }

    /**
     * Shows every cell whose time overlaps the span. The cells are only good during the call.
     *
     * @param fromMillis first moment, rounded down to the minute or hour
     * @param toMillis the moment after the last
     */
    public synchronized void forEach(long fromMillis, long toMillis, BiConsumer<CellKey, Cell> visitor) {
        visit(minutes, Math.floorDiv(fromMillis, MINUTE), Math.floorDiv(toMillis - 1, MINUTE), visitor);
        visit(hours, Math.floorDiv(fromMillis, HOUR), Math.floorDiv(toMillis - 1, HOUR), visitor);
    }

    private static void visit(
            NavigableMap<Long, Map<CellKey, Cell>> times, long first, long last, BiConsumer<CellKey, Cell> visitor) {
        if (first <= last) {
            times.subMap(first, true, last, true).values().forEach(cellsOfTime -> cellsOfTime.forEach(visitor));
        }
    }

    /** Cells in memory. */
    public synchronized int cells() {
        return cells;
    }

    /** Values under the overflow route because there were too many routes. */
    public synchronized long overflowedByRoutes() {
        return overflowedByRoutes;
    }

    /** Values under the overflow route because there were too many cells. */
    public synchronized long overflowedByCells() {
        return overflowedByCells;
    }
}
